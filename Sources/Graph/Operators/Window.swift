/// A window that slides over the spatial axes of a tensor: what convolutions and pools share.
package struct Window: Hashable, Sendable {
  /// How the input is padded so that windows reach over its edges.
  package enum Padding: Hashable, Sendable {
    /// Before every axis, then after every axis; empty for none.
    case explicit([Int])
    /// As much as makes the output `ceil(input / stride)`; an odd one goes to the end, or to the start.
    case same(extraAtStart: Bool)
  }

  /// Per spatial axis; empty where the node does not say, since the rank is the input's.
  package let strides: [Int]
  package let dilations: [Int]
  package let padding: Padding
  /// Whether a window that starts inside the padded input but ends beyond it counts.
  package let roundsUp: Bool

  init(_ node: Node) throws(OperatorError) {
    strides = try node.ints("strides") ?? []
    dilations = try node.ints("dilations") ?? []
    roundsUp = try node.flag("ceil_mode")
    switch try node.string("auto_pad") ?? "NOTSET" {
    case "SAME_UPPER": padding = .same(extraAtStart: false)
    case "SAME_LOWER": padding = .same(extraAtStart: true)
    case "VALID": padding = .explicit([])
    default: padding = .explicit(try node.ints("pads") ?? [])
    }
  }

  package func stride(_ axis: Int) -> Int { strides.isEmpty ? 1 : strides[axis] }
  package func dilation(_ axis: Int) -> Int { dilations.isEmpty ? 1 : dilations[axis] }

  /// Throws unless the attributes fit `axes` spatial axes and are positive where they must be.
  func check(_ kernel: [Int], axes: Int) throws(OperatorError) {
    guard kernel.count == axes, kernel.allSatisfy({ $0 > 0 }) else {
      throw .mismatch("a kernel of \(kernel) over \(axes) spatial axes")
    }
    for (name, values) in [("strides", strides), ("dilations", dilations)]
    where !values.isEmpty && (values.count != axes || values.contains { $0 < 1 }) {
      throw .wrongAttribute(name, expected: "\(axes) positive integers")
    }
    if case .explicit(let pads) = padding, !pads.isEmpty, pads.count != 2 * axes {
      throw .wrongAttribute("pads", expected: "\(2 * axes) integers")
    }
  }

  /// The extents left after sliding a `kernel` over an `input`, spatial axes alone.
  package func slide(_ kernel: [Int], over input: [Int]) throws(OperatorError) -> [Int] {
    try check(kernel, axes: input.count)
    var output: [Int] = []
    for axis in input.indices {
      let stride = stride(axis)
      let reach = try sum(try product([dilation(axis), kernel[axis] - 1]), 1)
      switch padding {
      case .same: output.append(input[axis] / stride + (input[axis] % stride == 0 ? 0 : 1))
      case .explicit(let pads):
        let before = pads.isEmpty ? 0 : pads[axis]
        let after = pads.isEmpty ? 0 : pads[axis + input.count]
        let padded = try sum(try sum(input[axis], before), after)
        guard padded >= reach else {
          // Some exporters emit pools larger than their input; runtimes give an empty result.
          output.append(0)
          continue
        }
        let room = padded - reach
        var count = saturatingSum(room / stride, 1)
        // A last, partial window counts only if it starts within the input or the padding before it.
        let next = saturatingProduct(count, stride)
        if roundsUp, room % stride != 0, next < saturatingSum(input[axis], before) { count += 1 }
        output.append(count)
      }
    }
    return output
  }

  private func sum(_ a: Int, _ b: Int) throws(OperatorError) -> Int {
    let (sum, overflow) = a.addingReportingOverflow(b)
    guard !overflow else { throw .tooLarge([a, b]) }
    return sum
  }
}
