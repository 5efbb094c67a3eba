import Cost
import Graph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The kernels of a model under the roofs of its device: operations a second over operations for each byte.
///
/// Williams, Waterman, Patterson: Roofline, 2009. Both axes are logarithmic; a circle's area is the kernel's energy.
struct RooflinePlot {
  private static let width = 720.0
  private static let height = 380.0
  private static let margin = (left: 62.0, right: 24.0, top: 14.0, bottom: 44.0)
  /// The least dear of more kernels than these are left out.
  private static let most = 400

  private let device: Device
  private let points: [Point]
  private let roofs: [(name: String, rate: Double)]
  /// Powers of ten at the ends of the axes.
  private let intensities: ClosedRange<Double>
  private let rates: ClosedRange<Double>

  private struct Point {
    var name: String
    var operation: Kernel.Operation
    /// Operations for each byte across memory.
    var intensity: Double
    /// Operations a second.
    var rate: Double
    var share: Double
  }

  init(_ estimate: Estimate) {
    device = estimate.device
    let points = Self.points(of: estimate)
    self.points = Array(points.prefix(Self.most))
    roofs = Self.roofs(of: estimate)
    let x = points.map { log10($0.intensity) }
    intensities =
      min(-2, x.min().map { $0.rounded(.down) } ?? 0)...max(3, x.max()?.rounded(.up) ?? 0)
    let y = points.map { log10($0.rate) }
    let top = roofs.map { log10($0.rate) }.max()?.rounded(.up) ?? 13
    rates =
      min(
        top - 4, y.min().map { $0.rounded(.down) } ?? top)...max(top, y.max()?.rounded(.up) ?? top)
  }

  /// The plot as SVG; nil where no kernel computes anything.
  var svg: String? {
    guard !points.isEmpty else { return nil }
    return "<svg viewBox=\"0 0 \(SVG.number(Self.width)) \(SVG.number(Self.height))\" role=\"img\""
      + " aria-label=\"roofline\">\n" + grid + roofLines + circles + legend + "</svg>\n"
  }

  /// The kernels that compute anything, dearest first.
  private static func points(of estimate: Estimate) -> [Point] {
    let analysis = estimate.analysis
    let total = estimate.joules.value
    var points: [Point] = []
    for (kernel, cost) in zip(estimate.kernels, estimate.costs) {
      let work = kernel.work
      let operations = 2 * Double(work.macs) + Double(work.elementwise)
      guard operations > 0, work.traffic > 0, cost.seconds > 0, total > 0,
        let first = kernel.members.first
      else { continue }
      let node = analysis[analysis.placements[first]].node
      points.append(
        Point(
          name: node.name.isEmpty ? "\(node.op)" : node.name, operation: kernel.operation,
          intensity: operations / Double(work.traffic), rate: operations / cost.seconds,
          share: cost.joules * Double(kernel.launches) / total))
    }
    return points.enumerated().sorted {
      ($1.element.share, $0.offset) < ($0.element.share, $1.offset)
    }.map(\.element)
  }

  /// What matrix products reach at best in each type that the model computes in.
  private static func roofs(of estimate: Estimate) -> [(name: String, rate: Double)] {
    var roofs: [(name: String, rate: Double)] = []
    for kernel in estimate.kernels where !kernel.contractions.isEmpty {
      let rates = [.gemm, kernel.operation].compactMap {
        estimate.device.rate($0, kernel.type)?.flopsPerSecond
      }
      guard let best = rates.max() else { continue }
      if let index = roofs.firstIndex(where: { $0.name == kernel.type.name }) {
        roofs[index].rate = max(roofs[index].rate, best)
      } else {
        roofs.append((kernel.type.name, best))
      }
    }
    return roofs
  }

  private func x(_ exponent: Double) -> Double {
    let share =
      (exponent - intensities.lowerBound) / (intensities.upperBound - intensities.lowerBound)
    return Self.margin.left + share * (Self.width - Self.margin.left - Self.margin.right)
  }

