/// `DFT` and `STFT`: signals as sums of waves.
///
/// The last axis holds the real and the imaginary part. https://onnx.ai/onnx/operators/onnx__DFT.html, onnx__STFT.html
package struct FourierTransform: Operator {
  package static let names: [OperatorName] = ["DFT", "STFT"]

  package let isInverse: Bool
  package let isOneSided: Bool
  /// Whether overlapping frames of the signal are transformed one by one.
  package let isFramed: Bool
  /// The axis transformed, where it is an attribute.
  private let axis: Int?

  package init(_ node: Node) throws(OperatorError) {
    isFramed = node.op.name == "STFT"
    isInverse = try node.flag("inverse")
    isOneSided = try node.flag("onesided", default: isFramed)
    axis = node.precedes(20) ? try node.int("axis", default: 1) : nil
  }

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    [try .tensor(try x.required(0).type, try plan(x).shape)]
  }

  /// What is transformed how often, and the shape of all the results.
  private struct Plan {
    var length: Int
    var shape: [Int]
    /// The axis along which the transforms lie.
    var axis: Int
  }

  private func plan(_ x: Operands) throws(OperatorError) -> Plan {
    let input = try x.required(0)
    return isFramed ? try framed(x, input) : try whole(x, input)
  }

  private func whole(_ x: Operands, _ input: TensorInfo) throws(OperatorError) -> Plan {
    let operand = axis == nil ? try x.integers(2)?.first : nil
    let axis = try input.shape.axis(self.axis ?? operand ?? -2)
    guard axis < input.rank - 1 else { throw .axisOutOfRange(axis, rank: input.rank) }
    let isReal = isOneSided && isInverse
    var length = isReal ? saturatingProduct(2, max(0, input.shape[axis] - 1)) : input.shape[axis]
    if let given = try x.integers(1)?.first { length = given }
    guard length >= 0 else { throw .tooLarge([length]) }
    var dims = input.dims
    dims[axis] = isOneSided && !isInverse ? length / 2 + 1 : length
    dims[input.rank - 1] = isReal ? 1 : 2
    return Plan(length: length, shape: dims, axis: axis)
  }

  private func framed(_ x: Operands, _ signal: TensorInfo) throws(OperatorError) -> Plan {
    guard signal.rank >= 2 else { throw .mismatch("a signal of shape \(signal.shape)") }
    let step = try x.integers(1)?.first ?? 0
    let given = try x.integers(3)?.first
    guard let length = given ?? x[2]?.shape.count, step > 0, length > 0 else {
      throw .wrongInput(1, expected: "a positive step between frames of positive length")
    }
    let frames = signal.shape[1] < length ? 0 : (signal.shape[1] - length) / step + 1
    return Plan(
      length: length,
      shape: [signal.shape[0], frames, isOneSided ? length / 2 + 1 : length, 2], axis: 2)
  }

  /// `5·n·log₂ n` for a transform of n complex numbers, half of it where they are real.
  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    let (input, plan) = (try x.required(0), try plan(x))
    let others = plan.shape.indices.filter { $0 != plan.axis && $0 != plan.shape.count - 1 }
    let transforms = try product(others.map { plan.shape[$0] })
    let points = saturatingProduct(transforms, plan.length)
    let levels = Int.bitWidth - max(0, plan.length - 1).leadingZeroBitCount
    let complex = saturatingProduct(5, saturatingProduct(points, levels))
    let isReal = isOneSided || input.dims.last == 1
    // Each frame meets the window.
    let windowed = isFramed && x.isGiven(2) ? points : 0
    return Work(elementwise: saturatingSum(isReal ? complex / 2 : complex, windowed))
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
