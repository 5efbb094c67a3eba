import Graph
import Rules

/// A configuration file as it was read and found to be of the right form.
struct ConfigurationFile: Sendable {
  static let name = "nncost.json"
  /// More than this is no configuration.
  private static let maximumBytes = 1 << 20
  /// Files that extend one another, at most.
  private static let maximumDepth = 8

  /// As messages name it.
  let path: String
  /// The folder that its paths are relative to.
  let folder: FilePath
  let root: JSONTree
  /// The files that it extends, the nearest last; what they say holds where nobody after them says otherwise.
  let bases: [ConfigurationFile]
  /// The file itself.
  let bytes: [UInt8]
  /// The byte at which each line starts.
  private let lines: [Int]

  /// Reads the file at `path`, and those that it extends.
  init(_ path: String) throws(UsageError) {
    try self.init(path, at: FilePath(path), extendedBy: [])
  }

  /// Reads `bytes`, which were the file at `path` once; what they extend is left out.
  init(_ path: String, _ bytes: [UInt8]) throws(FormatError) {
    self.path = path
    let place = FilePath(path)
    folder = place.folder ?? place
    root = try Self.tree(bytes)
    bases = []
    self.bytes = bytes
    lines = Self.lines(bytes)
  }

  private static func lines(_ bytes: [UInt8]) -> [Int] {
    [0] + bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
  }

  private init(_ path: String, at place: FilePath, extendedBy heirs: [FilePath])
    throws(UsageError)
  {
    guard !heirs.contains(place) else { throw UsageError("\(path): the file extends itself") }
    guard heirs.count < Self.maximumDepth else {
      throw UsageError("\(path): more than \(Self.maximumDepth) files extend one another")
    }
    let bytes: [UInt8]
    do throws(FormatError) {
      let file = try MappedFile(path)
      guard file.bytes.count <= Self.maximumBytes else {
        throw FormatError("too large for a configuration")
      }
      bytes = file.bytes.indices.map { file.bytes[$0] }
    } catch {
      throw UsageError("\(path): \(error)")
    }
    let root: JSONTree
    do throws(FormatError) { root = try Self.tree(bytes) } catch {
      throw UsageError(Self.words(error.located(in: bytes.span), in: path))
    }
    self.path = path
    folder = place.folder ?? place
    self.root = root
    self.bytes = bytes
    lines = Self.lines(bytes)
    guard let base = root["extends"]?.value.text else {
      bases = []
      return
    }
    let target = FilePath(base, from: place.folder)
    let shown = base.hasPrefix("/") ? base : Self.joined(path, base)
    let file = try ConfigurationFile(shown, at: target, extendedBy: heirs + [place])
    bases = file.bases + [file]
  }

  private static func tree(_ bytes: [UInt8]) throws(FormatError) -> JSONTree {
    // A shell makes the file before the program that is to write it starts.
    if bytes.isEmpty { return .object([], at: 0) }
    var reader = JSONReader(relaxed: bytes.span)
    let root = try JSONTree(&reader)
    try reader.end()
    try Field.check(root, ConfigurationForm.file, in: "the configuration")
    return root
  }

  /// `base` beside the file at `path`, as it is written there.
  private static func joined(_ path: String, _ base: String) -> String {
    path.lastIndex(of: "/").map { path[...$0] + base } ?? base
  }

  private static func words(_ error: FormatError, in path: String) -> String {
    guard case .lineColumn(let line, let column) = error.place else { return "\(path): \(error)" }
    return "\(path):\(line):\(column): \(error.message)"
  }

  /// `nncost.json:3:5`, for a byte of the file.
  func origin(_ place: Int) -> String {
    let line = lines.lastIndex { $0 <= place } ?? 0
    return "\(path):\(line + 1):\(place - lines[line] + 1)"
  }

  func error(_ message: String, at place: Int) -> UsageError {
    UsageError("\(origin(place)): \(message)")
  }

  /// A path in the file, as it is found from the current folder.
  func located(_ word: String) -> String {
    word.hasPrefix("/") ? word : Self.joined(path, word)
  }
}

extension ConfigurationFile {
  /// The nearest file from the folder of `model` up to the root of its repository; nil where there is none.
  ///
  /// Standard input, `-`, is in the current folder. The path is given as it is seen from there.
  static func nearest(to model: String) -> String? {
    let here = FilePath.current
    var folder: FilePath?
    if model == "-" || model == "." {
      folder = here
    } else {
      let place = FilePath(model)
      folder = FileStatus(place.text)?.isFolder == true ? place : place.folder
    }
    while let place = folder {
      let file = place.appending(name)
      if FileStatus(file.text)?.isFile == true { return file.relative(to: here) }
      if place.appending(".git").exists { return nil }
      folder = place.folder
    }
    return nil
  }
}
