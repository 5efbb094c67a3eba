/// Whether a board is whole, open to programs, and nobody else's.
extension NVML {
  /// A program that has a context on a board.
  struct Process: Hashable {
    /// Its number as the host of a container has it.
    let identifier: Int
    /// Bytes of the board's memory; nil where the driver does not tell.
    let memoryBytes: UInt64?
  }

  /// Which programs may use a board (`nvmlComputeMode_t`).
  struct ComputeMode: RawRepresentable, Hashable {
    let rawValue: CUnsignedInt

    static let prohibited = ComputeMode(rawValue: 2)
  }

  func computeMode(of device: Device) -> Reading<ComputeMode> {
    number("nvmlDeviceGetComputeMode", of: device).map { ComputeMode(rawValue: $0) }
  }

  /// Whether the board is divided into instances (MIG), of which programs see one.
  func isDivided(_ device: Device) -> Reading<Bool> {
    mode("nvmlDeviceGetMigMode", of: device).map { $0 == 1 }
  }

  /// Whether it is a share of a board that a host of virtual machines lends.
  func isVirtual(_ device: Device) -> Reading<Bool> {
    number("nvmlDeviceGetVirtualizationMode", of: device).map { $0 == 2 }
  }

  /// The share of the last moment, a second at the most, in which some kernel ran.
  func busyShare(of device: Device) -> Reading<Double> {
    // nvmlUtilization_t: two percentages of four bytes, of which the first is that of kernels.
    wide("nvmlDeviceGetUtilizationRates", of: device).map {
      Double(UInt32(truncatingIfNeeded: $0)) / 100
    }
  }

  /// The programs that have a context on the board, as far as a container may see them.
  func processes(on device: Device) -> Reading<[Process]> {
    typealias Processes =
      @convention(c) (
        OpaquePointer, UnsafeMutablePointer<CUnsignedInt>, UnsafeMutableRawPointer
      ) -> CInt
    func read(_ symbol: String) -> Reading<[Process]> {
      unsafe call(symbol, as: Processes.self) { function in
        // nvmlProcessInfo_t: a number of four bytes and four to fill up, bytes of memory, two numbers of instances.
        let words = 3
        var found = [UInt64](repeating: 0, count: 128 * words)
        var count = CUnsignedInt(found.count / words)
        let status = Status(rawValue: unsafe function(device.handle, &count, &found))
        guard status == .success else { return .failure(status) }
        return .success(
          (0..<min(Int(count), found.count / words)).map { index in
            let bytes = found[index * words + 1]
            return Process(
              identifier: Int(UInt32(truncatingIfNeeded: found[index * words])),
              memoryBytes: bytes == .max ? nil : bytes)
          })
      }
    }
    let latest = read("nvmlDeviceGetComputeRunningProcesses_v3")
    guard latest == .failure(.functionNotFound) else { return latest }
    return read("nvmlDeviceGetComputeRunningProcesses_v2")
  }
}
