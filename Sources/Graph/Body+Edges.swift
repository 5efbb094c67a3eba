extension Body {
  /// For each value, the nodes that read it and the node that produces it.
  package func edges() -> (readers: [[Node.ID]], producers: [Node.ID?]) {
    var readers = [[Node.ID]](repeating: [], count: values.count)
    var producers = [Node.ID?](repeating: nil, count: values.count)
    for (id, node) in nodes.enumerated() {
      for input in node.inputs { if let input { readers[input].append(id) } }
      for output in node.outputs { if let output { producers[output] = id } }
      for case .graph(let inner) in node.attributes.map(\.value) {
        for capture in inner.captures { readers[capture.outer].append(id) }
      }
    }
    return (readers, producers)
  }
}
