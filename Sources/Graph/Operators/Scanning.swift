/// `Scan`: a body run once for each slice of its inputs, with states carried along.
///
/// Version 8 had a leading batch axis, and scanned the axis after it.
/// https://onnx.ai/onnx/operators/onnx__Scan.html
package struct Scanning: ControlOperator {
  package static let names: [OperatorName] = ["Scan"]

  private let body: Body
  /// How many of the operands are cut into slices; the others are states.
  private let scanned: Int
  private let inputAxes: [Int]
  private let outputAxes: [Int]
  /// Whether a batch axis leads, and lengths come before the states.
  private let isBatched: Bool

  package init(_ node: Node) throws(OperatorError) {
    body = try node.graph("body")
    guard let count = try node.int("num_scan_inputs") else {
      throw .missingAttribute("num_scan_inputs")
    }
    guard count > 0 else { throw .wrongAttribute("num_scan_inputs", expected: "positive") }
    scanned = count
    isBatched = node.precedes(9)
    inputAxes = try node.ints("scan_input_axes") ?? []
    outputAxes = try node.ints("scan_output_axes") ?? []
  }

  package func run(_ x: Operands, _ analyse: (Body, [Operand]) throws(OperatorError) -> Scope)
    throws(OperatorError) -> (outputs: [ValueInfo?], branches: [Branch])
  {
    let first = isBatched ? 1 : 0
    let states = x.count - first - scanned
    guard states >= 0, body.inputs.count == states + scanned, body.outputs.count >= states else {
      throw .mismatch("a scan over \(scanned) of \(x.count) operands, and a body that is not")
    }
    var operands: [Operand] = []
    var batch = 1
    for index in 0..<states {
      var state = try x.required(first + index)
      if isBatched { batch = try take(0, from: &state) }
      operands.append(Operand(TensorInfo(state.type, state.shape)))
    }
    var iterations: Int?
    for index in 0..<scanned {
      var slice = try x.required(first + states + index)
      if isBatched { batch = try take(0, from: &slice) }
      let length = try take(index < inputAxes.count ? inputAxes[index] : 0, from: &slice)
      guard iterations ?? length == length else {
        throw .mismatch("slices of \(length) and of \(iterations ?? 0)")
      }
      iterations = length
      operands.append(Operand(TensorInfo(slice.type, slice.shape)))
    }
    let scope = try analyse(body, operands)
    let executions = saturatingProduct(iterations ?? 0, batch)
    var results: [ValueInfo?] = []
    for (index, output) in scope.outputs.enumerated() {
      guard let element = output?.tensor else {
        results.append(nil)
        continue
      }
      var dims = element.dims
      if index >= states {
        let number = index - states
        let axis = number < outputAxes.count ? outputAxes[number] : 0
        let place = axis < 0 ? axis + dims.count + 1 : axis
        guard (0...dims.count).contains(place) else {
          throw .axisOutOfRange(axis, rank: dims.count + 1)
        }
        dims.insert(iterations ?? 0, at: place)
      } else if iterations ?? 0 > 0, element.shape != operands[index].info?.tensor?.shape {
        throw .mismatch("a state that changes its shape")
      }
      var result = try TensorInfo(element.type, (isBatched ? [batch] : []) + dims)
      result.isEstimated = element.isEstimated
      results.append(.tensor(result))
    }
    return (
      results, [Branch(name: "body", scope: scope, executions: executions, isEstimated: false)]
    )
  }

  /// Takes an axis away from `tensor`, and returns its extent.
  private func take(_ axis: Int, from tensor: inout TensorInfo) throws(OperatorError) -> Int {
    let axis = try tensor.shape.axis(axis)
    var dims = tensor.dims
    let extent = dims.remove(at: axis)
    tensor = try TensorInfo(tensor.type, dims)
    return extent
  }
}
