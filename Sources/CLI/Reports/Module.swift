import Graph

extension Node {
  /// The module that the node was exported from, as far as the file tells; nil where it does not.
  ///
  /// PyTorch's exporter keeps the nested modules as metadata; older ones keep them in the name, so that
  /// `/a/b/Conv` is in `a/b`.
  var module: String? {
    if let scopes = metadata.first(where: { $0.key == "pkg.torch.onnx.name_scopes" })?.value {
      let pieces = scopes.split(separator: "'", omittingEmptySubsequences: false)
      // Every other piece is a name; the last name is the operator's, and that before it the module's.
      let names = pieces.indices.filter { $0 % 2 == 1 }.map { pieces[$0] }
      if let module = names.dropLast().last, !module.isEmpty { return String(module) }
    }
    guard let end = name.lastIndex(of: "/") else { return nil }
    let path = name[..<end].drop { $0 == "/" }
    return path.isEmpty ? nil : String(path)
  }
}
