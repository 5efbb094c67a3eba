extension GraphDraft {
  /// The graph with its nodes in the order in which they run and its values numbered by that order.
  ///
  /// Inputs come first, then weights, then the values that the graph reads but does not define, which are
  /// `free`, then the results of the nodes. Takes time linear in the size of the graph. Throws where two nodes
  /// compute the same value or where nodes wait for one another in a circle.
  mutating func finish(_ repairs: inout Repairs) throws(FormatError)
    -> (body: Body, free: [Value.ID])
  {
    let producers = try producers()
    if !isSorted(producers) {
      nodes = try sorted(producers).map { nodes[$0] }
      repairs.sortedGraphs.append(name)
    }
    let isComputed = producers.map { $0 != nil }
    var numbering = Numbering(count: names.count)
    for id in inputs { numbering.add(id) }
    for (id, _) in initializers { numbering.add(id) }
    let known = numbering.order.count
    for node in nodes {
      forEachRead(of: node) { if !isComputed[$0] { numbering.add($0) } }
    }
    for id in outputs where !isComputed[id] { numbering.add(id) }
    let free = known..<numbering.order.count
    for node in nodes {
      for id in node.outputs { if let id { numbering.add(id) } }
    }

    var body = Body()
    body.name = name
    body.values = numbering.order.map { id in
      Value(names[id], declared: id < declared.count ? declared[id] : nil)
    }
    for (id, literal) in initializers { body.values[numbering.numbers[id]].initializer = literal }
    body.inputs = inputs.map { numbering.numbers[$0] }
    body.outputs = outputs.map { numbering.numbers[$0] }
    for index in nodes.indices { numbering.renumber(&nodes[index]) }
    swap(&body.nodes, &nodes)
    return (body, free.filter { !body.values[$0].name.isEmpty })
  }

  /// For each value, the node that computes it, where one does.
  private func producers() throws(FormatError) -> [Node.ID?] {
    var isInput = [Bool](repeating: false, count: names.count)
    for id in inputs {
      guard !isInput[id] else {
        throw FormatError("two inputs of graph '\(name)' are called '\(names[id])'")
      }
      isInput[id] = true
    }
    var producers = [Node.ID?](repeating: nil, count: names.count)
    for (index, node) in nodes.enumerated() {
      for case .some(let id) in node.outputs {
        let other: String
        if let first = producers[id] {
          other = "is also computed by \(description(first))"
        } else if isInput[id] {
          other = "is also an input"
        } else if isInitialized(id) {
          other = "is also an initializer"
        } else {
          producers[id] = index
          continue
        }
        throw FormatError(
          "\(description(index)) computes '\(names[id])', which \(other)")
      }
    }
    return producers
  }

  /// Whether every node comes after those whose results it reads.
  private func isSorted(_ producers: [Node.ID?]) -> Bool {
    for (index, node) in nodes.enumerated() {
      var isLate = true
      forEachRead(of: node) { id in
        if let producer = producers[id], producer >= index { isLate = false }
      }
      if !isLate { return false }
    }
    return true
  }

  /// The nodes in an order in which they can run: that of the file, but each after those it waits for.
  private func sorted(_ producers: [Node.ID?]) throws(FormatError) -> [Node.ID] {
    enum State { case waiting, entered, done }
    var states = [State](repeating: .waiting, count: nodes.count)
    var order: [Node.ID] = []
    order.reserveCapacity(nodes.count)
    // A walk in depth without recursion, since chains may be as long as the graph.
    var path: [(node: Node.ID, waitsFor: [Node.ID])] = []
    func enter(_ index: Node.ID) {
      states[index] = .entered
      var earlier: [Node.ID] = []
      forEachRead(of: nodes[index]) { if let producer = producers[$0] { earlier.append(producer) } }
      path.append((index, earlier.reversed()))
    }
    for root in nodes.indices where states[root] == .waiting {
      enter(root)
      while let (index, waitsFor) = path.last {
        guard let next = waitsFor.last else {
          path.removeLast()
          states[index] = .done
          order.append(index)
          continue
        }
        path[path.count - 1].waitsFor.removeLast()
        switch states[next] {
        case .done: continue
        case .waiting: enter(next)
        case .entered:
          throw FormatError(
            "the nodes form a circle: \(description(next)) waits for its own result")
        }
      }
    }
    return order
  }

  /// Visits the values that `node` and its subgraphs read.
  func forEachRead(of node: Node, _ visit: (Value.ID) -> Void) {
    for id in node.inputs { if let id { visit(id) } }
    for attribute in node.attributes {
      switch attribute.value {
      case .graph(let body): for capture in body.captures { visit(capture.outer) }
      case .graphs(let bodies):
        for body in bodies { for capture in body.captures { visit(capture.outer) } }
      default: continue
      }
    }
  }

  private func description(_ index: Node.ID) -> String {
    let node = nodes[index]
    return node.name.isEmpty ? "node \(index) (\(node.op))" : "node '\(node.name)' (\(node.op))"
  }
}

/// Gives values new numbers, in the order in which they are added.
private struct Numbering {
  /// The new number of each value; -1 for those that have none.
  var numbers: [Value.ID]
  /// The old number of each value that has a new one.
  var order: [Value.ID] = []

  init(count: Int) {
    numbers = [Value.ID](repeating: -1, count: count)
    order.reserveCapacity(count)
  }

  mutating func add(_ id: Value.ID) {
    guard numbers[id] < 0 else { return }
    numbers[id] = order.count
    order.append(id)
  }

  func renumber(_ node: inout Node) {
    for index in node.inputs.indices { node.inputs[index] = node.inputs[index].map { numbers[$0] } }
    for index in node.outputs.indices {
      node.outputs[index] = node.outputs[index].map { numbers[$0] }
    }
    for index in node.attributes.indices {
      switch node.attributes[index].value {
      case .graph(let body): node.attributes[index].value = .graph(renumbered(body))
      case .graphs(let bodies):
        node.attributes[index].value = .graphs(bodies.map { renumbered($0) })
      default: continue
      }
    }
  }

  /// A subgraph whose captures are numbered anew; its own values keep their numbers.
  private func renumbered(_ body: Body) -> Body {
    var body = body
    body.captures = body.captures.map {
      Body.Capture(outer: numbers[$0.outer], inner: $0.inner)
    }
    return body
  }
}
