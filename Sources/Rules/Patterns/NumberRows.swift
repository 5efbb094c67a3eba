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
  /// The rows that the first node reads, one after another: ordinary numbers, large ones, and some so small that an epsilon
  /// shows.
  static let samples: [Double] = [
    -4.1, -1.3, -0.2, 0.4, 1.7, 3.3,
    -9.5, -2.6, -0.7, 0.9, 2.2, 7.4,
    -2.1e-3, -1.2e-3, -3e-4, 4e-4, 1.1e-3, 2.6e-3,
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
  private(set) var result: [Double] = []

  private let operand: TensorInfo
  /// The numbers of the values met so far, of which there are few.
  private var values: [(id: Value.ID, numbers: [Double])]

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
    values = [(region.operand, Self.samples)]
    guard axis == nil || length > 1 else { return nil }
    for node in region.nodes {
      guard let numbers = follow(subject.steps[node], subject),
        let output = subject.output(node)
      else { return nil }
      values.append((output, numbers))
      result = numbers
    }
    guard result.allSatisfy(\.isFinite) else { return nil }
  }

  /// The made-up numbers of the weight at `index`.
  static func weight(_ index: Int) -> [Double] {
    gains.indices.map { gains[($0 + 2 * index) % gains.count] * (1 + 0.17 * Double(index)) }
  }

  private mutating func follow(_ step: Step, _ subject: Subject) -> [Double]? {
    guard let function = Self.functions[step.node.op.name] else { return nil }
    var operands: [[Double]] = []
    var computed = 0
    for case let input? in step.node.inputs[Self.followedInputs(of: step)] {
      guard let numbers = numbers(of: input, subject) else { return nil }
      if !subject.scope.constants[input] {
        computed += 1
        // Rows and their moments lie beside one another, or numbers would meet others than their own.
        guard let info = subject.tensor(input),
          info.dims == operand.dims || isMoment(info, keepsAxes: computed > 1)
        else { return nil }
      }
      operands.append(numbers)
    }
    guard let first = operands.first else { return nil }
    switch function {
    case .same: return first
    case .unary(let function): return first.map(function)
    case .binary(let function):
      return operands.dropFirst().reduce(first) { a, b in
        a.indices.map { function(a[$0], b[$0]) }
      }
    case .moment(let moment):
      return Self.eachRow(first) { row in
        [Double](repeating: moment(row, Double(length)), count: row.count)
      }
    case .shares: return Self.eachRow(first) { Self.shares(of: $0, Double(length)) }
    case .hardSigmoid:
      guard let alpha = try? step.node.float("alpha") ?? 0.2,
        let beta = try? step.node.float("beta") ?? 0.5
      else { return nil }
      return first.map { min(max(alpha * $0 + beta, 0), 1) }
    case .clip:
      guard let bounds = step.op(as: Clip.self)?.bounds(step) else { return nil }
      return first.map { min(max($0, bounds.lowerBound), bounds.upperBound) }
    case .choice:
      guard operands.count == 3 else { return nil }
      return first.indices.map { operands[first[$0] != 0 ? 1 : 2][$0] }
    }
  }

  /// What the node does to each element of the one value that it reads beside constants; nil where that takes more than the
  /// element and numbers.
  static func piece(of step: Step) -> ((Double) -> Double)? {
    guard let function = functions[step.node.op.name] else { return nil }
    var value: Value.ID?
    // Nil for the element.
    var operands: [Double?] = []
    for index in followedInputs(of: step) {
      guard let id = step.node.inputs[index] else { continue }
      if step.inputs.isConstant(index) {
        guard let number = step.inputs[index]?.theNumber else { return nil }
        operands.append(number)
      } else {
        guard value == nil || value == id else { return nil }
        value = id
        operands.append(nil)
      }
    }
    guard let first = operands.first else { return nil }
    switch function {
    case .same where first == nil: return { $0 }
    case .unary(let function) where first == nil: return function
    case .binary(let function) where operands.count == 2:
      let (a, b) = (operands[0], operands[1])
      return { function(a ?? $0, b ?? $0) }
    case .clip where first == nil:
      guard let bounds = step.op(as: Clip.self)?.bounds(step) else { return nil }
      return { min(max($0, bounds.lowerBound), bounds.upperBound) }
    default: return nil
    }
  }

  /// `change` made to each row by itself.
  static func eachRow(_ numbers: [Double], _ change: (ArraySlice<Double>) -> [Double]) -> [Double] {
    stride(from: 0, to: numbers.count, by: width).flatMap { start in
      change(numbers[start..<min(start + width, numbers.count)])
    }
  }

  /// The numbers of a value, made up where it is a weight.
  private mutating func numbers(of value: Value.ID, _ subject: Subject) -> [Double]? {
    if let known = values.last(where: { $0.id == value }) { return known.numbers }
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
    let all = Self.eachRow(Self.samples) { _ in row }
    values.append((value, all))
    return all
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
  static func follows(_ name: String) -> Bool { functions[name] != nil }

  /// The operands whose numbers are followed: a reduction's axes are none.
  static func followedInputs(of step: Step) -> Range<Int> {
    0..<min(step.node.inputs.count, step.op(is: Reduction.self) ? 1 : 3)
  }

  /// What an operator does to numbers.
  private enum Function: Sendable {
    case same, shares, hardSigmoid, clip, choice
    case unary(@Sendable (Double) -> Double)
    case binary(@Sendable (Double, Double) -> Double)
    /// What a reduction makes of a row that stands for one of a given length.
    case moment(@Sendable (ArraySlice<Double>, Double) -> Double)
  }

  private static let functions: [String: Function] = [
    "Cast": .same, "Dropout": .same, "Identity": .same, "Squeeze": .same, "Unsqueeze": .same,
    "Clip": .clip, "HardSigmoid": .hardSigmoid, "Softmax": .shares, "Where": .choice,
    "Abs": .unary { $0.magnitude }, "Erf": .unary { erf($0) }, "Exp": .unary { exp($0) },
    "Log": .unary { log($0) }, "Neg": .unary { -$0 }, "Reciprocal": .unary { 1 / $0 },
    "Relu": .unary { max($0, 0) }, "Sigmoid": .unary { 1 / (1 + exp(-$0)) },
    "Softplus": .unary { log1p(exp($0)) }, "Sqrt": .unary { $0.squareRoot() },
    "Tanh": .unary { tanh($0) },
    "Add": .binary { $0 + $1 }, "Sum": .binary { $0 + $1 }, "Sub": .binary { $0 - $1 },
    "Mul": .binary { $0 * $1 }, "Div": .binary { $0 / $1 }, "Pow": .binary { pow($0, $1) },
    "Max": .binary { max($0, $1) }, "Min": .binary { min($0, $1) },
    "Greater": .binary { $0 > $1 ? 1 : 0 }, "GreaterOrEqual": .binary { $0 >= $1 ? 1 : 0 },
    "Less": .binary { $0 < $1 ? 1 : 0 }, "LessOrEqual": .binary { $0 <= $1 ? 1 : 0 },
    "ReduceMean": .moment { row, _ in mean(row) },
    "ReduceSum": .moment { row, length in mean(row) * length },
    "ReduceMax": .moment { row, _ in row.reduce(-.infinity) { max($0, $1) } },
    "ReduceSumSquare": .moment { row, length in mean(row.map { $0 * $0 }) * length },
    "ReduceL2": .moment { row, length in (mean(row.map { $0 * $0 }) * length).squareRoot() },
    "ReduceLogSumExp": .moment { row, length in log(mean(row.map { exp($0) }) * length) },
  ]

  static func mean(_ row: some Collection<Double>) -> Double {
    row.reduce(0, +) / Double(row.count)
  }

  /// The softmax of a row that stands for one of `length` elements.
  static func shares(of row: ArraySlice<Double>, _ length: Double) -> [Double] {
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
