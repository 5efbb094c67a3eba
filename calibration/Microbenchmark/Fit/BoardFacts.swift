import Cost

/// What a table says of a board that no fit finds out, read from the facts of a file of samples.
struct BoardFacts {
  let name: String
  let uuid: String
  let driver: String
  let computeCapability: String
  let multiprocessors: Int
  let cacheBytes: Int
  let memoryBytes: Int
  let designWatts: Double
  let capWatts: Double
  /// Nil where the board does not tell its power at rest.
  let idleWatts: Double?
  let idleContextWatts: Double?
  let sensor: Device.Sensor?
  /// Seconds that the driver alone takes for a launch and for a graph of launches; nil where nobody looked.
  let driverLaunchSeconds: Double?
  let driverGraphSeconds: Double?
  let date: String
  let tool: String

  init(_ table: SampleTable) throws(Obstacle) {
    func text(_ key: String) throws(Obstacle) -> String {
      guard let value = table.fact(key) else {
        throw .insufficient("the samples do not say the board's \(key)")
      }
      return value
    }
    func number(_ key: String) throws(Obstacle) -> Double {
      let value = try text(key)
      guard let number = Double(value), number > 0, number.isFinite, number < 1e18 else {
        throw .insufficient("the board's \(key) is '\(value)', which is no positive number")
      }
      return number
    }
    name = try text("board")
    uuid = table.fact("uuid") ?? "unknown"
    driver = table.fact("driver") ?? "unknown"
    computeCapability = try text("compute_capability")
    multiprocessors = Int(try number("sms"))
    cacheBytes = Int(try number("l2_bytes"))
    memoryBytes = Int(try number("dram_bytes"))
    capWatts = try number("power_limit_w")
    designWatts = table.fact("default_power_limit_w").flatMap(Double.init) ?? capWatts
    idleWatts = table.fact("idle_w").flatMap(Double.init)
    let idle = table.facts.filter { $0.key == "idle_context_w" }.compactMap { Double($0.value) }
    idleContextWatts = idle.isEmpty ? nil : median(idle.sorted())
    let apart = table.samples.filter { $0.rejection == nil }.compactMap(\.disagreement).sorted()
    if let update = table.fact("sensor_update_s").flatMap(Double.init), update > 0,
      let window = table.fact("sensor_window_s").flatMap(Double.init), window >= 0
    {
      sensor = Device.Sensor(
        updateSeconds: update, windowSeconds: window,
        counterPercent: apart.isEmpty ? nil : 100 * median(apart))
    } else {
      sensor = nil
    }
    func seconds(_ key: String) -> Double? {
      table.fact(key).flatMap(Double.init).flatMap { $0 >= 0 && $0 < 1 ? $0 : nil }
    }
    driverLaunchSeconds = seconds(LaunchFindings.keys.host)
    driverGraphSeconds = seconds(LaunchFindings.keys.graph)
    date = table.fact("date") ?? "unknown"
    tool = table.fact("tool") ?? "nncost-calibrate"
  }
}
