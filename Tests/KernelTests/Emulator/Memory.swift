import BenchmarkKernels

/// The board's memory: the buffers of one kernel, each far from the others.
struct DeviceMemory {
  private(set) var buffers: [[UInt8]]
  /// Whether the buffer is a result; the others may not be written.
  private let isResult: [Bool]

  init(_ arguments: [BenchmarkKernel.Argument]) {
    buffers = arguments.map { argument in
      guard case .buffer(let buffer) = argument else { return [] }
      let pattern = buffer.patternBytes()
      // All ones are no number, so that what is not written cannot be right.
      guard !pattern.isEmpty else { return [UInt8](repeating: 0xFF, count: buffer.byteCount) }
      return (0..<buffer.byteCount).map { pattern[$0 % pattern.count] }
    }
    isResult = arguments.map {
      if case .buffer(let buffer) = $0 { buffer.contents == .result } else { false }
    }
  }

  /// The address that the kernel is given for argument `index`.
  static func address(of index: Int) -> UInt64 { UInt64(index + 1) << 40 }

  func load(_ address: UInt64, _ size: Int) throws -> UInt64 {
    let (buffer, offset) = try place(address, size)
    return (0..<size).reduce(0) { $0 | UInt64(buffers[buffer][offset + $1]) << (8 * UInt64($1)) }
  }

  mutating func store(_ address: UInt64, _ size: Int, _ value: UInt64) throws {
    let (buffer, offset) = try place(address, size)
    guard isResult[buffer] else { throw Fault("buffer \(buffer) is written, which is no result") }
    for byte in 0..<size {
      buffers[buffer][offset + byte] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(byte)))
    }
  }

  private func place(_ address: UInt64, _ size: Int) throws -> (Int, Int) {
    let buffer = Int(address >> 40) - 1
    let offset = Int(address & 0xFF_FFFF_FFFF)
    guard buffers.indices.contains(buffer), offset + size <= buffers[buffer].count else {
      throw Fault("buffer \(buffer) has no \(size) bytes at \(offset)")
    }
    return (buffer, offset)
  }
}

/// Shared memory of one block, which sees when two threads use the same bytes with no wait between them.
struct SharedMemory {
  private var bytes: [UInt8]
  /// Of each pair of bytes, the threads that wrote and read it since the last wait; -1 none, -2 several.
  private var writers: [Int]
  private var readers: [Int]

  init(byteCount: Int) {
    bytes = [UInt8](repeating: 0, count: byteCount)
    writers = [Int](repeating: -3, count: (byteCount + 1) / 2)
    readers = [Int](repeating: -1, count: (byteCount + 1) / 2)
  }

  /// All threads have waited for each other.
  mutating func settle() {
    for index in writers.indices {
      if writers[index] != -3 { writers[index] = -1 }
      readers[index] = -1
    }
  }

  mutating func load(_ offset: Int, _ size: Int, by thread: Int) throws -> UInt64 {
    try check(offset, size)
    for pair in offset / 2..<(offset + size + 1) / 2 {
      let writer = writers[pair]
      guard writer != -3 else { throw Fault("shared byte \(2 * pair) is read, nobody wrote it") }
      guard writer == -1 || writer == thread else {
        throw Fault("thread \(thread) reads shared byte \(2 * pair), which \(writer) just wrote")
      }
      readers[pair] = readers[pair] == -1 || readers[pair] == thread ? thread : -2
    }
    return (0..<size).reduce(0) { $0 | UInt64(bytes[offset + $1]) << (8 * UInt64($1)) }
  }

  mutating func store(_ offset: Int, _ size: Int, _ value: UInt64, by thread: Int) throws {
    try check(offset, size)
    for pair in offset / 2..<(offset + size + 1) / 2 {
      for other in [writers[pair], readers[pair]]
      where other != thread && other != -1 && other != -3 {
        throw Fault("thread \(thread) writes shared byte \(2 * pair), which \(other) is using")
      }
      writers[pair] = thread
    }
    for byte in 0..<size {
      bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(byte)))
    }
  }

  private func check(_ offset: Int, _ size: Int) throws {
    guard offset >= 0, offset + size <= bytes.count else {
      throw Fault("shared memory has no \(size) bytes at \(offset)")
    }
  }
}

/// What a board would do badly, or not at all.
struct Fault: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
