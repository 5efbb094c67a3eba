import Graph

extension Step {
  /// Whether the node is ONNX's own convolution with weights, and a bias if any, known beforehand.
  var isPlainConvolution: Bool {
    node.op == "Conv" && op(is: Convolution.self) && inputs.isConstant(1)
      && (!inputs.isGiven(2) || inputs.isConstant(2))
  }

  /// Whether the node multiplies each channel by a constant and adds one, or does one of the two.
  ///
  /// Channels are on axis 1.
  var isAffinePerChannel: Bool {
    if let norm = op(as: BatchNormalization.self) {
      return isCounted && !norm.isTraining && (1...4).allSatisfy { inputs.isConstant($0) }
    }
    return false
  }
}

extension Step {
  /// Whether the node is an activation: one operand, bent element by element.
  var isActivation: Bool {
    (op(is: Elementwise.self) || op(is: Clip.self)) && node.inputs.compactMap { $0 }.count == 1
  }

  /// The order that a transpose puts its operand's axes into; nil for other nodes.
  var axisOrder: [Int]? {
    guard isCounted || isView, let transpose = op(as: Transpose.self), let rank = inputs[0]?.rank
    else { return nil }
    return transpose.order ?? Array((0..<rank).reversed())
  }
}

extension Window {
  /// Whether every element of the operand is the start of a window.
  var takesEachElement: Bool { hasNoPads && strides.allSatisfy { $0 == 1 } }

  /// Whether nothing is added around the operand.
  var hasNoPads: Bool {
    guard case .explicit(let pads) = padding else { return false }
    return pads.allSatisfy { $0 == 0 }
  }

  /// What is added before and after each of `count` spatial axes; nil where that follows from the extents.
  func pads(_ count: Int) -> (before: [Int], after: [Int])? {
    guard case .explicit(let pads) = padding else { return nil }
    if pads.isEmpty {
      let none = [Int](repeating: 0, count: count)
      return (none, none)
    }
    guard pads.count == 2 * count else { return nil }
    return (Array(pads[..<count]), Array(pads[count...]))
  }
}
