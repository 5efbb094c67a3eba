import Graph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why bytes could not be read or written, in the system's words.
struct StreamError: Error {
  let message: String
}

/// Writes all of `bytes` to an open file.
///
/// Nobody reading any more, as after `head`, is no error.
func write(_ bytes: [UInt8], to file: Int32) throws(StreamError) {
  var written = 0
  while written < bytes.count {
    let count = unsafe bytes.withUnsafeBytes { buffer in
      unsafe write(file, buffer.baseAddress?.advanced(by: written), buffer.count - written)
    }
    if count > 0 {
      written += count
    } else if errno == EPIPE {
      return
    } else if errno != EINTR {
      throw systemError()
    }
  }
}

/// Writes a file anew.
func write(_ bytes: [UInt8], toFile path: String) throws(StreamError) {
  let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
  guard file >= 0 else { throw systemError() }
  defer { close(file) }
  try write(bytes, to: file)
}

/// Writes a file anew, of bytes and parts of another file.
func write(_ pieces: Pieces, of file: Span<UInt8>, toFile path: String) throws(StreamError) {
  let target = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
  guard target >= 0 else { throw systemError() }
  defer { close(target) }
  for piece in pieces.all {
    switch piece {
    case .new(let bytes): try write(bytes, to: target)
    case .kept(let range):
      // In parts, so that weights pass through without filling memory.
      for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 20) {
        let part = file.extracting(start..<min(range.upperBound, start + 1 << 20))
        try write(part, to: target)
      }
    }
  }
}

private func write(_ bytes: Span<UInt8>, to file: Int32) throws(StreamError) {
  var written = 0
  while written < bytes.count {
    let rest = bytes.extracting(written..<bytes.count)
    let count = unsafe rest.withUnsafeBytes { buffer in
      unsafe write(file, buffer.baseAddress, buffer.count)
    }
    if count > 0 { written += count } else if errno != EINTR { throw systemError() }
  }
}

/// Lets a write to a closed pipe fail instead of ending the process.
func ignoreClosedPipes() {
  _ = signal(SIGPIPE, SIG_IGN)
}

/// Reads all of standard input.
func readStandardInput() throws(StreamError) -> [UInt8] { try readToEnd(of: 0) }

/// Reads an open file from where it stands to its end.
func readToEnd(of file: Int32) throws(StreamError) -> [UInt8] {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
    if count == 0 { return bytes }
    if count > 0 { bytes += chunk[..<count] } else if errno != EINTR { throw systemError() }
  }
}

/// What went wrong last, in the system's words.
func systemError() -> StreamError { StreamError(message: systemMessage(errno)) }

/// What an error number means, in the system's words.
func systemMessage(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
