import Cost
import Graph
import Rules

// What the reports for people say in the same words.

extension Estimate {
  /// Whether something is left out of the figures, which are then lower bounds.
  func isPartial(_ totals: Totals) -> Bool {
    totals.coverage.uncountedNodes > 0 || !unpriced.isEmpty
  }

  /// The types that matrix products are done in, those with the most work first: `fp32`, `int8+fp32`.
  var precisionName: String? {
    if let precision = scenario.precision { return precision.rawValue }
    var macs: [(type: ElementType, count: Double)] = []
    for kernel in kernels {
      for contraction in kernel.contractions {
        let count = Double(contraction.macs) * Double(kernel.launches)
        if let index = macs.firstIndex(where: { $0.type == contraction.type }) {
          macs[index].count += count
        } else {
          macs.append((contraction.type, count))
        }
      }
    }
    guard !macs.isEmpty else { return nil }
    return macs.sorted { $1.count < $0.count }.map { $0.type.shortName }.joined(separator: "+")
  }
}

extension Costed {
  /// How the model is run: `t4`, `fp32`, `batch 1`, `fused`.
  var conditions: [String] {
    [
      estimate.device.name, estimate.precisionName, "batch \(analysis.binding.batch)",
      estimate.scenario.runtime.rawValue,
    ].compactMap { $0 }
  }
}

extension Costed {
  /// What one portion takes, with bounds: `at least 610 mJ/inf [500 .. 740]` where not all of it is priced.
  func joulesText(_ portion: Portion) -> String {
    let joules = (estimate.joules / portion.count).text("J/\(portion.symbol)")
    return (estimate.isPartial(totals) ? "at least " : "") + joules
  }

  /// How long one portion takes: `9.10 ms`.
  func secondsText(_ portion: Portion) -> String {
    Number.text(estimate.seconds.value / portion.count, unit: "s")
  }
}

extension LintResult {
  /// How many findings are known already: `2 findings ignored, 1 in the baseline`.
  var suppressedWords: String {
    let known = suppressed.count { $0.cause == .baseline }
    let ignored = suppressed.count - known
    if ignored == 0 { return "\(counted(known, "finding")) in the baseline" }
    return "\(counted(ignored, "finding")) ignored"
      + (known > 0 ? ", \(known) in the baseline" : "")
  }
}

extension ElementType {
  fileprivate var shortName: String {
    switch self {
    case .float32: "fp32"
    case .float16: "fp16"
    case .float64: "fp64"
    case .bfloat16: "bf16"
    default: name
    }
  }
}

extension Device.Provenance.Kind {
  var words: String {
    switch self {
    case .microbenchmark: "measured on one board"
    case .publishedMeasurements: "published measurements"
    case .datasheet: "data sheet"
    }
  }
}

extension Interval {
  /// `610 mJ/inf [500 .. 740]`.
  func text(_ unit: String) -> String {
    let scale = Scale(for: [value, low, high], unit: unit)
    return "\(scale.text(value)) \(scale.unit) [\(scale.text(low)) .. \(scale.text(high))]"
  }
}
