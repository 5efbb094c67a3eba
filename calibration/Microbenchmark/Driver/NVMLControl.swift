/// What holds a board's clocks, and the one thing about a board that this program ever sets.
extension NVML {
  /// Why the clocks are lower than they could be, as bits (`nvmlClocksThrottleReasons`).
  struct Throttling: OptionSet, Hashable {
    let rawValue: UInt64

    static let idle = Throttling(rawValue: 1)
    static let applicationClocks = Throttling(rawValue: 1 << 1)
    static let powerCap = Throttling(rawValue: 1 << 2)
    /// What makes a measurement worthless: heat, a failing supply, another board's pace.
    static let faults: [(reason: Throttling, words: String)] = [
      (Throttling(rawValue: 1 << 3), "hardware slowdown"),
      (Throttling(rawValue: 1 << 4), "kept in step with another board"),
      (Throttling(rawValue: 1 << 5), "too hot for the driver"),
      (Throttling(rawValue: 1 << 6), "too hot for the hardware"),
      (Throttling(rawValue: 1 << 7), "power brake of the hardware"),
      (Throttling(rawValue: 1 << 8), "clocks of a display"),
    ]
  }

  func throttling(of device: Device) -> Reading<Throttling> {
    wide("nvmlDeviceGetCurrentClocksThrottleReasons", of: device).map { Throttling(rawValue: $0) }
  }

  /// The highest clock that the multiprocessors have, in megahertz.
  func maximumClock(of device: Device) -> Reading<Int> {
    number("nvmlDeviceGetMaxClockInfo", selector: 1, of: device).map { Int($0) }
  }

  /// The power limit that the board comes with, in watts.
  func defaultPowerLimit(of device: Device) -> Reading<Double> {
    number("nvmlDeviceGetPowerManagementDefaultLimit", of: device).map { Double($0) / 1000 }
  }

  /// Holds the multiprocessors' clock at `megahertz`, which takes the rights of an administrator.
  func lockClocks(of device: Device, at megahertz: Int) -> Status {
    typealias Lock = @convention(c) (OpaquePointer, CUnsignedInt, CUnsignedInt) -> CInt
    let clock = CUnsignedInt(clamping: megahertz)
    return unsafe status("nvmlDeviceSetGpuLockedClocks", as: Lock.self) {
      unsafe $0(device.handle, clock, clock)
    }
  }

  /// Gives the clock back to the driver.
  func unlockClocks(of device: Device) -> Status {
    typealias Unlock = @convention(c) (OpaquePointer) -> CInt
    return unsafe status("nvmlDeviceResetGpuLockedClocks", as: Unlock.self) {
      unsafe $0(device.handle)
    }
  }

  private func status<F>(_ symbol: String, as type: F.Type, _ body: (F) -> CInt) -> Status {
    let reading = call(symbol, as: type) { function -> Reading<Status> in
      .success(Status(rawValue: body(function)))
    }
    return switch reading {
    case .success(let status): status
    case .failure(let status): status
    }
  }
}
