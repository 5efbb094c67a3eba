/// Normalisations of a sum: ONNX Runtime's `SkipLayerNormalization`, its RMS and group kin.
///
/// The sum of the operands is the last result, for the next layer to add to.
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.SkipLayerNormalization
package struct SkipNormalization: Operator {
  package static let names: [OperatorName] = [
    "com.microsoft::SkipGroupNorm", "com.microsoft::SkipLayerNormalization",
    "com.microsoft::SkipSimplifiedLayerNormalization",
  ]

  private enum Kind { case layer, rootMeanSquare, group }

  private let kind: Kind
  private let activation: FusedActivation?

  package init(_ node: Node) throws(OperatorError) {
    switch node.op.name {
    case "SkipLayerNormalization": kind = .layer
    case "SkipGroupNorm": kind = .group
    default: kind = .rootMeanSquare
    }
    activation = try node.flag("activation") ? FusedActivation("Swish") : nil
  }

  package var layer: LayerClass { .normalization }

  /// The operand that holds a bias, added with the skipped tensor.
  private var bias: Int { kind == .rootMeanSquare ? 3 : 4 }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    let result = ValueInfo.tensor(input.type, input.shape)
    guard kind != .group else { return [result, result] }
    guard input.rank > 0 else { throw .mismatch("a normalisation of a scalar") }
    let each = try ValueInfo.tensor(.float32, input.dims.dropLast() + [1])
    return [result, each, each, result]
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    var work = activation?.work ?? Work()
    work.elementwise += x.isGiven(bias) ? 2 : 1
    switch kind {
    case .layer: work.elementwise += 5 + (x.isGiven(2) ? 1 : 0) + (x.isGiven(3) ? 1 : 0)
    case .rootMeanSquare: work.elementwise += 4
    case .group: work.elementwise += 7
    }
    return work.times(try x.required(0).shape.count)
  }

  package func fitted(_ x: Operands) -> Operands {
    guard kind != .group, let width = x[0]?.dims.last else { return x }
    return (2..<max(2, x.count)).reduce(x) { x[$1]?.rank == 1 ? $0.resizing($1, to: [width]) : $0 }
  }
}
