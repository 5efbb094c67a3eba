import Cost
import Graph

@testable import Microbenchmark

/// One measured figure of a device.
struct Coefficient {
  let name: String
  let value: Double
  /// What counts as all of it: the figure itself, or 1 for a share.
  let unit: Double

  /// The name without its class.
  var key: String { name.split(separator: " ").last.map(String.init) ?? name }

  /// Those that are told by many kernels only, or by no kernel of this project.
  static let fine = untold.union([
    "row_bytes", "l2.bytes_per_s", "launch_us", "tile_bytes_per_s", "wave_loss",
  ])
  /// Those that this project's own kernels do not tell: they have no gradients, and extents in fours.
  static let untold: Set<String> = [
    "unaligned", "input_gradient", "strided_input_gradient", "weight_gradient",
  ]

  func distance(from other: Coefficient) -> Double {
    (value - other.value).magnitude / max(other.unit, unit == 1 ? 1 : 0)
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
    add("gpu_us", device.launch.kernelSeconds)
    add("dram.bytes_per_s", device.memory.bytesPerSecond)
    add("dram.joules_per_byte", device.memory.joulesPerByte)
    add("l2.bytes_per_s", device.memory.cacheBytesPerSecond)
    for rate in device.rates where rate.samples > 0 {
      let name = "\(rate.operation.rawValue) \(rate.type?.name ?? "any") "
      add(name + "joules_per_flop", rate.joulesPerFlop)
      // A launch of its own is held against the board's, which both have.
      add(
        name + "launch_us", rate.launchSeconds,
        unit: device.launch.kernelSeconds + rate.launchSeconds)
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
      if rate.operation == .groupedConvolution { add(name + "group_us", rate.groupSeconds) }
      guard let tiling = rate.tiling else { continue }
      add(name + "tile_bytes_per_s", tiling.fetchBytesPerSecond)
      add(name + "wave_loss", tiling.waveLoss, unit: 1)
      add(name + "unaligned", tiling.unalignedShare, unit: 1)
    }
    return all
  }
}
