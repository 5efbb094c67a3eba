import Cost
import Graph

/// Where a model's energy goes: what it takes in all, by layer class, and by its costliest nodes.
struct CostTables {
  private let costed: Costed
  private let top: Int
  private let portion: Portion
  private let scale: Scale

  init(_ costed: Costed, per portion: Portion, top: Int?) {
    self.costed = costed
    self.top = top ?? 10
    self.portion = portion
    let joules = costed.estimate.nodes.map { ($0?.joules ?? 0) }
    scale = Scale(for: [joules.reduce(0, +) / portion.count], unit: "J/\(portion.symbol)")
  }

  var text: String { "\n" + totals + "\n" + classes + "\n" + nodes + "\n" }

  private var totals: String {
    let totals = costed.totals
    let rows: [(String, String)] = [
      ("MACs", Number.text(totals.work.macs)),
      ("elementwise FLOPs", Number.text(totals.work.elementwise)),
      ("parameters", "\(Number.text(totals.parameters)) (\(bytes(totals.parameterBytes)))"),
      (
        "activations",
        "\(bytes(totals.activationBytes)), at most \(bytes(totals.peakActivationBytes)) at a time"
      ),
      (
        "memory traffic",
        "\(bytes(totals.work.traffic)) by node, \(bytes(costed.estimate.kernelTraffic)) by kernel"
      ),
      ("kernels", Number.text(costed.estimate.launches)),
      ("power", Number.text(costed.estimate.watts, unit: "W")),
    ]
    let width = rows.map { $0.0.count }.max() ?? 0
    return rows.map { name, value in
      "  \(name)\(String(repeating: " ", count: width - name.count))  \(value)\n"
    }.joined()
  }

  private func bytes(_ count: Int) -> String { Number.text(Double(count), unit: "B") }

  private var classes: String {
    var table = Table([
      (scale.unit, .point), ("share", .right), ("nodes", .right), ("layer class", .left),
    ])
    for sum in costed.estimate.layerSums {
      table.add(figures(sum.joules) + [sum.nodes.description, sum.layer.rawValue])
    }
    return table.text
  }

  private var nodes: String {
    let analysis = costed.analysis
    let costs = costed.estimate.nodes.enumerated().compactMap { index, cost in
      cost.flatMap { $0.joules > 0 ? (offset: index, element: $0) : nil }
    }
    var table = Table([
      (scale.unit, .point), ("share", .right), ("MACs", .right), ("output", .left),
      ("costliest nodes", .left),
    ])
    for (index, cost) in costs.sorted(by: { before($0, $1, \.joules) }).prefix(top) {
      let placement = analysis.placements[index]
      let step = analysis[placement]
      let macs = saturatingProduct(step.work.macs, placement.executions)
      table.add(
        figures(cost.joules) + [
          macs == 0 ? "" : Number.text(macs),
          step.outputs.tensors.first?.shape.description ?? "",
          "\(step.node.op) \(analysis.scopes[placement.scope].label(placement.node))".printable,
        ])
    }
    return table.text
  }

  /// The energy of one portion and its share.
  private func figures(_ joules: Double) -> [String] {
    let all = costed.estimate.joules.value
    return [scale.text(joules / portion.count), all > 0 ? Number.percent(joules / all) : ""]
  }

  /// Dearer first; the earlier of equals.
  private func before<Element>(
    _ a: (offset: Int, element: Element), _ b: (offset: Int, element: Element),
    _ joules: (Element) -> Double
  ) -> Bool {
    (joules(b.element), a.offset) < (joules(a.element), b.offset)
  }
}

extension Scope {
  /// What people call a node: its name, or its first result where it has none.
  func label(_ id: Node.ID) -> String {
    let node = steps[id].node
    guard node.name.isEmpty else { return node.name }
    return node.outputs.first.flatMap { $0 }.map { body.values[$0].name } ?? ""
  }
}
