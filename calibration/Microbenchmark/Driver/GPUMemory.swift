/// Memory on a board, freed when the value goes away.
struct GPUMemory: ~Copyable {
  private let calls: CUDACalls
  /// Where each piece starts, in the order asked for.
  private(set) var addresses: [UInt64] = []

  init(on gpu: borrowing GPU) { calls = gpu.calls }

  deinit { for address in addresses { _ = calls.free(address) } }

  /// Takes `byteCount` bytes more and returns where they start.
  mutating func allocate(_ byteCount: Int) throws(DriverFailure) -> UInt64 {
    var address: UInt64 = 0
    // The driver gives no piece of nothing.
    try CUDA.check(
      "\(byteCount) bytes of memory", unsafe calls.allocate(&address, max(byteCount, 1)))
    addresses.append(address)
    return address
  }

  /// Fills the `byteCount` bytes at `address` with `pattern`, over and over; with zeros where it is empty.
  func fill(_ address: UInt64, _ byteCount: Int, with pattern: [UInt8]) throws(DriverFailure) {
    guard byteCount > 0 else { return }
    if pattern.isEmpty {
      try CUDA.check("to clear memory", calls.fill(address, 0, byteCount))
    } else {
      try send(pattern, over: byteCount, to: address)
    }
    // The board copies and clears in a queue of its own, for which the one that kernels run in does not wait.
    try CUDA.check("to fill memory", calls.finish())
  }

  private func send(_ pattern: [UInt8], over byteCount: Int, to address: UInt64)
    throws(DriverFailure)
  {
    var filled = min(pattern.count, byteCount)
    let code = unsafe pattern.withUnsafeBytes { bytes in
      unsafe bytes.baseAddress.map { unsafe calls.copyToBoard(address, $0, filled) } ?? 0
    }
    try CUDA.check("to send data", code)
    // What is there is copied behind itself, so that few copies suffice; lengths stay multiples of the pattern.
    while filled < byteCount {
      let count = min(filled, byteCount - filled)
      try CUDA.check(
        "to copy data", calls.copyOnBoard(address + UInt64(filled), address, count))
      filled += count
    }
  }

  /// The `count` bytes at `address`.
  func bytes(at address: UInt64, count: Int) throws(DriverFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let code = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe buffer.baseAddress.map { unsafe calls.copyFromBoard($0, address, count) } ?? 0
    }
    try CUDA.check("to fetch data", code)
    return bytes
  }
}
