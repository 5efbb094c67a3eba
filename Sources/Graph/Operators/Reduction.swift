/// The `Reduce…` operators: sums, means, extremes and norms along axes.
///
/// The axes are an attribute in older opsets and an operand in newer ones. To add an operator, add its line to
/// `table`. https://onnx.ai/onnx/operators/onnx__ReduceSum.html
package struct Reduction: Operator {
  /// What a reduction does with each element, and with each result.
  struct Rule: Sendable {
    /// Elementary operations for each element before it is taken in, which is one more.
    var before = 0
    var transcendentalsBefore = 0
    /// Elementary operations for each result.
    var after = 0
    var transcendentalsAfter = 0
    var evaluation: Evaluation?
  }

  /// How a result is computed where shapes depend on it.
  struct Evaluation: Sendable {
    let operation: Arithmetic
    /// The result of nothing at all; nil where it is not defined.
    var empty: Int?
    /// Whether the result is divided by the number of elements.
    var isMean = false
  }

  static let table: [OperatorName: Rule] = [
    "ReduceMax": Rule(evaluation: Evaluation(operation: .maximum)),
    "ReduceMin": Rule(evaluation: Evaluation(operation: .minimum)),
    "ReduceSum": Rule(evaluation: Evaluation(operation: .sum, empty: 0)),
    "ReduceProd": Rule(evaluation: Evaluation(operation: .product, empty: 1)),
    // The quotient is one operation for each result, and a sum takes one less than it has terms.
    "ReduceMean": Rule(evaluation: Evaluation(operation: .sum, isMean: true)),
    // |x|.
    "ReduceL1": Rule(before: 1),
    // x², and a root.
    "ReduceL2": Rule(before: 1, after: 1),
    "ReduceSumSquare": Rule(before: 1),
    "ReduceLogSum": Rule(after: 1, transcendentalsAfter: 1),
    // Less the maximum, exp; then log, plus the maximum. Finding the maximum is a reduction of its own.
    "ReduceLogSumExp": Rule(
      before: 3, transcendentalsBefore: 1, after: 2, transcendentalsAfter: 1),
  ]

  package static var names: [OperatorName] { table.keys.sorted() }

  package let name: OperatorName
  /// The axes where they are an attribute; nil where they are an operand or left out.
  package let axes: [Int]?
  package let keepsAxes: Bool
  /// Whether no axes mean no reduction, rather than a reduction over all of them.
  package let isNothingWithoutAxes: Bool
  private let rule: Rule

  package init(_ node: Node) throws(OperatorError) {
    guard let rule = Self.table[node.op] else { throw .unsupported(node.op) }
    self.name = node.op
    self.rule = rule
    axes = try node.ints("axes")
    keepsAxes = try node.flag("keepdims", default: true)
    isNothingWithoutAxes = try node.flag("noop_with_empty_axes")
  }

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    let reduced = try reducedAxes(x)
    let shape = try input.shape.reduced(reduced, keepsAxes: keepsAxes)
    return [.tensor(input.type, shape, value: value(input, reduced))]
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let perElement = Work(
      elementwise: rule.before + 1, transcendentals: rule.transcendentalsBefore)
    let perResult = Work(elementwise: rule.after, transcendentals: rule.transcendentalsAfter)
    return perElement.times(try x.required(0).shape.count)
      + perResult.times(try y.required(0).shape.count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }

  /// The axes reduced, in ascending order.
  package func reducedAxes(_ x: Operands) throws(OperatorError) -> [Int] {
    let shape = try x.required(0).shape
    guard let named = try x.integers(1, or: axes), !named.isEmpty else {
      return isNothingWithoutAxes ? [] : Array(shape.dims.indices)
    }
    return try shape.axes(named)
  }

  private func value(_ input: TensorInfo, _ reduced: [Int]) -> TensorValue? {
    guard let evaluation = rule.evaluation, input.shape.isFollowed, let elements = input.elements,
      let groups = input.shape.groups(along: reduced)
    else { return nil }
    var results: TensorValue? = input.type.isInteger ? .integers([]) : .reals([])
    for group in groups {
      var result =
        group.isEmpty
        ? evaluation.empty.flatMap { TensorValue($0, as: input.type) }
        : elements.picking(group).folded(evaluation.operation, as: input.type)
      if evaluation.isMean, let size = TensorValue(group.count, as: input.type) {
        result = result?.combined(with: size, .quotient, as: input.type)
      }
      results = result.flatMap { results?.joined(with: $0) }
    }
    return results
  }
}

extension Shape {
  /// The shape after a reduction along `axes`, which are in ascending order.
  func reduced(_ axes: [Int], keepsAxes: Bool) throws(OperatorError) -> Shape {
    var extents: [Int?] = dims
    for axis in axes { extents[axis] = keepsAxes ? 1 : nil }
    return try Shape(extents.compactMap { $0 })
  }

  /// The offsets of the elements taken together by a reduction along `axes`, for each result.
  ///
  /// Nil where there are too many results to follow.
  func groups(along axes: [Int]) -> [[Int]]? {
    guard let kept = try? reduced(axes, keepsAxes: true), kept.isFollowed else { return nil }
    let strides = kept.strides(broadcastTo: self)
    var groups = [[Int]](repeating: [], count: kept.count)
    var offset = 0
    forEachPosition { position in
      groups[position.offset(strides)].append(offset)
      offset += 1
    }
    return groups
  }
}
