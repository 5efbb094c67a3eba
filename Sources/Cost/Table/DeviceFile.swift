internal import Graph

/// Reads a calibration table: JSON whose keys are fixed and carry their units.
///
/// Every key is required unless it is named optional below, unknown ones are errors, and every rate is
/// positive, so that a slip of the pen never prices anything at nothing.
package struct DeviceFile {
  /// The version of the form that this program reads.
  static let schema = "nncost-device/1"

  /// What is wrong with a table, and where.
  package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    package let file: String
    package let line: Int
    package let column: Int
    package let message: String

    package var description: String { "\(file):\(line):\(column): \(message)" }
  }

  /// The device described by `bytes`, which users will call `name`.
  ///
  /// Throws where the text is no JSON, or no table.
  package static func read(_ bytes: [UInt8], name: String, file: String) throws(Failure) -> Device {
    do throws(FormatError) {
      var reader = JSONReader(bytes.span)
      let root = try JSONFields(&reader)
      try reader.end()
      return try device(root, name: name, sha256: SHA256.hexadecimal(bytes))
    } catch {
      var (line, column) = (1, 1)
      if case .lineColumn(let of, let at) = error.located(in: bytes.span).place {
        (line, column) = (of, at)
      }
      throw Failure(file: file, line: line, column: column, message: error.message)
    }
  }

  private static func device(_ root: JSONFields, name: String, sha256: String)
    throws(FormatError) -> Device
  {
    var root = root
    let schema = try root.string("schema")
    guard schema == Self.schema else {
      throw root.failure("schema", "this program reads '\(Self.schema)', not '\(schema)'")
    }
    var board = try root.fields("device")
    let rows = try root.rows("classes")
    var rates: [Rate] = []
    let memory = try memory(try root.fields("memory"))
    for row in rows { rates.append(try rate(row, memory)) }
    let device = Device(
      name: name, title: try board.string("name"),
      computeCapability: try board.string("compute_capability"),
      multiprocessors: try board.count("sms"), l2Bytes: try board.count("l2_bytes"),
      dramBytes: try board.count("dram_bytes"), designWatts: try board.positive("tdp_w"),
      provenance: try provenance(try root.fields("provenance")),
      power: try power(try root.fields("power")), launch: try launch(try root.fields("launch")),
      memory: memory, rates: rates,
      uncertainty: try spread(try root.fields("uncertainty")),
      sensor: root.has("sensor") ? try sensor(try root.fields("sensor")) : nil, sha256: sha256)
    try board.finish()
    try root.finish()
    return device
  }

  private static func provenance(_ fields: JSONFields) throws(FormatError)
    -> Device.Provenance
  {
    var fields = fields
    let provenance = Device.Provenance(
      kind: try fields.choice("kind"), sources: try fields.strings("sources"),
      date: try fields.string("date"), tool: try fields.string("tool"),
      samples: try fields.count("samples"))
    try fields.finish()
    return provenance
  }

  private static func sensor(_ fields: JSONFields) throws(FormatError) -> Device.Sensor {
    var fields = fields
    let sensor = Device.Sensor(
      updateSeconds: try fields.positive("update_ms") * 1e-3,
      windowSeconds: try fields.notNegative("window_ms") * 1e-3,
      counterPercent: fields.has("counter_vs_integral_pct")
        ? try fields.percent("counter_vs_integral_pct") : nil)
    try fields.finish()
    return sensor
  }

  private static func power(_ fields: JSONFields) throws(FormatError) -> Device.Power {
    var fields = fields
    let power = Device.Power(
      idleWatts: try fields.positive("idle_w"),
      idleContextWatts: try fields.positive("idle_context_w"),
      activeWatts: try fields.positive("active_w"),
      capWatts: try fields.positive("cap_w"))
    guard power.idleContextWatts <= power.activeWatts, power.activeWatts < power.capWatts else {
      throw fields.failure(
        "cap_w", "the cap must be above the active power, and that not below the idle one")
    }
    try fields.finish()
    return power
  }

  private static func launch(_ fields: JSONFields) throws(FormatError) -> Device.Launch {
    var fields = fields
    let launch = Device.Launch(
      kernelSeconds: try fields.positive("gpu_us") * 1e-6,
      dispatchSeconds: try fields.positive("dispatch_us") * 1e-6,
      layerDispatchSeconds: fields.has("layer_dispatch_us")
        ? try fields.positive("layer_dispatch_us") * 1e-6 : nil,
      executionSeconds: try fields.notNegative("execution_us") * 1e-6)
    try fields.finish()
    return launch
  }

  private static func memory(_ fields: JSONFields) throws(FormatError) -> Device.Memory {
    var fields = fields
    var dram = try fields.fields("dram")
    var cache = try fields.fields("l2")
    let memory = Device.Memory(
      bytesPerSecond: try dram.positive("bytes_per_s"),
      cacheBytesPerSecond: try cache.positive("bytes_per_s"),
      joulesPerByte: try dram.positive("joules_per_byte"))
    try dram.finish()
    try cache.finish()
    try fields.finish()
    return memory
  }

  private static func spread(_ fields: JSONFields) throws(FormatError) -> Device.Spread {
    var fields = fields
    let spread = Device.Spread(
      sensorPercent: try fields.percent("sensor_pct"),
      unitToUnitPercent: try fields.percent("unit_to_unit_pct"),
      modelPercent: try fields.percent("model_pct"),
      dataPercent: try fields.percent("data_pct"))
    try fields.finish()
    return spread
  }

  private static func rate(_ fields: JSONFields, _ memory: Device.Memory)
    throws(FormatError) -> Rate
  {
    var fields = fields
    let operation: Kernel.Operation = try fields.choice("op")
    let name = try fields.string("type")
    let type = NumberFormat(named: name)
    guard type != nil || name == "any" else {
      throw fields.failure("type", "there is no type of numbers '\(name)'")
    }
    var rate = Rate(
      operation: operation, type: type, flopsPerSecond: try fields.positive("flops_per_s"),
      // A class that says nothing of its own moves bytes as fast as the memory does.
      bytesPerSecond: fields.has("bytes_per_s")
        ? try fields.positive("bytes_per_s") : memory.bytesPerSecond,
      joulesPerFlop: try fields.positive("joules_per_flop"),
      tiling: fields.has("tile_bytes_per_s") ? try tiling(&fields) : nil,
      launchSeconds: fields.has("launch_us") ? try fields.notNegative("launch_us") * 1e-6 : 0,
      groupSeconds: fields.has("group_us") ? try fields.notNegative("group_us") * 1e-6 : 0,
      kernels: fields.has("kernels") ? try fields.positive("kernels") : 1,
      relayout: fields.has("relayout") ? try fields.notNegative("relayout") : 0,
      inputGradientShare: fields.has("input_gradient") ? try fields.share("input_gradient") : 1,
      stridedGradientShare: fields.has("strided_input_gradient")
        ? try fields.share("strided_input_gradient") : 1,
      weightGradientShare: fields.has("weight_gradient") ? try fields.share("weight_gradient") : 1,
      setupTaps: fields.has("setup_taps") ? try fields.notNegative("setup_taps") : 0,
      rows: fields.has("row_bytes") ? try rows(&fields) : nil,
      unalignedRowShare: fields.has("unaligned_rows") ? try fields.share("unaligned_rows") : 1,
      overlap: try fields.positive("p"),
      winograd: fields.has("winograd") ? try fields.share("winograd") : 1,
      provider: try fields.string("provider"), samples: try fields.count("n"),
      residualPercent: try fields.percent("mape_pct"),
      spreadPercent: fields.has("spread_pct") ? try fields.percent("spread_pct") : nil,
      clock: fields.has("state") ? try fields.choice("state") : nil)
    if fields.has("elements_per_s") {
      rate.elementsPerSecond = try fields.positive("elements_per_s")
    }
    guard rate.kernels >= 1 else {
      throw fields.failure("kernels", "a convolution takes at least its own kernel")
    }
    if fields.has("winograd_block") {
      rate.winogradBlock = try fields.count("winograd_block")
      guard let block = rate.winogradBlock, (1...16).contains(block) else {
        throw fields.failure("winograd_block", "blocks have 1 to 16 results along a side")
      }
    }
    try fields.finish()
    return rate
  }

  private static func rows(_ fields: inout JSONFields) throws(FormatError) -> Rate.Rows {
    Rate.Rows(
      passes: try fields.notNegative("row_passes"), keptBytes: try fields.positive("row_bytes"))
  }

  private static func tiling(_ fields: inout JSONFields) throws(FormatError) -> Rate.Tiling {
    var tiling = Rate.Tiling(
      fetchBytesPerSecond: try fields.positive("tile_bytes_per_s"),
      waveLoss: try fields.share("wave_loss"),
      unalignedShare: try fields.share("unaligned"))
    if fields.has("unpadded") { tiling.unpaddedShare = try fields.share("unpadded") }
    if fields.has("depth_ns") { tiling.depthSeconds = try fields.notNegative("depth_ns") * 1e-9 }
    return tiling
  }
}
