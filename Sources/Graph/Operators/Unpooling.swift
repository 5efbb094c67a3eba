/// `MaxUnpool`: puts each element back where a `MaxPool` found it, among zeros.
///
/// https://onnx.ai/onnx/operators/onnx__MaxUnpool.html
package struct Unpooling: Operator {
  package static let names: [OperatorName] = ["MaxUnpool"]

  package let kernel: [Int]
  package let window: Window

  package init(_ node: Node) throws(OperatorError) {
    guard let kernel = try node.ints("kernel_shape") else {
      throw .missingAttribute("kernel_shape")
    }
    self.kernel = kernel
    window = try Window(node)
  }

  package var layer: LayerClass { .pooling }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    if x.isGiven(2) { return [try .tensor(input.type, try x.integers(2) ?? [])] }
    guard input.rank >= 2 else { throw .mismatch("\(input.shape) has no axis of channels") }
    let spatial = Array(input.dims.dropFirst(2))
    try window.check(kernel, axes: spatial.count)
    guard case .explicit(let pads) = window.padding else {
      throw .wrongAttribute("auto_pad", expected: "allowed here")
    }
    var dims = Array(input.dims.prefix(2))
    for (axis, extent) in spatial.enumerated() {
      let full = saturatingSum(
        saturatingProduct(max(0, extent - 1), window.stride(axis)), kernel[axis])
      let cut = pads.isEmpty ? 0 : saturatingSum(pads[axis], pads[axis + spatial.count])
      dims.append(saturatingSum(full, cut == .min ? 0 : -cut))
    }
    return [try .tensor(input.type, dims)]
  }

  /// Elements are moved, not computed.
  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 2 ? .setting : .data }
}
