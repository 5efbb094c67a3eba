extension Model {
  /// Calls nest a few deep; more than this is a cycle or an attack.
  static let maximumCallDepth = 64
  /// More nodes and calls than this are never made of a file with functions, however few it holds.
  static let maximumInlinedNodes = 1_000_000

  /// The model with every call of a local function replaced by the function's nodes.
  ///
  /// Throws where functions call one another in a circle, or grow without bound.
  package func inliningFunctions(limit: Int = Model.maximumInlinedNodes) throws(ModelError) -> Model
  {
    guard !functions.isEmpty else { return self }
    var inliner = Inliner(functions: functions, limit: limit)
    var model = self
    model.body = try inliner.inlined(body, attributes: nil, depth: 0)
    return model
  }
}

/// Replaces calls by what they stand for.
private struct Inliner {
  private let functions: [OperatorName: [Function]]
  private let limit: Int
  private var nodeCount = 0

  init(functions: [Function], limit: Int) {
    self.limit = limit
    self.functions = Dictionary(grouping: functions, by: \.name)
  }

  private func function(_ node: Node) -> Function? {
    functions[node.op]?.first { $0.overload == node.overload }
  }

  /// `attributes` are those of the call whose body this is; nil outside of any function.
  mutating func inlined(_ body: Body, attributes: [Attribute]?, depth: Int) throws(ModelError)
    -> Body
  {
    guard depth < Model.maximumCallDepth else {
      throw ModelError("functions call one another in a circle, or more than \(depth) deep")
    }
    var result = body
    result.nodes = []
    for node in body.nodes {
      var node = node
      if let attributes { node.attributes = resolved(node.attributes, attributes) }
      for index in node.attributes.indices {
        if case .graph(let inner) = node.attributes[index].value {
          node.attributes[index].value = .graph(
            try inlined(inner, attributes: attributes, depth: depth + 1))
        }
      }
      nodeCount += 1
      guard nodeCount <= limit else {
        throw ModelError("functions expand to more than \(limit) nodes")
      }
      if let function = function(node) {
        try expand(node, function, into: &result, depth: depth)
      } else {
        result.nodes.append(node)
      }
    }
    return result
  }

  private mutating func expand(
    _ call: Node, _ function: Function, into body: inout Body, depth: Int
  ) throws(ModelError) {
    let given = function.defaults.filter { attribute in
      !call.attributes.contains { $0.name == attribute.name }
    }
    let inner = try inlined(
      function.body, attributes: call.attributes + given, depth: depth + 1)
    // The function's values, renumbered: formal parameters are the call's operands, the rest are new.
    var numbers = [Value.ID?](repeating: nil, count: inner.values.count)
    var isAbsent = [Bool](repeating: false, count: inner.values.count)
    for (position, formal) in inner.inputs.enumerated() {
      numbers[formal] = position < call.inputs.count ? call.inputs[position] : nil
      isAbsent[formal] = numbers[formal] == nil
    }
    var copies: [Node] = []
    for (position, formal) in inner.outputs.enumerated() where position < call.outputs.count {
      guard let actual = call.outputs[position] else { continue }
      if numbers[formal] == nil && !isAbsent[formal] {
        numbers[formal] = actual
      } else {
        // An output that is an input, or returned twice, needs a node of its own.
        copies.append(
          Node("Identity", opset: 0, inputs: [numbers[formal]], outputs: [actual]))
      }
    }
    for id in inner.values.indices where numbers[id] == nil && !isAbsent[id] {
      var value = inner.values[id]
      value.name = "\(call.name)/\(value.name)"
      numbers[id] = body.add(value)
    }
    for node in inner.nodes {
      var node = node
      node.name = call.name.isEmpty ? node.name : "\(call.name)/\(node.name)"
      node.inputs = node.inputs.map { id in id.flatMap { numbers[$0] } }
      node.outputs = node.outputs.map { id in id.flatMap { numbers[$0] } }
      for index in node.attributes.indices {
        if case .graph(var graph) = node.attributes[index].value {
          graph.captures = graph.captures.compactMap { capture in
            numbers[capture.outer].map { Body.Capture(outer: $0, inner: capture.inner) }
          }
          node.attributes[index].value = .graph(graph)
        }
      }
      body.nodes.append(node)
    }
    body.nodes += copies
  }

  /// Attributes that refer to the call's, replaced by them; those the call leaves out are left out.
  private func resolved(_ attributes: [Attribute], _ given: [Attribute]) -> [Attribute] {
    attributes.compactMap { attribute in
      guard case .reference(let name) = attribute.value else { return attribute }
      return given.first { $0.name == name }.map { Attribute(attribute.name, $0.value) }
    }
  }
}
