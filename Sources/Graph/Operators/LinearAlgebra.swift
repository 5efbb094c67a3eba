/// `Det` and `Inverse`: elimination in each of a stack of square matrices.
///
/// https://onnx.ai/onnx/operators/onnx__Det.html;
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.Inverse
package struct LinearAlgebra: Operator {
  package static let names: [OperatorName] = ["Det", "com.microsoft::Inverse"]

  private let isInverse: Bool

  package init(_ node: Node) { isInverse = node.op.name == "Inverse" }

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    guard input.rank >= 2, input.shape[input.rank - 1] == input.shape[input.rank - 2] else {
      throw .mismatch("\(input.shape) is no stack of square matrices")
    }
    return [try .tensor(input.type, isInverse ? input.dims : Array(input.dims.dropLast(2)))]
  }

  /// `2⁄3·n³` operations for a factorisation, `2·n³` for an inverse.
  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    let input = try x.required(0)
    let cubes = saturatingProduct(input.shape.count, input.dims.last ?? 0)
    let doubled = saturatingProduct(2, cubes)
    return Work(elementwise: isInverse ? doubled : doubled / 3)
  }
}
