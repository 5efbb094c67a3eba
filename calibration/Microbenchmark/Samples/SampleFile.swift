#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file of samples that grows: each row is on the disk before the next kernel runs.
///
/// What is known of rows only later is filled in when their block is over.
struct SampleFile {
  private var descriptor: CInt
  private let path: String
  /// What the file held when it was opened.
  let before: SampleTable?

  /// Opens the file, or makes it; what it holds is read, and goes on from there.
  init(_ path: String) throws(Obstacle) {
    var before: SampleTable?
    var kept = 0
    if let bytes = try readFile(path), !bytes.isEmpty {
      // A line that was not finished is written over.
      kept = (bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
      before = try SampleTable(text: String(decoding: bytes, as: UTF8.self), file: path)
    }
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .file("\(path): cannot be written: \(systemError())") }
    guard ftruncate(descriptor, off_t(kept)) == 0, lseek(descriptor, off_t(kept), SEEK_SET) >= 0
    else {
      let reason = systemError()
      close(descriptor)
      throw .file("\(path): cannot be continued: \(reason)")
    }
    self.descriptor = descriptor
    self.path = path
    self.before = before
  }

  /// Nothing may be written afterwards.
  func end() { close(descriptor) }

  /// Has the file hold `table`, in one step: whoever stops the program finds the old one or the new one.
  mutating func replace(with table: SampleTable) throws(Obstacle) {
    try replaceFile(path, with: table.text)
    let fresh = unsafe open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard fresh >= 0 else { throw .file("\(path): cannot be continued: \(systemError())") }
    close(descriptor)
    descriptor = fresh
  }

  func append(_ text: String) throws(Obstacle) {
    guard writeAll(Array(text.utf8), to: descriptor) else {
      throw .file("\(path): cannot be written: \(systemError())")
    }
  }
}

/// The bytes of a file; nil where there is none.
func readFile(_ path: String) throws(Obstacle) -> [UInt8]? {
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    if errno == ENOENT { return nil }
    throw .file("\(path): cannot be read: \(systemError())")
  }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = unsafe buffer.withUnsafeMutableBytes {
      unsafe read(descriptor, $0.baseAddress, $0.count)
    }
    if count == 0 { return bytes }
    guard count > 0, bytes.count < 1 << 28 else {
      throw .file("\(path): cannot be read: \(count < 0 ? systemError() : "it is too large")")
    }
    bytes += buffer[..<count]
  }
}

/// Puts `text` where `path` is, in one step: a reader never sees half of it.
func replaceFile(_ path: String, with text: String) throws(Obstacle) {
  let draft = path + ".part"
  let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  guard descriptor >= 0 else { throw .file("\(path): cannot be written: \(systemError())") }
  let isWritten = writeAll(Array(text.utf8), to: descriptor)
  // Of several failures the first says why.
  var reason = isWritten ? nil : systemError()
  if close(descriptor) != 0 { reason = reason ?? systemError() }
  if reason == nil, unsafe rename(draft, path) == 0 { return }
  reason = reason ?? systemError()
  _ = unsafe unlink(draft)
  throw .file("\(path): cannot be written: \(reason ?? "")")
}

/// Whether all bytes could be written.
func writeAll(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
  var written = 0
  while written < bytes.count {
    let count = unsafe bytes.withUnsafeBytes {
      unsafe write(descriptor, $0.baseAddress.map { unsafe $0 + written }, bytes.count - written)
    }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { return false }
    written += count
  }
  return true
}

/// What the system says of the last call that failed.
func systemError() -> String {
  unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
}