  private func y(_ exponent: Double) -> Double {
    let share = (exponent - rates.lowerBound) / (rates.upperBound - rates.lowerBound)
    return Self.height - Self.margin.bottom
      - share * (Self.height - Self.margin.top - Self.margin.bottom)
  }

  private var grid: String {
    var svg = ""
    for exponent in stride(from: intensities.lowerBound, through: intensities.upperBound, by: 1) {
      svg += line("grid", x(exponent), y(rates.lowerBound), x(exponent), y(rates.upperBound))
      svg += text(
        SVG.power(exponent), x(exponent), Self.height - 28, anchor: "middle")
    }
    for exponent in stride(from: rates.lowerBound, through: rates.upperBound, by: 1) {
      svg += line(
        "grid", x(intensities.lowerBound), y(exponent), x(intensities.upperBound), y(exponent))
      svg += text(
        SVG.power(exponent), Self.margin.left - 6, y(exponent) + 4,
        anchor: "end")
    }
    svg += text(
      "operations for each byte", x((intensities.lowerBound + intensities.upperBound) / 2),
      Self.height - 8, anchor: "middle")
    svg +=
      "<text class=\"axis\" transform=\"translate(12 \(SVG.number(Self.height / 2))) rotate(-90)\""
    return svg + " text-anchor=\"middle\">operations a second</text>\n"
  }

  private var roofLines: String {
    let memory = log10(device.memory.bytesPerSecond)
    var svg = ""
    for roof in roofs.enumerated() {
      let level = log10(roof.element.rate)
      // The slope ends where it meets the roof, and begins where it enters the plot.
      let corner = min(max(level - memory, intensities.lowerBound), intensities.upperBound)
      let start = max(intensities.lowerBound, rates.lowerBound - memory)
      svg += line("roof", x(start), y(start + memory), x(corner), y(min(level, corner + memory)))
      svg += line("roof", x(corner), y(level), x(intensities.upperBound), y(level))
      svg += text(
        "\(roof.element.name): \(Number.text(roof.element.rate, unit: "FLOP/s"))",
        x(intensities.upperBound) - 4, y(level) - 5, anchor: "end")
    }
    return svg
  }

  private var circles: String {
    points.map { point in
      let radius = max(2, 26 * point.share.squareRoot())
      let title =
        "\(point.name): \(point.operation.rawValue), \(Number.percent(point.share)) of the energy, "
        + "\(Number.text(point.intensity)) operations for each byte, "
        + "\(Number.text(point.rate, unit: "FLOP/s"))"
      return
        "<circle class=\"k\(point.operation.color)\" cx=\"\(SVG.number(x(log10(point.intensity))))\""
        + " cy=\"\(SVG.number(y(log10(point.rate))))\" r=\"\(SVG.number(radius))\">"
        + "<title>\(title.markup)</title></circle>\n"
    }.joined()
  }

  /// The colours of the kinds of kernel that there are.
  private var legend: String {
    var left = Self.margin.left + 8
    var svg = ""
    for operation in Kernel.Operation.allCases
    where points.contains(where: { $0.operation == operation }) {
      let name = operation.rawValue.replacing("_", with: " ")
      svg +=
        "<circle class=\"k\(operation.color)\" cx=\"\(SVG.number(left))\" cy=\"22\" r=\"4\"/>\n"
      svg += text(name, left + 8, 26, anchor: "start")
      left += Double(name.count) * 6.5 + 28
    }
    return svg
  }

  private func line(_ kind: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double)
    -> String
  {
    "<line class=\"\(kind)\" x1=\"\(SVG.number(x1))\" y1=\"\(SVG.number(y1))\" x2=\"\(SVG.number(x2))\" y2=\"\(SVG.number(y2))\"/>\n"
  }

  private func text(_ text: String, _ x: Double, _ y: Double, anchor: String) -> String {
    "<text class=\"axis\" x=\"\(SVG.number(x))\" y=\"\(SVG.number(y))\" text-anchor=\"\(anchor)\">\(text.markup)</text>\n"
  }
}

extension Kernel.Operation {
  /// The number of its colour.
  fileprivate var color: Int { (Self.allCases.firstIndex(of: self) ?? 0) % SVG.colors }
}
