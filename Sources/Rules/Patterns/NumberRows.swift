import Cost
import Graph

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A few rows of numbers, as they go through the nodes of a region.
///
/// What a function is called is told by its values, however its author has arranged the pieces. The numbers are those
/// of a few made-up rows; weights, which are not read, have made-up numbers too. Of a sum over a row the mean of
/// the made-up row stands for each element.
struct NumberRows {
  /// The rows that the first node reads: ordinary numbers, large ones, and some so small that an epsilon shows.
  static let samples: [[Double]] = [
    [-4.1, -1.3, -0.2, 0.4, 1.7, 3.3], [-9.5, -2.6, -0.7, 0.9, 2.2, 7.4],
    [-2.1e-3, -1.2e-3, -3e-4, 4e-4, 1.1e-3, 2.6e-3],
  ]
  private static let gains = [0.7, 1.3, -0.4, 2.1, 0.9, -1.6]
  static var width: Int { gains.count }

  /// The axes that rows lie along, from the first to the last of the tensor; nil where no node goes over rows.
  let axis: Int?
  /// The elements of a row.
  let length: Int
  /// The weights of the row's length, in order.
  private(set) var weights: [Value.ID] = []
  /// The constants of one element.
  private(set) var numbers: [Double] = []
  /// What the region gives for the samples.
  private(set) var result: [[Double]] = []

  private let operand: TensorInfo
  private var values: [Value.ID: [[Double]]]

  /// Nil where the region does something that numbers alone do not tell.
  init?(_ region: FunctionRegion, _ subject: Subject) {
    guard let operand = subject.tensor(region.operand), operand.type.isFloatingPoint,
      let last = region.nodes.last, let output = subject.output(last),
      let whole = subject.tensor(output), whole.dims == operand.dims, whole.type == operand.type
    else { return nil }
    var axis: Int?
    for node in region.nodes {
      guard let reduced = subject.steps[node].rowAxes else { continue }
      // Rows end with the last axis, and all nodes go over the same.
      guard let first = reduced.first, first < operand.rank,
        reduced == Array(first..<operand.rank),
        axis == nil || axis == first
      else { return nil }
      axis = first
    }
    self.axis = axis
    self.operand = operand
    length = operand.dims[(axis ?? operand.rank)...].reduce(1, saturatingProduct)
    values = [region.operand: Self.samples]
    guard axis == nil || length > 1 else { return nil }
    for node in region.nodes {
      guard let rows = follow(subject.steps[node], subject),
        let output = subject.output(node)
      else { return nil }
      values[output] = rows
    }
    result = values[output] ?? []
    guard result.joined().allSatisfy(\.isFinite) else { return nil }
  }

  /// The made-up numbers of the weight at `index`.
  static func weight(_ index: Int) -> [Double] {
    gains.indices.map { gains[($0 + 2 * index) % gains.count] * (1 + 0.17 * Double(index)) }
  }

  private mutating func follow(_ step: Step, _ subject: Subject) -> [[Double]]? {
    var operands: [[[Double]]] = []
    var computed = 0
    for case let input? in step.node.inputs[Self.followedInputs(of: step)] {
      guard let rows = rows(of: input, subject), let info = subject.tensor(input) else {
        return nil
      }
      if !subject.scope.constants[input] {
        computed += 1
        // Rows and their moments lie beside one another, or numbers would meet others than their own.
        guard info.dims == operand.dims || isMoment(info, keepsAxes: computed > 1) else {
          return nil
        }
      }
      operands.append(rows)
    }
    guard let first = operands.first else { return nil }
    let name = step.node.op.name
    if let moment = Self.moments[name] {
      return first.map { row in
        [Double](repeating: moment(row, Double(length)), count: Self.width)
      }
    }
    if name == "Softmax" { return first.map { Self.shares(of: $0, Double(length)) } }
    if let function = Self.unary[name] { return first.map { $0.map(function) } }
    switch name {
    case "Cast", "Dropout", "Identity", "Squeeze", "Unsqueeze": return first
    case "HardSigmoid":
      guard let alpha = try? step.node.float("alpha") ?? 0.2,
        let beta = try? step.node.float("beta") ?? 0.5
      else { return nil }
      return first.map { $0.map { min(max(alpha * $0 + beta, 0), 1) } }
    case "Clip":
      guard let bounds = step.op(as: Clip.self)?.bounds(step) else { return nil }
      return first.map { $0.map { min(max($0, bounds.lowerBound), bounds.upperBound) } }
    case "Where":
      guard operands.count == 3 else { return nil }
      return first.indices.map { row in
        first[row].indices.map { operands[first[row][$0] != 0 ? 1 : 2][row][$0] }
      }
    default: break
    }
    guard let function = Self.binary[name] else { return nil }
    return operands.dropFirst().reduce(first) { a, b in
      zip(a, b).map { zip($0, $1).map(function) }
    }
  }

