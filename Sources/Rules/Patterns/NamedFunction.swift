import Graph

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A function that frameworks and ONNX have as one operator.
struct NamedFunction: Sendable {
  /// With its article, as in "a SiLU".
  var title: String
  /// ONNX's operator, and the first version of the operator set that has it.
  var op: OperatorName
  var opset: Int
  var attributes: [Attribute] = []
  /// The weights among its operands, by their place among those of the region; nil for ones.
  var weights: [Int?] = []
  /// What to write in the source.
  var source: String

  /// The function that `rows` are the values of; nil where that has no name.
  ///
  /// Where two fit, as the two forms of GELU do in few bits, the closer one holds.
  init?(_ rows: NumberRows, _ type: ElementType) {
    let tolerance = Self.tolerance(type)
    let candidates = rows.axis.map { Self.overRows(rows, $0) } ?? Self.plain
    var best: (error: Double, function: NamedFunction)?
    for (function, values) in candidates {
      let error = Self.error(of: rows.result, against: values, upTo: tolerance)
      if let error, error < best?.error ?? .infinity { best = (error, function) }
    }
    if rows.axis == nil,
      let (error, function) = Self.swish(rows.result, of: NumberRows.samples, tolerance),
      error < best?.error ?? .infinity
    {
      best = (error, function)
    }
    guard let best else { return nil }
    self = best.function
  }

  private init(
    _ title: String, _ op: OperatorName, _ opset: Int, _ attributes: [Attribute] = [],
    weights: [Int?] = [], source: String
  ) {
    (self.title, self.op, self.opset) = (title, op, opset)
    (self.attributes, self.weights, self.source) = (attributes, weights, source)
  }

  /// Numbers that tell nearly every other function from those with a name.
  static let probes = [0.4, 1.7]

  /// Whether what gives these results for the probes may be a function of elements that has a name.
  static func mayBe(_ results: [Double], _ type: ElementType) -> Bool {
    let tolerance = tolerance(type)
    return probed.contains { error(of: results, against: $0, upTo: tolerance) != nil }
      || swish(results, of: probes, tolerance) != nil
  }

  /// What those without a parameter give for the probes.
  private static let probed = plain.map { candidate in
    zip(NumberRows.samples, candidate.values).filter { probes.contains($0.0) }.map(\.1)
  }

  /// Constants are rounded to the type before anybody sees them.
  private static func tolerance(_ type: ElementType) -> Double {
    type == .float32 || type == .float64 ? 2e-5 : 4e-3
  }

  /// The largest error of `numbers`, in relation; nil where it is above `tolerance`.
  private static func error(
    of numbers: [Double], against exact: some Sequence<Double>, upTo tolerance: Double
  ) -> Double? {
    var largest = 0.0
    for (number, exact) in zip(numbers, exact) {
      largest = max(largest, (number - exact).magnitude / (exact.magnitude + 1e-2))
      guard largest <= tolerance else { return nil }
    }
    return largest
  }

  private typealias Candidate = (function: NamedFunction, values: [Double])

  private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
  private static func softplus(_ x: Double) -> Double { log1p(exp(x)) }
  private static func values(_ function: (Double) -> Double) -> [Double] {
    NumberRows.samples.map(function)
  }

