import Cost
import Graph

/// One measured figure of a device.
struct Coefficient {
  /// With its class and type, and the unit that a table has it in: `gemm float16 flops_per_s`.
  let name: String
  let value: Double
  /// What counts as all of it: the figure itself, or 1 for a share.
  let unit: Double

  /// The name without its class.
  var key: String { name.split(separator: " ").last.map(String.init) ?? name }

  /// How far it is above `other`, as a share of it.
  func change(from other: Coefficient) -> Double {
    let difference = value - other.value
    return difference == 0 ? 0 : difference / max(other.unit, unit == 1 ? 1 : 0)
  }

  /// Those of the board, and of the classes that were measured.
  static func all(of device: Device) -> [Coefficient] {
    var all: [Coefficient] = []
    func add(_ name: String, _ value: Double, unit: Double? = nil) {
      all.append(Coefficient(name: name, value: value, unit: unit ?? value))
    }
    add("idle_w", device.power.idleWatts)
    add("idle_context_w", device.power.idleContextWatts)
    add("active_w", device.power.activeWatts)
    add("gpu_us", device.launch.kernelSeconds * 1e6)
    add("dram.bytes_per_s", device.memory.bytesPerSecond)
    add("dram.joules_per_byte", device.memory.joulesPerByte)
    add("l2.bytes_per_s", device.memory.cacheBytesPerSecond)
    for rate in device.rates where rate.samples > 0 {
      let name = "\(rate.operation.rawValue) \(rate.type?.name ?? "any") "
      add(name + "joules_per_flop", rate.joulesPerFlop)
      // A launch of its own is held against the board's, which both have.
      add(
        name + "launch_us", rate.launchSeconds * 1e6,
        unit: (device.launch.kernelSeconds + rate.launchSeconds) * 1e6)
      guard rate.operation.hasProducts else {
        add(name + "bytes_per_s", rate.bytesPerSecond)
        if let rows = rate.rows { add(name + "row_bytes", rows.keptBytes) }
        continue
      }
      add(name + "flops_per_s", rate.flopsPerSecond)
      add(name + "winograd", rate.winograd, unit: 1)
      add(name + "input_gradient", rate.inputGradientShare, unit: 1)
      add(name + "strided_input_gradient", rate.stridedGradientShare, unit: 1)
      add(name + "weight_gradient", rate.weightGradientShare, unit: 1)
      if rate.operation == .depthwiseConvolution { add(name + "setup_taps", rate.setupTaps) }
      if rate.operation == .groupedConvolution { add(name + "group_us", rate.groupSeconds * 1e6) }
      guard let tiling = rate.tiling else { continue }
      add(name + "tile_bytes_per_s", tiling.fetchBytesPerSecond)
      add(name + "wave_loss", tiling.waveLoss, unit: 1)
      add(name + "unaligned", tiling.unalignedShare, unit: 1)
    }
    return all
  }
}