  /// The numbers of a value, made up where it is a weight.
  private mutating func rows(of value: Value.ID, _ subject: Subject) -> [[Double]]? {
    if let known = values[value] { return known }
    guard subject.scope.constants[value], let info = subject.tensor(value) else { return nil }
    let row: [Double]
    if let axis, info.shape.count == length, weights.count < 2,
      Array(info.dims.suffix(operand.rank - axis)) == Array(operand.dims[axis...])
    {
      row = Self.weight(weights.count)
      weights.append(value)
    } else if let number = info.theNumber {
      numbers.append(number)
      row = [Double](repeating: number, count: Self.width)
    } else {
      return nil
    }
    values[value] = Self.samples.map { _ in row }
    return values[value]
  }

  /// Whether the value has one element for each row.
  private func isMoment(_ info: TensorInfo, keepsAxes: Bool) -> Bool {
    guard let axis else { return false }
    let kept = operand.dims[..<axis] + operand.dims[axis...].map { _ in 1 }
    return info.dims == Array(kept) || !keepsAxes && info.dims == Array(operand.dims[..<axis])
  }
}

extension NumberRows {
  /// Whether nodes of this operator can be followed.
  static func follows(_ name: String) -> Bool { followed.contains(name) }

  private static let followed = others.union(unary.keys).union(binary.keys).union(moments.keys)

  /// The operands whose numbers are followed: a reduction's axes are none.
  static func followedInputs(of step: Step) -> Range<Int> {
    0..<min(step.node.inputs.count, step.op(is: Reduction.self) ? 1 : 3)
  }

  private static let others: Set<String> = [
    "Cast", "Clip", "Dropout", "HardSigmoid", "Identity", "Softmax", "Squeeze", "Unsqueeze",
    "Where",
  ]

  private static let unary: [String: @Sendable (Double) -> Double] = [
    "Abs": { $0.magnitude }, "Erf": { erf($0) }, "Exp": { exp($0) }, "Log": { log($0) },
    "Neg": { -$0 }, "Reciprocal": { 1 / $0 }, "Relu": { max($0, 0) },
    "Sigmoid": { 1 / (1 + exp(-$0)) }, "Softplus": { log1p(exp($0)) }, "Sqrt": { $0.squareRoot() },
    "Tanh": { tanh($0) },
  ]

  private static let binary: [String: @Sendable (Double, Double) -> Double] = [
    "Add": { $0 + $1 }, "Sum": { $0 + $1 }, "Sub": { $0 - $1 }, "Mul": { $0 * $1 },
    "Div": { $0 / $1 }, "Pow": { pow($0, $1) }, "Max": { max($0, $1) }, "Min": { min($0, $1) },
    "Greater": { $0 > $1 ? 1 : 0 }, "GreaterOrEqual": { $0 >= $1 ? 1 : 0 },
    "Less": { $0 < $1 ? 1 : 0 }, "LessOrEqual": { $0 <= $1 ? 1 : 0 },
  ]

  /// What reductions make of a row that stands for one of a given length.
  private static let moments: [String: @Sendable ([Double], Double) -> Double] = [
    "ReduceMean": { row, _ in mean(row) },
    "ReduceSum": { row, length in mean(row) * length },
    "ReduceMax": { row, _ in row.reduce(-.infinity) { max($0, $1) } },
    "ReduceSumSquare": { row, length in mean(row.map { $0 * $0 }) * length },
    "ReduceL2": { row, length in (mean(row.map { $0 * $0 }) * length).squareRoot() },
    "ReduceLogSumExp": { row, length in log(mean(row.map { exp($0) }) * length) },
  ]

  static func mean(_ row: [Double]) -> Double { row.reduce(0, +) / Double(row.count) }

  /// The softmax of a row that stands for one of `length` elements.
  static func shares(of row: [Double], _ length: Double) -> [Double] {
    let powers = row.map { exp($0) }
    let sum = mean(powers) * length
    return powers.map { $0 / sum }
  }
}

extension Step {
  /// The axes that the node goes over, in ascending order; nil where it does not.
  fileprivate var rowAxes: [Int]? {
    if let reduction = op(as: Reduction.self) { return try? reduction.reducedAxes(inputs) }
    guard let softmax = op(as: Softmax.self), let shape = inputs[0]?.shape else { return nil }
    return (try? shape.axis(softmax.axis)).map { softmax.flattens ? Array($0..<shape.rank) : [$0] }
  }
}

extension TensorInfo {
  /// The number that all elements are; nil where they differ or are not known.
  var theNumber: Double? {
    guard let reals = value?.reals, let first = reals.first, reals.allSatisfy({ $0 == first })
    else {
      return nil
    }
    return first
  }
}