  /// Those that have no parameter.
  private static let plain: [Candidate] = [
    (
      NamedFunction("a GELU", "Gelu", 20, source: "F.gelu(x)"),
      values { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) }
    ),
    (
      NamedFunction(
        "a GELU by tanh", "Gelu", 20, [Attribute("approximate", .string("tanh"))],
        source: "F.gelu(x, approximate=\"tanh\")"),
      values {
        0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
      }
    ),
    (
      NamedFunction("a hard swish", "HardSwish", 14, source: "F.hardswish(x)"),
      values { $0 * min(max($0 / 6 + 0.5, 0), 1) }
    ),
    (
      NamedFunction(
        "a hard sigmoid", "HardSigmoid", 6, [Attribute("alpha", .float(1 / 6))],
        source: "F.hardsigmoid(x)"),
      values { min(max($0 / 6 + 0.5, 0), 1) }
    ),
    (
      NamedFunction("a Mish", "Mish", 18, source: "F.mish(x)"),
      values { $0 * tanh(softplus($0)) }
    ),
    (
      NamedFunction("a softplus", "Softplus", 1, source: "F.softplus(x)"),
      values(softplus)
    ),
    (
      NamedFunction("a sigmoid", "Sigmoid", 6, source: "torch.sigmoid(x)"),
      values(sigmoid)
    ),
  ]

  /// A number times a sigmoid of it, and how far off that is; nil where `result` is something else.
  private static func swish(_ result: [Double], of samples: [Double], _ tolerance: Double)
    -> (Double, NamedFunction)?
  {
    // The factor within the sigmoid follows from one value.
    guard let place = samples.firstIndex(of: probes[0]) else { return nil }
    let (x, y) = (samples[place], result[place])
    let alpha = log(y / (x - y)) / x
    guard alpha.isFinite, alpha > 0.1, alpha < 10 else { return nil }
    let isPlain = (alpha - 1).magnitude < 1e-3
    let isQuick = (alpha - 1.702).magnitude < 1e-2
    let exact = samples.lazy.map { $0 * sigmoid(isPlain ? $0 : alpha * $0) }
    guard let error = error(of: result, against: exact, upTo: tolerance) else { return nil }
    let function = NamedFunction(
      isPlain ? "a SiLU" : isQuick ? "a quick GELU" : "a swish", "Swish", 24,
      isPlain ? [] : [Attribute("alpha", .float(alpha))],
      source: isPlain ? "F.silu(x)" : "a function under torch.compile")
    return (error, function)
  }

  private static func overRows(_ rows: NumberRows, _ axis: Int) -> [Candidate] {
    var all: [Candidate] = []
    let length = Double(rows.length)
    let axisAttribute = Attribute("axis", .int(axis))
    if rows.weights.isEmpty {
      let shares = NumberRows.eachRow(NumberRows.samples) { NumberRows.shares(of: $0, length) }
      all += [
        (
          NamedFunction(
            "a softmax", "Softmax", 13, [axisAttribute], source: "F.softmax(x, dim=-1)"), shares
        ),
        (
          NamedFunction(
            "a logarithm of a softmax", "LogSoftmax", 13, [axisAttribute],
            source: "F.log_softmax(x, dim=-1)"), shares.map { log($0) }
        ),
      ]
    }
    let epsilons = [0] + rows.numbers.filter { $0 > 0 && $0 < 0.1 }
    // Which weight is the gain and which the bias, only their values tell.
    let orders: [[Int?]] =
      switch rows.weights.count {
      case 0: [[nil, nil]]
      case 1: [[0, nil], [nil, 0]]
      default: [[0, 1], [1, 0]]
      }
    for epsilon in epsilons {
      let attributes = [axisAttribute, Attribute("epsilon", .float(epsilon))]
      let roots = NumberRows.eachRow(NumberRows.samples) { row in
        normalised(Array(row), NumberRows.mean(row.map { $0 * $0 }), epsilon)
      }
      let deviations = NumberRows.eachRow(NumberRows.samples) { row in
        let differences = row.map { $0 - NumberRows.mean(row) }
        return normalised(differences, NumberRows.mean(differences.map { $0 * $0 }), epsilon)
      }
      for order in orders {
        if order[1] == nil {
          all.append(
            (
              NamedFunction(
                "an RMS normalisation", "RMSNormalization", 23, attributes, weights: [order[0]],
                source: "F.rms_norm"), scaled(roots, order)
            ))
        }
        all.append(
          (
            NamedFunction(
              "a layer normalisation", "LayerNormalization", 17, attributes,
              weights: order[1] == nil ? [order[0]] : order, source: "F.layer_norm"),
            scaled(deviations, order)
          ))
      }
    }
    return all
  }

  private static func normalised(_ row: [Double], _ square: Double, _ epsilon: Double) -> [Double] {
    row.map { $0 / (square + epsilon).squareRoot() }
  }

  /// `rows` times the gain plus the bias, as far as there are these.
  private static func scaled(_ rows: [Double], _ order: [Int?]) -> [Double] {
    let gain = order[0].map(NumberRows.weight)
    let bias = order[1].map(NumberRows.weight)
    return rows.indices.map { index in
      let column = index % NumberRows.width
      return rows[index] * (gain?[column] ?? 1) + (bias?[column] ?? 0)
    }
  }
}
