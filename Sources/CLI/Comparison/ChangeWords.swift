import Cost
import Graph
import Rules

// What the reports of changes say in the same words.

extension Number {
  /// A change as a share: `+12 %`, `-3.4 %`, `0 %`.
  static func change(_ share: Double) -> String {
    share < 0 ? "-\(percent(-share))" : share > 0 ? "+\(percent(share))" : "0 %"
  }

  /// How a count has changed: `+12 %`; from nothing, in words.
  static func change(_ before: Int, _ after: Int) -> String {
    if before == after { return "same" }
    if before <= 0 { return "from nothing" }
    return change(Double(after) / Double(before) - 1)
  }
}

extension Interval {
  /// `+12 % [+9.0 % .. +15 %]`.
  var changeText: String {
    low == value && high == value
      ? Number.change(value)
      : "\(Number.change(value)) [\(Number.change(low)) .. \(Number.change(high))]"
  }

  /// `+1.3 mJ/inf [+0.9 .. +1.7]`.
  func signedText(_ unit: String) -> String {
    let scale = Scale(for: [value, low, high], unit: unit)
    func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + scale.text(value) }
    if low == value, high == value { return "\(signed(value)) \(scale.unit)" }
    return "\(signed(value)) \(scale.unit) [\(signed(low)) .. \(signed(high))]"
  }

  /// Whether it is not sure that there is any change at all.
  var isUndecided: Bool { low < 0 && high > 0 }
}

/// The words for one change.
struct ChangeWords {
  let change: ModelChange
  let revision: BaseRevision?

  var title: String {
    guard let old = change.pair.basePath, old != change.pair.path else { return change.pair.path }
    return "\(old) -> \(change.pair.path)"
  }

  /// `new`, `removed`, `renamed`; nil for a model that was just changed.
  var fate: String? {
    switch change.pair.fate {
    case .added: "new"
    case .removed: "removed"
    case .renamed: "renamed"
    case .modified, .unchanged: nil
    }
  }

  /// `origin/main (1a2b3c4)`; nil where files are compared.
  var against: String? { revision.map { "\($0.name) (\($0.commit.prefix(7)))" } }

  /// The unit of energy figures: `J/inf`.
  var unit: String {
    "J/\(change.comparison?.portions.head.symbol ?? Per.inference.symbol)"
  }

  /// What one portion takes before and after: `11.2 -> 12.5 mJ/inf`; one figure where there is one side.
  var figures: String {
    let bound = (change.shown?.isPartial ?? false) ? "at least " : ""
    guard let comparison = change.comparison, let base = change.base, let head = change.head else {
      let joules = change.shown?.estimate.joulesPerInference.value ?? 0
      return bound + Number.text(joules, unit: "J/inf")
    }
    let before = base.estimate.joules.value / comparison.portions.base.count
    let after = head.estimate.joules.value / comparison.portions.head.count
    let scale = Scale(for: [before, after], unit: unit)
    if before == after { return "\(bound)\(scale.text(after)) \(scale.unit)" }
    return "\(bound)\(scale.text(before)) -> \(scale.text(after)) \(scale.unit)"
  }

  /// The change in a word: `+12 % [+9.0 % .. +15 %]`, `new`.
  var headline: String {
    guard let comparison = change.comparison else { return fate ?? "" }
    if change.isSame { return "no change" }
    return comparison.difference.joulesShare?.changeText
      ?? comparison.difference.joules.signedText(unit)
  }

  /// What accounts for most of it: `convolution +1.20 mJ/inf, add +0.10 mJ/inf`; nil for no change.
  var cause: String? {
    guard let comparison = change.comparison else { return nil }
    let total = comparison.difference.joules.value
    let layers = comparison.layers.filter {
      $0.increase.magnitude > 0.05 * total.magnitude && $0.increase != 0
    }.prefix(3)
    guard total != 0, !layers.isEmpty else { return nil }
    let parts = layers.map { layer in
      "\(layer.layer.rawValue) \(Interval(exactly: layer.increase).signedText(unit))"
    }
    return parts.joined(separator: ", ") + nodeCounts
  }

  /// `; 2 nodes added, 3 changed`; empty where there are none.
  private var nodeCounts: String {
    let nodes = change.comparison?.nodes ?? []
    let counts = [NodeChange.Kind.added, .removed, .changed].compactMap { kind -> String? in
      let count = nodes.count { $0.kind == kind }
      return count == 0 ? nil : "\(count) \(kind.rawValue)"
    }
    return counts.isEmpty ? "" : "; nodes: \(counts.joined(separator: ", "))"
  }

