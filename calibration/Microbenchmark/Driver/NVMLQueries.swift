/// What a board reports of itself. Each query says its unit; the C interface counts milliwatts and millijoules.
extension NVML {
  func driverVersion() -> Reading<String> {
    typealias SystemText = @convention(c) (UnsafeMutablePointer<CChar>, CUnsignedInt) -> CInt
    return unsafe call("nvmlSystemGetDriverVersion", as: SystemText.self) { function in
      unsafe Self.text { unsafe function($0, $1) }
    }
  }

  func name(of device: Device) -> Reading<String> { text("nvmlDeviceGetName", of: device) }

  func uuid(of device: Device) -> Reading<String> { text("nvmlDeviceGetUUID", of: device) }

  func vbiosVersion(of device: Device) -> Reading<String> {
    text("nvmlDeviceGetVbiosVersion", of: device)
  }

  /// Domain, bus, device and function, in the form that the CUDA driver understands too.
  func pciBusID(of device: Device) -> Reading<String> {
    typealias Info = @convention(c) (OpaquePointer, UnsafeMutablePointer<CChar>) -> CInt
    // nvmlPciInfo_t: a short identifier of 16 bytes, five 4-byte numbers, the full identifier of 32 bytes.
    let fullIdentifier = 16 + 5 * 4
    return unsafe call("nvmlDeviceGetPciInfo_v3", as: Info.self) { function in
      unsafe Self.text(at: fullIdentifier) { buffer, _ in unsafe function(device.handle, buffer) }
    }
  }

  func computeCapability(of device: Device) -> Reading<ComputeCapability> {
    typealias Pair =
      @convention(c) (
        OpaquePointer, UnsafeMutablePointer<CInt>, UnsafeMutablePointer<CInt>
      ) -> CInt
    return unsafe call("nvmlDeviceGetCudaComputeCapability", as: Pair.self) { function in
      var (major, minor): (CInt, CInt) = (0, 0)
      let code = unsafe function(device.handle, &major, &minor)
      return Self.reading(code, ComputeCapability(major: Int(major), minor: Int(minor)))
    }
  }

  /// Memory on the board, in bytes.
  func memoryBytes(of device: Device) -> Reading<UInt64> {
    // nvmlMemory_t: total, free, used.
    wide("nvmlDeviceGetMemoryInfo", of: device, fields: 3)
  }

  /// Memory on the board that nobody uses, in bytes.
  func freeMemoryBytes(of device: Device) -> Reading<UInt64> {
    wide("nvmlDeviceGetMemoryInfo", of: device, fields: 3, taking: 1)
  }

  /// Whether memory errors are corrected now.
  func errorCorrection(of device: Device) -> Reading<Bool> {
    mode("nvmlDeviceGetEccMode", of: device).map { $0 != 0 }
  }

  /// Whether the driver stays loaded while nobody uses the board.
  func persistence(of device: Device) -> Reading<Bool> {
    number("nvmlDeviceGetPersistenceMode", of: device).map { $0 != 0 }
  }

  /// The power the board keeps itself under, in watts.
  func powerLimit(of device: Device) -> Reading<Double> {
    number("nvmlDeviceGetEnforcedPowerLimit", of: device).map { Double($0) / 1000 }
  }

  /// The board's draw as its sensor reports it now, in watts.
  func power(of device: Device) -> Reading<Double> {
    number("nvmlDeviceGetPowerUsage", of: device).map { Double($0) / 1000 }
  }

  /// The GPU's temperature in degrees Celsius.
  func temperature(of device: Device) -> Reading<Int> {
    number("nvmlDeviceGetTemperature", selector: 0, of: device).map { Int($0) }
  }

  /// The multiprocessors' clock now, in megahertz.
  func multiprocessorClock(of device: Device) -> Reading<Int> {
    number("nvmlDeviceGetClockInfo", selector: 1, of: device).map { Int($0) }
  }

  /// The memory's clock now, in megahertz.
  func memoryClock(of device: Device) -> Reading<Int> {
    number("nvmlDeviceGetClockInfo", selector: 2, of: device).map { Int($0) }
  }

  /// Energy the board has used since the driver was loaded, in joules.
  func energy(of device: Device) -> Reading<Double> {
    wide("nvmlDeviceGetTotalEnergyConsumption", of: device).map { Double($0) / 1000 }
  }
}

/// The few signatures that most queries share.
extension NVML {
  func number(_ symbol: String, of device: Device) -> Reading<CUnsignedInt> {
    typealias Number =
      @convention(c) (OpaquePointer, UnsafeMutablePointer<CUnsignedInt>) -> CInt
    return unsafe call(symbol, as: Number.self) { function in
      var value: CUnsignedInt = 0
      let code = unsafe function(device.handle, &value)
      return Self.reading(code, value)
    }
  }

  /// A number of which the board has several: `selector` is the member of the C enumeration.
  func number(
    _ symbol: String, selector: CUnsignedInt, of device: Device
  ) -> Reading<CUnsignedInt> {
    typealias Number =
      @convention(c) (OpaquePointer, CUnsignedInt, UnsafeMutablePointer<CUnsignedInt>) -> CInt
    return unsafe call(symbol, as: Number.self) { function in
      var value: CUnsignedInt = 0
      let code = unsafe function(device.handle, selector, &value)
      return Self.reading(code, value)
    }
  }

  /// A mode as it is now, of those that change with the next start only.
  func mode(_ symbol: String, of device: Device) -> Reading<CUnsignedInt> {
    typealias Modes =
      @convention(c) (
        OpaquePointer, UnsafeMutablePointer<CUnsignedInt>, UnsafeMutablePointer<CUnsignedInt>
      ) -> CInt
    return unsafe call(symbol, as: Modes.self) { function in
      var (current, pending): (CUnsignedInt, CUnsignedInt) = (0, 0)
      let code = unsafe function(device.handle, &current, &pending)
      return Self.reading(code, current)
    }
  }

  /// One of the `fields` 64-bit numbers that the driver writes, the first unless said otherwise.
  func wide(
    _ symbol: String, of device: Device, fields: Int = 1, taking field: Int = 0
  ) -> Reading<UInt64> {
    typealias Wide = @convention(c) (OpaquePointer, UnsafeMutablePointer<UInt64>) -> CInt
    return unsafe call(symbol, as: Wide.self) { function in
      var values = [UInt64](repeating: 0, count: fields)
      let code = unsafe function(device.handle, &values)
      return Self.reading(code, values[field])
    }
  }

  private func text(_ symbol: String, of device: Device) -> Reading<String> {
    typealias Text =
      @convention(c) (OpaquePointer, UnsafeMutablePointer<CChar>, CUnsignedInt) -> CInt
    return unsafe call(symbol, as: Text.self) { function in
      unsafe Self.text { unsafe function(device.handle, $0, $1) }
    }
  }

  /// The C string at `offset` of the buffer that `fill` writes, given the buffer and its capacity.
  private static func text(
    at offset: Int = 0, _ fill: (UnsafeMutablePointer<CChar>, CUnsignedInt) -> CInt
  ) -> Reading<String> {
    // The reference promises that 96 bytes hold any of its strings, and 68 the PCI structure.
    var buffer = [CChar](repeating: 0, count: 128)
    let code = unsafe fill(&buffer, CUnsignedInt(buffer.count))
    let bytes = buffer.dropFirst(offset).prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return reading(code, String(decoding: bytes, as: UTF8.self))
  }

  private static func reading<Value>(_ code: CInt, _ value: Value) -> Reading<Value> {
    let status = Status(rawValue: code)
    return status == .success ? .success(value) : .failure(status)
  }
}
