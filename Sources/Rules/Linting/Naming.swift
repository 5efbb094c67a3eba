import Cost
package import Graph

extension Subject {
  /// What messages call a node: its name, or its operator and first result where it has none.
  package func label(_ id: Node.ID) -> String {
    let node = steps[id].node
    if !node.name.isEmpty { return node.name }
    let output = node.outputs.first.flatMap { $0 }.map { scope.body.values[$0].name } ?? ""
    return output.isEmpty ? "\(node.op)" : output
  }

  /// Where some nodes are that the rule of `code` reports, as people know it.
  func place(_ nodes: [Node.ID], of code: String) -> Place {
    let first = nodes.first.map { steps[$0].node }
    var hash = FNV1a()
    hash.add(code)
    if let first = nodes.first { hash.add(neighbourhood(first)) }
    return Place(
      nodes: nodes.map { label($0) }, line: first?.line, module: first?.module,
      source: first?.source, fingerprint: hash.hexadecimal)
  }

  /// Whether a file can be written with the remedy.
  func isWritable(_ remedy: Remedy) -> Bool {
    guard case .rewrite(let rewrite) = remedy else { return false }
    // Operators of a newer set than the model imports would not be understood.
    let versions = Dictionary(
      estimate.analysis.model.opsets.map { ($0.domain, $0.version) }, uniquingKeysWith: max)
    let isKnown = rewrite.replaced.values.joined().allSatisfy {
      $0.opset <= versions[$0.op.domain] ?? .max
    }
    return isKnown && rewrite.isComplete(valueCount: scope.body.values.count)
  }

  /// Tells a finding from others by rule and structure, so that renaming nodes or moving the file keeps it:
  /// the operators, the shapes around the first node, and its place among equals.
  package func fingerprint(_ code: String, _ nodes: [Node.ID]) -> String {
    var hash = FNV1a()
    hash.add(code)
    if let first = nodes.first {
      hash.add(structure(first))
      // Equal structures are told apart by how many came before.
      let step = steps[first]
      let before = steps.indices.prefix(first).count { steps[$0].isBuilt(like: step) }
      hash.add("\(before)")
    }
    return hash.hexadecimal
  }

  /// A node with its attributes, and the operators around it.
  private func neighbourhood(_ id: Node.ID) -> String {
    let node = steps[id].node
    let attributes = node.attributes.map { "\($0.name)=\($0.value.comparable ?? "?")" }.sorted()
    let before = node.inputs.map { input in
      guard let input else { return "none" }
      return scope.producers[input].map { steps[$0].node.op.description }
        ?? (scope.constants[input] ? "constant" : "input")
    }
    let after = node.outputs.compactMap { $0 }.flatMap { output in
      scope.readers[output].map { steps[$0].node.op.description }
    }
    return ([structure(id)] + attributes + before + after.sorted()).joined(separator: " ")
  }

  private func structure(_ id: Node.ID) -> String {
    let step = steps[id]
    let shapes = (step.inputs.tensors + step.outputs.tensors).map { "\($0.type.name)[\($0.shape)]" }
    return ([step.node.op.description] + shapes).joined(separator: " ")
  }
}

extension Step {
  /// Whether operator, types and shapes are the same.
  fileprivate func isBuilt(like other: Step) -> Bool {
    guard node.op == other.node.op else { return false }
    func agree(_ a: Operands, _ b: Operands) -> Bool {
      a.tensors.elementsEqual(b.tensors) { $0.type == $1.type && $0.shape == $1.shape }
    }
    return agree(inputs, other.inputs) && agree(outputs, other.outputs)
  }
}

/// The 64-bit Fowler–Noll–Vo hash: short, stable across runs and platforms, and no secret.
struct FNV1a {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ text: String) {
    for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    // A byte that is in no text keeps "ab", "c" apart from "a", "bc".
    state = (state ^ 0xFF) &* 0x100_0000_01b3
  }

  /// Sixteen digits.
  var hexadecimal: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
