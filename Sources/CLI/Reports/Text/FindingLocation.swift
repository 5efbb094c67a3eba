import Graph
import Rules

extension Finding {
  /// Where a reader of the repository sees the finding: the line of Python that the node was exported from, where that
  /// file is in this folder or below, else the model's file.
  func location(in model: String) -> (path: String, line: Int?) {
    let place = places.first
    if let source = place?.source {
      let file = FilePath(source.file)
      let path = file.relative(to: .current)
      if !path.hasPrefix(".."), file.exists { return (path, source.line) }
    }
    return (model, place?.line)
  }
}
