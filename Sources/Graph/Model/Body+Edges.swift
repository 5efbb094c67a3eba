extension Body {
  /// For each value, the nodes that read it and the node that produces it.
  package func edges() -> (readers: Readers, producers: [Node.ID?]) {
    let readers = Readers(count: values.count) { visit in
      for (id, node) in nodes.enumerated() {
        for input in node.inputs { if let input { visit(input, id) } }
        for attribute in node.attributes {
          guard case .graph(let inner) = attribute.value else { continue }
          for capture in inner.captures { visit(capture.outer, id) }
        }
      }
    }
    return (readers, producers())
  }

  /// For each value, the node that produces it.
  func producers() -> [Node.ID?] {
    var producers = [Node.ID?](repeating: nil, count: values.count)
    for (id, node) in nodes.enumerated() {
      for output in node.outputs { if let output { producers[output] = id } }
    }
    return producers
  }
}
