/// What one board reports of itself at one moment.
///
/// Everything that a measurement's conditions are made of is here, so that it can be stored with the measurement.
/// A board need not report all of it: each reading is a value or the driver's reason.
struct Board {
  let index: Int
  let name: NVML.Reading<String>
  let uuid: NVML.Reading<String>
  let pciBusID: NVML.Reading<String>
  let vbiosVersion: NVML.Reading<String>
  let driverVersion: NVML.Reading<String>
  let computeCapability: NVML.Reading<ComputeCapability>
  let memoryBytes: NVML.Reading<UInt64>
  let errorCorrection: NVML.Reading<Bool>
  let persistence: NVML.Reading<Bool>
  /// Watts.
  let powerLimit: NVML.Reading<Double>
  /// Watts.
  let power: NVML.Reading<Double>
  /// Degrees Celsius.
  let temperature: NVML.Reading<Int>
  /// Megahertz.
  let multiprocessorClock: NVML.Reading<Int>
  /// Megahertz.
  let memoryClock: NVML.Reading<Int>
  /// Joules since the driver was loaded.
  let energy: NVML.Reading<Double>

  /// Reads the board with this index, or throws where the driver does not let it be opened.
  init(_ index: Int, from nvml: borrowing NVML) throws(DriverFailure) {
    let device = try nvml.device(index)
    self.index = index
    name = nvml.name(of: device)
    uuid = nvml.uuid(of: device)
    pciBusID = nvml.pciBusID(of: device)
    vbiosVersion = nvml.vbiosVersion(of: device)
    driverVersion = nvml.driverVersion()
    computeCapability = nvml.computeCapability(of: device)
    memoryBytes = nvml.memoryBytes(of: device)
    errorCorrection = nvml.errorCorrection(of: device)
    persistence = nvml.persistence(of: device)
    powerLimit = nvml.powerLimit(of: device)
    power = nvml.power(of: device)
    temperature = nvml.temperature(of: device)
    multiprocessorClock = nvml.multiprocessorClock(of: device)
    memoryClock = nvml.memoryClock(of: device)
    energy = nvml.energy(of: device)
  }
}

extension Board {
  /// One line per reading, labels aligned.
  var lines: [String] {
    [
      line("GPU \(index)", name),
      line("UUID", uuid),
      line("PCI bus", pciBusID),
      line("VBIOS", vbiosVersion),
      line("driver", driverVersion),
      line("compute capability", computeCapability),
      line("memory", memoryBytes.map { $0 >> 20 }, "MiB"),
      line("ECC", errorCorrection.map { $0 ? "on" : "off" }),
      line("persistence mode", persistence.map { $0 ? "on" : "off" }),
      line("power limit", powerLimit, "W"),
      line("power", power, "W"),
      line("temperature", temperature, "°C"),
      line("SM clock", multiprocessorClock, "MHz"),
      line("memory clock", memoryClock, "MHz"),
      line("energy counter", energy, "J since the driver was loaded"),
    ]
  }

  private func line(
    _ label: String, _ reading: NVML.Reading<some CustomStringConvertible>, _ unit: String = ""
  ) -> String {
    let text =
      switch reading {
      case .success(let value): unit.isEmpty ? "\(value)" : "\(value) \(unit)"
      case .failure(.notSupported): "not reported by this board"
      case .failure(.functionNotFound): "not known to this driver"
      case .failure(let status): "not readable: \(status)"
      }
    return Self.line(label, text)
  }

  static func line(_ label: String, _ text: String) -> String {
    label + String(repeating: " ", count: max(1, 20 - label.count)) + text
  }
}
