/// `DepthToSpace` and `SpaceToDepth`: blocks of pixels made out of channels, and the reverse.
///
/// Tensors are `N×C×H×W`. https://onnx.ai/onnx/operators/onnx__DepthToSpace.html
package struct DepthToSpace: Operator {
  package static let names: [OperatorName] = ["DepthToSpace", "SpaceToDepth"]

  package let isReverse: Bool
  /// The edge of a block, in pixels.
  package let block: Int

  package init(_ node: Node) throws(OperatorError) {
    isReverse = node.op.name == "SpaceToDepth"
    guard let block = try node.int("blocksize") else { throw .missingAttribute("blocksize") }
    guard block > 0 else { throw .wrongAttribute("blocksize", expected: "positive") }
    self.block = block
  }

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    let area = try product([block, block])
    guard input.rank == 4,
      isReverse
        ? input.dims[2] % block == 0 && input.dims[3] % block == 0 : input.dims[1] % area == 0
    else { throw .mismatch("\(input.shape) in blocks of \(block)x\(block)") }
    let (channels, height, width) = (input.dims[1], input.dims[2], input.dims[3])
    let dims =
      isReverse
      ? [try product([channels, area]), height / block, width / block]
      : [channels / area, try product([height, block]), try product([width, block])]
    return [try .tensor(input.type, [input.dims[0]] + dims)]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
}
