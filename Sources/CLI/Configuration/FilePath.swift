#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A path from the root, without `.`, `..` and doubled slashes; symbolic links are left as they are.
struct FilePath: Hashable, Sendable {
  private(set) var parts: [String]

  /// The place that `path` names, seen from `folder`, or from the current folder.
  init(_ path: String, from folder: FilePath? = nil) {
    parts = path.hasPrefix("/") ? [] : (folder ?? .current).parts
    for part in path.split(separator: "/") {
      switch part {
      case ".": continue
      case "..": _ = parts.popLast()
      default: parts.append(String(part))
      }
    }
  }

  private init(parts: [String]) { self.parts = parts }

  static var current: FilePath {
    var buffer = [CChar](repeating: 0, count: 4097)
    guard unsafe getcwd(&buffer, buffer.count - 1) != nil else { return FilePath(parts: []) }
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return FilePath(String(decoding: bytes, as: UTF8.self), from: FilePath(parts: []))
  }

  /// The folder that this is in; nil for the root.
  var folder: FilePath? { parts.isEmpty ? nil : FilePath(parts: Array(parts.dropLast())) }

  var text: String { "/" + parts.joined(separator: "/") }

  func appending(_ name: String) -> FilePath { FilePath(parts: parts + [name]) }

  /// The same place as it is written in `folder`: `models/a.onnx`, `../a.onnx`.
  func relative(to folder: FilePath) -> String {
    let common = zip(parts, folder.parts).prefix { $0 == $1 }.count
    let up = [String](repeating: "..", count: folder.parts.count - common)
    let words = up + parts.dropFirst(common)
    return words.isEmpty ? "." : words.joined(separator: "/")
  }

  /// The same place without symbolic links, as far as it is there.
  var resolved: FilePath {
    guard let buffer = unsafe realpath(text, nil) else {
      return folder.map { $0.resolved.appending(parts.last ?? "") } ?? self
    }
    defer { unsafe free(buffer) }
    return FilePath(unsafe String(cString: buffer))
  }

  /// Whether something is there.
  var exists: Bool { FileStatus(text) != nil }
}
