extension PatchWriter {
  /// What the values of a rewritten model are called, so that its outputs keep their names.
  struct Naming {
    private var names: [String]
    private var taken: Set<String>
    private var copies: [(from: String, to: String)] = []

    /// The name of each value, and the values to be passed on under a second name.
    var finished: ([String], [(from: String, to: String)]) { (names, copies) }

    init(_ source: Model, _ rewrite: Rewrite, _ entries: [RewrittenNode]) {
      let body = source.body
      names = body.values.map(\.name)
      taken = Set(names)
      body.nodes.forEach { $0.addNames(to: &taken) }
      for value in rewrite.added { names.append(free(value.name)) }

      let computed = Set(entries.flatMap { $0.node.outputs.compactMap { $0 } })
      let captured = Set(
        entries.flatMap { entry in entry.node.attributes.flatMap(\.capturedValues) })
      let outputs = body.outputs.map(rewrite.target)
      var fixed = Set(zip(body.outputs, outputs).filter { $0 == $1 }.map(\.0))
      for (old, new) in zip(body.outputs, outputs) where old != new {
        let name = body.values[old].name
        // Somebody may still compute the value that had the name.
        if computed.contains(old) { names[old] = free(name) }
        if computed.contains(new), !captured.contains(new), fixed.insert(new).inserted {
          names[new] = name
        } else {
          copies.append((names[new], name))
        }
      }
    }

    /// A name that no value has, as near to `wish` as there is one.
    private mutating func free(_ wish: String) -> String {
      let stem = wish.isEmpty ? "value" : wish
      var name = stem
      var number = 1
      while !taken.insert(name).inserted {
        name = "\(stem).\(number)"
        number += 1
      }
      return name
    }
  }
}

extension Attribute {
  /// The values around that the attribute's subgraphs read.
  fileprivate var capturedValues: [Value.ID] {
    switch value {
    case .graph(let body): body.captures.map(\.outer)
    case .graphs(let bodies): bodies.flatMap { $0.captures.map(\.outer) }
    default: []
    }
  }
}

extension Node {
  /// Adds the names of all values within the node's subgraphs.
  fileprivate func addNames(to names: inout Set<String>) {
    for attribute in attributes {
      let bodies: [Body] =
        switch attribute.value {
        case .graph(let body): [body]
        case .graphs(let bodies): bodies
        default: []
        }
      for body in bodies {
        names.formUnion(body.values.map(\.name))
        for node in body.nodes { node.addNames(to: &names) }
      }
    }
  }
}
