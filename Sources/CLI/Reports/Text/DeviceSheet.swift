import Cost
import Graph

/// A device table as people read it.
struct DeviceSheet {
  private let device: Device

  init(_ device: Device) { self.device = device }

  var text: String { "\(device.name)   \(device.title)\n\n" + facts + "\n" + rates }

  private var facts: String {
    let rows: [(String, String)] = [
      ("compute capability", device.computeCapability),
      ("multiprocessors", device.multiprocessors.description),
      ("memory", Number.text(Double(device.dramBytes), unit: "B")),
      ("second-level cache", Number.text(Double(device.l2Bytes), unit: "B")),
      ("idle, with a program", Number.text(device.power.idleContextWatts, unit: "W")),
      ("power cap", Number.text(device.power.capWatts, unit: "W")),
      ("memory rate", Number.text(device.memory.bytesPerSecond, unit: "B/s")),
      ("cache rate", Number.text(device.memory.cacheBytesPerSecond, unit: "B/s")),
      ("energy of a byte", Number.text(device.memory.joulesPerByte, unit: "J")),
      ("launch of a kernel", Number.text(device.launch.kernelSeconds, unit: "s")),
      ("dispatch by a host", Number.text(device.launch.dispatchSeconds, unit: "s")),
      ("of a layer", Number.text(device.launch.layerDispatchSeconds, unit: "s")),
      ("table made", "\(device.provenance.date) by \(device.provenance.tool)"),
      ("from", device.provenance.kind.words),
    ]
    let width = rows.map { $0.0.count }.max() ?? 0
    var text = ""
    for (name, value) in rows {
      text += "  \(name)\(String(repeating: " ", count: width - name.count))  \(value)\n"
    }
    for source in device.provenance.sources { text += "    \(source)\n" }
    return text
  }

  private var rates: String {
    var table = Table([
      ("operation", .left), ("type", .left), ("FLOP/s", .right), ("B/s", .right),
      ("J/FLOP", .right), ("error", .right), ("samples", .right), ("provider", .left),
    ])
    for rate in device.rates {
      table.add([
        rate.operation.rawValue, rate.type?.name ?? "any",
        Number.text(rate.flopsPerSecond, unit: ""), Number.text(rate.bytesPerSecond, unit: ""),
        Number.text(rate.joulesPerFlop, unit: ""), Number.percent(rate.residualPercent / 100),
        rate.samples.description, rate.provider,
      ])
    }
    return table.text
  }
}
