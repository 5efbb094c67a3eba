/// `Col2Im`: blocks laid out as columns, added back into an image.
///
/// `N×(C·block)×blocks` becomes `N×C×image`. https://onnx.ai/onnx/operators/onnx__Col2Im.html
package struct Folding: Operator {
  package static let names: [OperatorName] = ["Col2Im"]

  package init(_: Node) {}

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    let (image, block) = (try x.integers(1) ?? [], try product(try x.integers(2) ?? []))
    guard input.rank == 3, block > 0, input.shape[1] % block == 0 else {
      throw .mismatch("columns \(input.shape) of blocks of \(block)")
    }
    return [try .tensor(input.type, [input.shape[0], input.shape[1] / block] + image)]
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    Work(elementwise: try x.required(0).shape.count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
