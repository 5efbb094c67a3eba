import Rules

/// Models that are left out where a folder stands for those within.
struct Exclusion: Hashable, Sendable {
  private let glob: Glob
  /// The folder that the glob is seen from.
  private let folder: FilePath

  init(_ text: String, from folder: FilePath) {
    // A folder is often written with the slash that it ends with.
    glob = Glob(text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text)
    self.folder = folder
  }

  /// Whether the file or folder at `place` is meant, or one that it is in.
  func covers(_ place: FilePath) -> Bool {
    var path = place.relative(to: folder)[...]
    while true {
      if glob.matches(String(path)) { return true }
      guard let slash = path.lastIndex(of: "/") else { return false }
      path = path[..<slash]
    }
  }
}
