/// `RNN`, `GRU` and `LSTM`: a layer whose result at each step feeds the next step.
///
/// The input is `steps×N×width`, the weights are `directions×(gates·hidden)×width`, the results are
/// `steps×directions×N×hidden` and the last state of each direction. With `layout` 1 the batch goes first.
/// https://onnx.ai/onnx/operators/onnx__LSTM.html, onnx__GRU.html, onnx__RNN.html
package struct Recurrence: Operator {
  package static let names: [OperatorName] = [
    "GRU", "LSTM", "RNN", "com.microsoft::DynamicQuantizeLSTM",
  ]

  package enum Cell: Hashable, Sendable {
    case simple, gatedUnit, longShortTerm

    /// Matrix rows for each hidden element.
    package var gates: Int {
      switch self {
      case .simple: 1
      case .gatedUnit: 3
      case .longShortTerm: 4
      }
    }
  }

  package let cell: Cell
  package let isBatchFirst: Bool
  /// The functions of the gates, in ONNX's order, for one direction or for each.
  package let activations: [FusedActivation]
  /// Whether weights are integers, `directions×width×(gates·hidden)`, and states are quantised at each step.
  package let isQuantized: Bool

  package init(_ node: Node) throws(OperatorError) {
    switch node.op.name {
    case "GRU": cell = .gatedUnit
    case "RNN": cell = .simple
    default: cell = .longShortTerm
    }
    isBatchFirst = try node.flag("layout")
    isQuantized = node.op.name == "DynamicQuantizeLSTM"
    let named = try node.strings("activations") ?? []
    activations = (named.isEmpty ? Self.functions(of: cell) : named).map { FusedActivation($0) }
  }

  private static func functions(of cell: Cell) -> [String] {
    switch cell {
    case .simple: ["Tanh"]
    case .gatedUnit: ["Sigmoid", "Tanh"]
    case .longShortTerm: ["Sigmoid", "Tanh", "Tanh"]
    }
  }

  package var layer: LayerClass { .recurrence }

  private struct Extents {
    var steps: Int, batch: Int, width: Int, directions: Int, hidden: Int
  }

  private func extents(_ x: Operands) throws(OperatorError) -> Extents {
    let (input, weights, recurrence) = (try x.required(0), try x.required(1), try x.required(2))
    guard input.rank == 3, weights.rank == 3, recurrence.rank == 3 else {
      throw .mismatch("input \(input.shape) with weights \(weights.shape)")
    }
    let extents = Extents(
      steps: input.shape[isBatchFirst ? 1 : 0], batch: input.shape[isBatchFirst ? 0 : 1],
      width: input.shape[2], directions: recurrence.shape[0],
      hidden: recurrence.shape[isQuantized ? 1 : 2])
    guard weights.shape[isQuantized ? 1 : 2] == extents.width else {
      throw .mismatch("input \(input.shape) with weights \(weights.shape)")
    }
    return extents
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (type, e) = (try x.required(0).type, try extents(x))
    let state = try ValueInfo.tensor(
      type,
      isBatchFirst ? [e.batch, e.directions, e.hidden] : [e.directions, e.batch, e.hidden])
    let all = try ValueInfo.tensor(
      type,
      isBatchFirst
        ? [e.batch, e.steps, e.directions, e.hidden] : [e.steps, e.directions, e.batch, e.hidden])
    return cell == .longShortTerm ? [all, state, state] : [all, state]
  }

  /// The inputs of all steps are multiplied at once; only the states have to wait for one another.
  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    let e = try extents(x)
    let type = try x.required(isQuantized ? 1 : 0).type
    let columns = saturatingProduct(cell.gates, e.hidden)
    return [
      Contraction(
        batch: e.directions, rows: saturatingProduct(e.steps, e.batch), columns: columns,
        depth: e.width, type: type),
      Contraction(
        .recurrence(steps: e.steps), batch: e.directions, rows: e.batch, columns: columns,
        depth: e.hidden, type: type),
    ]
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    let e = try extents(x)
    // The two products are added, and so are the two biases.
    var perElement = Work(elementwise: cell.gates * (x.isGiven(3) ? 3 : 1))
    func function(_ index: Int) -> Work {
      index < activations.count ? activations[index].work : Work()
    }
    switch cell {
    case .simple: perElement += function(0)
    case .gatedUnit:
      // Two gates, the new state, and its mean with the old one.
      perElement += function(0).times(2) + function(1) + Work(elementwise: 5)
    case .longShortTerm:
      // Three gates; a cell of two products and a sum; one more product. Peepholes are one each.
      perElement += function(0).times(3) + function(1) + function(2) + Work(elementwise: 4)
      if x.isGiven(7) { perElement += Work(elementwise: 6) }
    }
    let elements = try product([e.steps, e.batch, e.directions, e.hidden])
    guard isQuantized else { return perElement.times(elements) }
    let inputs = try product([e.steps, e.batch, e.directions, e.width])
    return (perElement + Quantization.dynamic + Work(elementwise: 2 * cell.gates)).times(elements)
      + Quantization.dynamic.times(inputs)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole {
    index == 4 || index > 7 ? .setting : .data
  }
}
