import Cost
import Graph

extension Rewrite {
  /// A node that slices `value`, with what it asks as the operator set wants it.
  ///
  /// Lists are as long as each other; nil where they are too long.
  mutating func slice(
    _ value: Value.ID, _ starts: [Int], _ ends: [Int], _ axes: [Int], _ steps: [Int], _ opset: Int,
    into result: Value.ID, _ body: Body
  ) -> Node? {
    var node = Node("Slice", opset: opset, inputs: [value], outputs: [result])
    if opset > 0, opset < 10 {
      guard steps.allSatisfy({ $0 == 1 }) else { return nil }
      node.attributes = [
        Attribute("starts", .ints(starts)), Attribute("ends", .ints(ends)),
        Attribute("axes", .ints(axes)),
      ]
      return node
    }
    let isPlain = steps.allSatisfy { $0 == 1 }
    for (name, numbers) in [("starts", starts), ("ends", ends), ("axes", axes)]
      + (isPlain ? [] : [("steps", steps)])
    {
      node.inputs.append(integers(numbers, name, body))
    }
    return node
  }

  /// A constant list of integers.
  mutating func integers(_ numbers: [Int], _ name: String, _ body: Body) -> Value.ID? {
    guard let info = try? TensorInfo(.int64, [numbers.count], value: .integers(numbers)) else {
      return nil
    }
    return addConstant(name, info, to: body)
  }
}

extension Node {
  /// Gives the attribute `name` another value, or adds it.
  mutating func set(_ name: String, _ value: Attribute.Payload) {
    if let index = attributes.firstIndex(where: { $0.name == name }) {
      attributes[index].value = value
    } else {
      attributes.append(Attribute(name, value))
    }
  }
}

extension Subject {
  /// The version of ONNX's own operators that the model is written for.
  var opset: Int {
    estimate.analysis.model.opsets.first { $0.domain.isEmpty }?.version ?? 0
  }

  /// The extents that a reshaping aims for, as far as the file itself says them; nil where computed.
  ///
  /// Nil as a whole where nothing is known of any.
  func literalExtents(of step: Step) -> [Int?]? {
    if let target = step.op(as: Reshape.self)?.target { return target }
    guard step.node.inputs.count > 1, let id = step.node.inputs[1] else { return nil }
    if scope.constants[id] { return step.inputs[1]?.value?.integers }
    // Extents put together one by one: those that are constants hold for every shape.
    guard let maker = scope.producers[id], steps[maker].op(is: Concat.self) else { return nil }
    var extents: [Int?] = []
    for index in steps[maker].inputs.all.indices {
      guard let part = steps[maker].inputs[index] else { return nil }
      let numbers = part.value?.integers
      for place in 0..<min(part.shape.count, TensorValue.maximumCount) {
        let isKnown = steps[maker].inputs.isConstant(index)
        extents.append(
          isKnown ? numbers.flatMap { $0.indices.contains(place) ? $0[place] : nil } : nil)
      }
    }
    return extents.count == step.outputs[0]?.rank ? extents : nil
  }
}
