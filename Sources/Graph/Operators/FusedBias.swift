/// ONNX Runtime's activations of a biased input: `BiasGelu`, `FastGelu`, `BiasAdd`, `BiasSplitGelu`.
///
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.BiasGelu
package struct FusedBias: Operator {
  package static let names: [OperatorName] = [
    "com.microsoft::BiasAdd", "com.microsoft::BiasGelu", "com.microsoft::BiasSplitGelu",
    "com.microsoft::FastGelu", "com.microsoft::Gelu", "com.microsoft::QuickGelu",
  ]

  package let activation: FusedActivation?
  /// Whether one half of the last axis, activated, multiplies the other.
  package let isGated: Bool

  package init(_ node: Node) throws(OperatorError) {
    switch node.op.name {
    case "BiasAdd": activation = nil
    // `x · sigmoid(α · x)` is what ONNX calls Swish.
    case "QuickGelu": activation = FusedActivation("Swish")
    default: activation = FusedActivation("Gelu")
    }
    isGated = node.op.name == "BiasSplitGelu"
  }

  package var layer: LayerClass { activation == nil ? .add : .activation }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    guard isGated else { return [.tensor(input.type, input.shape)] }
    guard let width = input.dims.last, width % 2 == 0 else {
      throw .mismatch("\(input.shape) does not split in half")
    }
    return [try .tensor(input.type, input.dims.dropLast() + [width / 2])]
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let (input, output) = (try x.required(0), try y.required(0))
    let given = (1..<max(1, x.count)).count { x.isGiven($0) }
    var work = activation?.work.times(output.shape.count) ?? Work()
    let perInput = saturatingProduct(given, input.shape.count)
    work.elementwise = saturatingSum(work.elementwise, perInput)
    if isGated { work.elementwise = saturatingSum(work.elementwise, output.shape.count) }
    return work
  }

  package func fitted(_ x: Operands) -> Operands {
    guard let width = x[0]?.dims.last, x[1]?.rank == 1 else { return x }
    return x.resizing(1, to: [width])
  }
}
