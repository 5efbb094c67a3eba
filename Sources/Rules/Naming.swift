package import Graph

extension Subject {
  /// What messages call a node: its name, or its operator and first result where it has none.
  package func label(_ id: Node.ID) -> String {
    let node = steps[id].node
    if !node.name.isEmpty { return node.name }
    let output = node.outputs.first.flatMap { $0 }.map { scope.body.values[$0].name } ?? ""
    return output.isEmpty ? "\(node.op)" : output
  }

  /// Tells a finding from others by rule and structure, so that renaming nodes or moving the file keeps it:
  /// the operators, the shapes around the first node, and its place among equals.
  package func fingerprint(_ code: String, _ nodes: [Node.ID]) -> String {
    var hash = FNV1a()
    hash.add(code)
    if let first = nodes.first {
      let key = structure(first)
      hash.add(key)
      // Equal structures are told apart by how many came before.
      hash.add("\(steps[..<first].indices.count { structure($0) == key })")
    }
    return hash.hexadecimal
  }

  private func structure(_ id: Node.ID) -> String {
    let step = steps[id]
    let shapes = (step.inputs.tensors + step.outputs.tensors).map { "\($0.type.name)[\($0.shape)]" }
    return ([step.node.op.description] + shapes).joined(separator: " ")
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