  /// Figures other than energy, each before and after.
  var rows: [(name: String, before: String, after: String, change: String)] {
    guard let comparison = change.comparison, let base = change.base, let head = change.head else {
      return []
    }
    func bytes(_ count: Int) -> String { Number.text(Double(count), unit: "B") }
    func joules(_ costed: Costed, _ portion: Portion) -> String {
      Number.text(costed.estimate.joules.value / portion.count, unit: unit)
    }
    func seconds(_ costed: Costed, _ portion: Portion) -> String {
      Number.text(costed.estimate.seconds.value / portion.count, unit: "s")
    }
    func row(
      _ name: String, _ figure: (Costed) -> Int, _ text: (Int) -> String = { Number.text($0) }
    ) -> (name: String, before: String, after: String, change: String) {
      let (before, after) = (figure(base), figure(head))
      return (name, text(before), text(after), Number.change(before, after))
    }
    let portions = comparison.portions
    return [
      (
        "energy", joules(base, portions.base), joules(head, portions.head),
        comparison.difference.joules.signedText(unit)
      ),
      (
        "time", seconds(base, portions.base), seconds(head, portions.head),
        comparison.difference.seconds.signedText("s")
      ),
      row("MACs", { $0.totals.work.macs }),
      row("elementwise FLOPs", { $0.totals.work.elementwise }),
      row("parameters", { $0.totals.parameters }),
      row("weights", { $0.totals.parameterBytes }, bytes),
      row("peak activations", { $0.totals.peakActivationBytes }, bytes),
      row("memory traffic", { $0.estimate.kernelTraffic }, bytes),
      row("kernels", { $0.estimate.launches }),
    ]
  }

  /// A training run and a lifecycle, where asked for: `Training: 74.5 -> 80.1 kJ, +7.5 %, +5.6 kJ [..]`.
  var phases: [String] {
    guard let base = change.base, let head = change.head else { return [] }
    func line(
      _ name: String, _ before: Interval?, _ after: Interval?, _ difference: Interval?,
      per factor: Double, _ unit: String
    )
      -> String?
    {
      guard let before, let after, let difference else { return nil }
      let scale = Scale(for: [before.value / factor, after.value / factor], unit: unit)
      let share = before.value > 0 ? "\(Number.change(after.value / before.value - 1)), " : ""
      return
        "\(name): \(scale.text(before.value / factor)) -> \(scale.text(after.value / factor)) \(scale.unit), "
        + share + (difference / factor).signedText(unit)
    }
    var lines: [String] = []
    if let training = line(
      "training", base.training?.joules, head.training?.joules, change.comparison?.training,
      per: 1, "J")
    {
      lines.append(training)
    }
    if let lifecycle = head.lifecycle, !lifecycle.phases.isEmpty,
      let text = line(
        "lifecycle", base.lifecycle?.total, lifecycle.total, change.comparison?.lifecycle,
        per: 3600, "Wh")
    {
      let grams = change.comparison?.lifecycle.map { lifecycle.grams($0).value } ?? 0
      lines.append(
        "\(text), \(grams < 0 ? "-" : "+")\(Number.mass(grams.magnitude)) CO2e")
    }
    return lines
  }

  /// The findings that came and went: `2 new findings, 1 gone, 3 as before`; nil where there are none.
  var findings: String? {
    let findings =
      change.comparison?.findings ?? FindingChange(from: change.base?.lint, to: change.head?.lint)
    guard change.head != nil else { return nil }
    let parts = [
      findings.new.isEmpty ? nil : counted(findings.new.count, "new finding"),
      findings.gone.isEmpty
        ? nil
        : (findings.new.isEmpty
          ? counted(findings.gone.count, "finding") : "\(findings.gone.count)")
          + " gone",
    ].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}

extension Costed {
  /// Whether something is left out of the figures.
  var isPartial: Bool { estimate.isPartial(totals) }
}

extension NodeChange {
  /// `Conv /neck/conv3`, `Relu -> HardSwish /act`.
  var label: String { "\(formerOp.map { "\($0) -> " } ?? "")\(op) \(name)".printable }

  /// `1x256x40x40 -> 1x512x40x40`; one shape where nothing changes.
  var shapes: String {
    let shapes = [formerOutput, output].compactMap(\.self)
    guard shapes.count == 2, shapes[0] != shapes[1] else { return shapes.last ?? "" }
    return "\(shapes[0]) -> \(shapes[1])"
  }

  /// What it adds, in the unit of a table; nothing where it is below what its last digit shows.
  func increaseText(_ scale: Scale) -> String {
    increase == 0 ? "0" : (increase > 0 ? "+" : "") + scale.text(increase)
  }
}
