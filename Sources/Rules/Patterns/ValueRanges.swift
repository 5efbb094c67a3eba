import Graph

/// Between which numbers the elements of each value lie, whatever the input of the model is.
///
/// Numbers that are not (NaN) are left aside. Linear in the number of nodes.
struct ValueRanges {
  private let ranges: [Value.ID: ClosedRange<Double>]

  /// Every number.
  private static let all = -Double.infinity...Double.infinity

  init(_ scope: Scope) {
    var ranges: [Value.ID: ClosedRange<Double>] = [:]
    for step in scope.steps where step.isCounted || step.state == .free(.view) {
      let operands = step.node.inputs.indices.map { index in
        step.node.inputs[index].flatMap { ranges[$0] } ?? step.constantRange(index) ?? Self.all
      }
      guard let range = Self.range(step, operands), range != Self.all else { continue }
      if let output = step.node.outputs.first, let output { ranges[output] = range }
      guard step.op(is: Split.self) else { continue }
      for case let output? in step.node.outputs { ranges[output] = range }
    }
    self.ranges = ranges
  }

  subscript(id: Value.ID) -> ClosedRange<Double> { ranges[id] ?? Self.all }

  private static func range(_ step: Step, _ x: [ClosedRange<Double>]) -> ClosedRange<Double>? {
    guard let first = x.first, step.outputs[0]?.type.isFloatingPoint ?? false else { return nil }
    switch step.family {
    case Softmax.self: return step.node.op == "LogSoftmax" ? -.infinity...0 : 0...1
    case Clip.self: return step.op(as: Clip.self)?.bounds(step)?.clamping(first)
    case Pooling.self:
      switch step.op(as: Pooling.self)?.kind {
      case .maximum: return first
      // Padding may take part in a mean.
      case .average: return first.joined(0...0)
      case .norm: return 0 ... .infinity
      case nil: return nil
      }
    case GlobalPooling.self: return step.node.op == "GlobalLpPool" ? 0 ... .infinity : first
    case Concat.self: return x.dropFirst().reduce(first) { $0.joined($1) }
    case Transpose.self, Slicing.self, Gather.self, Split.self, Reshape.self, Flatten.self,
      Squeeze.self, Unsqueeze.self, Identity.self, Dropout.self, Expansion.self, Tiling.self:
      return step.isCounted && step.op(is: Dropout.self) ? nil : first
    case Elementwise.self:
      let inputs = step.node.inputs
      // A number times itself.
      if step.node.op == "Mul", inputs.count == 2, inputs[0] == inputs[1] { return 0 ... .infinity }
      return elementwise(step.node.op, first, x)
    case Power.self:
      // To an even power.
      guard let power = step.inputs[1]?.value?.reals, !power.isEmpty,
        power.allSatisfy({ $0.truncatingRemainder(dividingBy: 2) == 0 })
      else { return nil }
      return 0 ... .infinity
    case Reduction.self:
      switch step.node.op {
      case "ReduceMax", "ReduceMean", "ReduceMin": return first
      case "ReduceL1", "ReduceL2", "ReduceSumSquare": return 0 ... .infinity
      default: return nil
      }
    default: return nil
    }
  }

  private static func elementwise(
    _ op: OperatorName, _ first: ClosedRange<Double>, _ x: [ClosedRange<Double>]
  ) -> ClosedRange<Double>? {
    switch op {
    case "Relu": return (0 ... .infinity).clamping(first)
    case "Sigmoid", "HardSigmoid": return 0...1
    case "Tanh", "Softsign", "Erf", "Sin", "Cos": return -1...1
    case "Abs", "Exp", "Sqrt", "Softplus": return 0 ... .infinity
    case "LeakyRelu", "PRelu", "Elu", "Celu": return first.lowerBound >= 0 ? first : nil
    case "Ceil", "Floor", "Round": return first.lowerBound >= 0 ? 0 ... .infinity : nil
    case "Add", "Sum": return x.allSatisfy { $0.lowerBound >= 0 } ? 0 ... .infinity : nil
    case "Mul": return x.allSatisfy { $0.lowerBound >= 0 } ? 0 ... .infinity : nil
    case "Max":
      return (x.map(\.lowerBound).max() ?? -.infinity)...(x.map(\.upperBound).max() ?? .infinity)
    default: return nil
    }
  }
}

extension Step {
  /// Between which numbers the elements of a known operand lie; nil for others.
  fileprivate func constantRange(_ index: Int) -> ClosedRange<Double>? {
    guard inputs.isConstant(index), let numbers = inputs[index]?.value?.reals,
      let low = numbers.min(), let high = numbers.max(), low <= high
    else { return nil }
    return low...high
  }
}

extension ClosedRange<Double> {
  /// The numbers of `other` after each is held between the ends of this range.
  func clamping(_ other: Self) -> Self {
    func held(_ number: Double) -> Double { Swift.min(Swift.max(number, lowerBound), upperBound) }
    return held(other.lowerBound)...held(other.upperBound)
  }

  fileprivate func joined(_ other: Self) -> Self {
    Swift.min(lowerBound, other.lowerBound)...Swift.max(upperBound, other.upperBound)
  }

  func contains(_ other: Self) -> Bool {
    lowerBound <= other.lowerBound && other.upperBound <= upperBound
  }
}

extension Clip {
  /// What the node holds elements between; nil where that is not known, or is nothing.
  func bounds(_ step: Step) -> ClosedRange<Double>? {
    func bound(_ index: Int, _ attribute: Double?, _ none: Double) -> Double? {
      if let attribute { return attribute }
      guard step.inputs.isGiven(index) else { return none }
      guard step.inputs.isConstant(index) else { return nil }
      return step.inputs[index]?.value?.reals.first
    }
    guard let low = bound(1, minimum, -.infinity), let high = bound(2, maximum, .infinity),
      low <= high
    else { return nil }
    return low...high
  }
}
