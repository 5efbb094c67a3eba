#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder of this process alone, which goes with all files in it.
struct TemporaryFolder: ~Copyable {
  let path: String
  private var names: [String] = []

  init() throws(StreamError) {
    var template = temporaryTemplate()
    guard unsafe mkdtemp(&template) != nil else { throw systemError() }
    path = decoded(template)
  }

  /// The path for a new file of that name.
  mutating func file(named name: String) -> String {
    names.append(name)
    return "\(path)/\(name)"
  }

  /// Removes a file that is needed no more.
  mutating func remove(_ name: String) {
    unsafe unlink("\(path)/\(name)")
    names.removeAll { $0 == name }
  }

  deinit {
    for name in names { unsafe unlink("\(path)/\(name)") }
    unsafe rmdir(path)
  }
}

/// An open file that no folder lists, so that it goes when it is closed.
struct NamelessFile: ~Copyable {
  let number: Int32

  init() throws(StreamError) {
    var template = temporaryTemplate()
    number = unsafe mkstemp(&template)
    guard number >= 0 else { throw systemError() }
    unsafe unlink(template)
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
  }

  /// All that was written to it.
  func content() throws(StreamError) -> [UInt8] {
    lseek(number, 0, SEEK_SET)
    return try readToEnd(of: number)
  }

  deinit { close(number) }
}

/// A path in the folder for temporary files, the end of which the system fills in.
private func temporaryTemplate() -> [CChar] {
  let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
  let path = "\(folder.isEmpty ? "/tmp" : folder)/nncost-XXXXXX"
  return path.utf8.map { CChar(bitPattern: $0) } + [0]
}

private func decoded(_ path: [CChar]) -> String {
  String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
