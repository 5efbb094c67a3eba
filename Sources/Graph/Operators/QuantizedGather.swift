/// `GatherBlockQuantized`: rows of a packed table looked up and made real.
///
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GatherBlockQuantized
package struct QuantizedGather: Operator {
  package static let names: [OperatorName] = ["com.microsoft::GatherBlockQuantized"]

  package let gatherAxis: Int
  package let quantizeAxis: Int
  /// The bits of one element, which a byte holds one or several of.
  package let bits: Int

  package init(_ node: Node) throws(OperatorError) {
    gatherAxis = try node.int("gather_axis", default: 0)
    quantizeAxis = try node.int("quantize_axis", default: 1)
    bits = try node.int("bits", default: 4)
    guard (1...8).contains(bits) else { throw .wrongAttribute("bits", expected: "from 1 to 8") }
  }

  package var layer: LayerClass { .embedding }

  /// The table with its elements unpacked.
  private func table(_ x: Operands) throws(OperatorError) -> [Int] {
    let data = try x.required(0)
    var dims = data.dims
    guard data.type == .uint8, data.rank > 0 else { return dims }
    let axis = try data.shape.axis(quantizeAxis)
    dims[axis] = saturatingProduct(dims[axis], 8 / bits)
    return dims
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (data, indices, scales) = (try x.required(0), try x.required(1), try x.required(2))
    let axis = try data.shape.axis(gatherAxis)
    var dims = try table(x)
    dims.replaceSubrange(axis...axis, with: indices.dims)
    return [try .tensor(scales.type, dims)]
  }

  package func arithmetic(_: Operands, _ y: Operands) throws(OperatorError) -> Work {
    Work(elementwise: 2).times(try y.required(0).shape.count)
  }

  /// Only the rows looked up are read.
  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) {
    let packed = saturatingProduct(y[0]?.shape.count ?? 0, bits) / 8
    let table = min(x[0]?.byteCount ?? 0, packed)
    return (saturatingSum(table, x[1]?.byteCount ?? 0), y.byteCount)
  }

  package func role(_ index: Int, _ x: Operands) -> OperandRole {
    guard index == 0 else { return .setting }
    let dims = (try? table(x)) ?? []
    return .packed(elements: (try? product(dims)) ?? 0)
  }
}
