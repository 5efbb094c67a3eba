import Graph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files that the words of a command line stand for.
struct Inputs {
  /// In the order of the command line; those of a folder sorted by the bytes of their names.
  private(set) var paths: [String] = []
  /// What the user should know, as sentences.
  private(set) var warnings: [String] = []

  /// A folder stands for the models within; without words, the current folder does.
  ///
  /// Paths are written as they were given. A file that is not there is kept, to be reported. Of the files and folders
  /// within a folder, given with their paths, those are left out of which `isExcluded` is true.
  init(
    _ words: [String], leavingOut isExcluded: (String) throws(UsageError) -> Bool = { _ in false }
  ) throws(UsageError) {
    for word in words.isEmpty ? ["."] : words {
      guard word != "-", FileStatus(word)?.isFolder == true else {
        paths.append(word)
        continue
      }
      var walk = Walk()
      try walk.visit(word == "." ? "" : word, leavingOut: isExcluded)
      paths += walk.found
      warnings += walk.warnings
      if walk.found.isEmpty && walk.warnings.isEmpty {
        warnings.append(
          "no models in '\(word)'" + (walk.hasExcluded ? " but those that are excluded" : ""))
      }
    }
  }
}

/// A walk through a folder and those within.
private struct Walk {
  var found: [String] = []
  var warnings: [String] = []
  var hasExcluded = false
  private var visited: Set<FileStatus.Identity> = []
  private var depth = 0

  /// Deeper folders than this are not made by people.
  private static let maximumDepth = 128

  /// Walks the folder at `path`, which is empty for the current one.
  ///
  /// A folder met twice, through a symbolic link, is walked once.
  mutating func visit(
    _ path: String, leavingOut isExcluded: (String) throws(UsageError) -> Bool
  ) throws(UsageError) {
    guard let folder = FileStatus(path.isEmpty ? "." : path), depth < Self.maximumDepth,
      visited.insert(folder.identity).inserted
    else { return }
    guard let names = names(in: path.isEmpty ? "." : path) else {
      warnings.append("cannot read the folder '\(path)'")
      return
    }
    depth += 1
    defer { depth -= 1 }
    let prefix = path.isEmpty || path.hasSuffix("/") ? path : path + "/"
    for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      guard let status = FileStatus(prefix + name) else {
        // A link that leads nowhere is no model; a name that cannot be written may well be one.
        if name.contains(unreadableCharacter), Self.isModel(name) { found.append(prefix + name) }
        continue
      }
      let isWanted =
        status.isFolder ? !Self.isSkipped(name) : status.isFile && Self.isModel(name)
      guard isWanted else { continue }
      if try isExcluded(prefix + name) {
        hasExcluded = true
      } else if status.isFolder {
        try visit(prefix + name, leavingOut: isExcluded)
      } else {
        found.append(prefix + name)
      }
    }
  }

  private static func isSkipped(_ name: String) -> Bool {
    name == ".git" || name == ".venv" || name == "node_modules" || name.hasPrefix(".build")
  }

  private static func isModel(_ name: String) -> Bool {
    modelSuffixes.contains { name.hasSuffix($0) }
  }
}

/// The endings of the names of files that hold models, and nothing else.
///
/// A walk leaves alone what may be anything, such as `.json`.
let modelSuffixes = FormatList.all.map { $0.extensions }.joined().filter { $0.contains("onnx") }
  .map { ".\($0)" }

/// Stands in a name for each byte that is no UTF-8.
let unreadableCharacter: Character = "\u{FFFD}"

/// The names in a folder, or nil where it cannot be read.
private func names(in path: String) -> [String]? {
  guard let folder = unsafe opendir(path) else { return nil }
  defer { unsafe closedir(folder) }
  var names: [String] = []
  while let entry = unsafe readdir(folder) {
    let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { name in
      unsafe name.withMemoryRebound(
        to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)
      ) { unsafe String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names
}

/// What the file system says of a path, symbolic links followed.
struct FileStatus {
  struct Identity: Hashable {
    let device: UInt64
    let file: UInt64
  }

  let identity: Identity
  let isFolder: Bool
  let isFile: Bool

  /// Nil where there is nothing at `path`.
  init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    identity = Identity(
      device: UInt64(truncatingIfNeeded: status.st_dev),
      file: UInt64(truncatingIfNeeded: status.st_ino))
    isFolder = status.st_mode & S_IFMT == S_IFDIR
    isFile = status.st_mode & S_IFMT == S_IFREG
  }
}
