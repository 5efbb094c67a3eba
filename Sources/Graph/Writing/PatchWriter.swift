/// Writes a model's file anew with one rewrite applied.
struct PatchWriter {
  private let layout: ONNXLayout
  private let source: Model
  private let rewrite: Rewrite
  /// The constants that the rewrite adds, without names; nil for values that nodes compute.
  private let tensors: [Pieces?]
  /// The nodes as they are now.
  private let entries: [RewrittenNode]
  /// What each value is called now; those added come after the file's own.
  private let names: [String]
  /// What values are passed on as outputs of the model, beside under their own names.
  private let copies: [(from: String, to: String)]
  /// The initializers that somebody read before and nobody does now.
  private let dropped: Set<Value.ID>
  /// The values that are gone, or that have another type or shape.
  private let changed: Set<Value.ID>

  init(
    layout: ONNXLayout, source: Model, rewrite: Rewrite, tensors: [Pieces?],
    binding: Binding.Request
  ) {
    self.layout = layout
    self.source = source
    self.rewrite = rewrite
    self.tensors = tensors
    entries = source.body.rewritten(by: rewrite)
    (names, copies) = Naming(source, rewrite, entries).finished
    let before = source.body.readValues
    let after = Set(entries.flatMap(\.node.readValues))
      .union(source.body.outputs.map(rewrite.target))
    let isInput = Set(source.body.inputs)
    let initializersAreInputs = source.needsInputsForInitializers
    dropped = Set(
      source.body.values.indices.filter { id in
        source.body.values[id].initializer != nil && before.contains(id) && !after.contains(id)
          && (initializersAreInputs || !isInput.contains(id))
      })
    changed = Self.changed(source, rewrite, binding)
  }

  /// The values whose types or shapes are not what they were.
  private static func changed(_ source: Model, _ rewrite: Rewrite, _ binding: Binding.Request)
    -> Set<Value.ID>
  {
    let ids = source.body.values.indices
    guard let before = try? Analysis(source, binding: binding),
      let after = try? Analysis(source.applying(rewrite), binding: binding)
    else { return Set(ids) }
    return Set(
      ids.filter { before.scope.infos[$0]?.withoutValue != after.scope.infos[$0]?.withoutValue })
  }

  func model(_ file: FileBytes) throws(FormatError) -> Pieces {
    var pieces = Pieces()
    for part in layout.model {
      if part.number == 7 { pieces.field(7, try graph(file)) } else { pieces.append(part.whole) }
    }
    return pieces
  }

  private func graph(_ file: FileBytes) throws(FormatError) -> Pieces {
    var pieces = Pieces()
    var numbers: [String: Value.ID] = [:]
    for (id, value) in source.body.values.enumerated() where numbers[value.name] == nil {
      numbers[value.name] = id
    }
    var nodes = try nodes(file)
    let isInOrder = nodes.map(\.place) == nodes.map(\.place).sorted()
    var next = 0
    for part in layout.graph {
      let id = numbers[part.name]
      let isDropped = id.map(dropped.contains) ?? false
      switch part.number {
      case 1:
        // Nodes that the reader had to sort are all written where the first of them stood.
        while next < nodes.count, !isInOrder || nodes[next].place <= part.whole.lowerBound {
          pieces.append(nodes[next].pieces)
          nodes[next].pieces = Pieces()
          next += 1
        }
      case 5 where isDropped, 15 where isDropped: continue
      case 11 where isDropped: continue
      case 13 where id.map { changed.contains($0) || names[$0] != part.name } ?? false: continue
      default: pieces.append(part.whole)
      }
    }
    for copy in copies {
      var node = Pieces()
      node.field(1, copy.from)
      node.field(2, copy.to)
      node.field(4, "Identity")
      pieces.field(1, node)
    }
    add(to: &pieces)
    return pieces
  }

  /// Adds the constants that nodes read.
  private func add(to pieces: inout Pieces) {
    let read = Set(entries.flatMap(\.node.readValues))
    for (index, tensor) in tensors.enumerated() {
      let id = source.body.values.count + index
      guard let tensor, read.contains(id), let info = rewrite.added[index].initializer?.info else {
        continue
      }
      var named = tensor
      named.field(8, names[id])
      pieces.field(5, named)
      if source.needsInputsForInitializers { pieces.field(11, .valueInfo(names[id], info)) }
    }
  }

  /// Every node as a field of the graph, and where the one stood whose place it has.
  private func nodes(_ file: FileBytes) throws(FormatError)
    -> [(place: Int, pieces: Pieces)]
  {
    var result: [(place: Int, pieces: Pieces)] = []
    for entry in entries {
      let before = source.body.nodes[entry.origin]
      guard let content = layout.content(of: before), let part = layout.part(of: before) else {
        continue
      }
      let captured = captured(entry.node)
      var pieces = Pieces()
      if entry.isNew {
        pieces.field(1, try new(entry.node, before, Wire(file, content: content), captured))
      } else if isSame(entry.node, before), captured.isEmpty {
        pieces.append(part.whole)
      } else {
        pieces.field(
          1,
          try ONNXRenaming.node(
            Wire(file, content: content), inputs: entry.node.inputs.map(name),
            outputs: entry.node.outputs.map(name), captured: captured))
      }
      result.append((part.whole.lowerBound, pieces))
    }
    return result
  }

  private func name(_ id: Value.ID?) -> String { id.map { names[$0] } ?? "" }

  private func isSame(_ node: Node, _ before: Node) -> Bool {
    func formerName(_ id: Value.ID?) -> String { id.map { source.body.values[$0].name } ?? "" }
    return node.inputs.map(name) == before.inputs.map(formerName)
      && node.outputs.map(name) == before.outputs.map(formerName)
  }

  /// The values that the node's subgraphs read by names that are others now.
  private func captured(_ node: Node) -> ONNXRenaming.Names {
    var renamed: ONNXRenaming.Names = [:]
    for body in node.bodies {
      for capture in body.captures where names[capture.outer] != body.values[capture.inner].name {
        renamed[body.values[capture.inner].name] = names[capture.outer]
      }
    }
    return renamed
  }

  /// A node that was not there, with attributes of the one before where the model does not hold all of them.
  private func new(
    _ node: Node, _ before: Node, _ wire: Wire, _ captured: ONNXRenaming.Names
  ) throws(FormatError) -> Pieces {
    var pieces = Pieces()
    var inputs = node.inputs
    while inputs.last == .some(nil) { inputs.removeLast() }
    for input in inputs { pieces.field(1, name(input)) }
    for output in node.outputs { pieces.field(2, name(output)) }
    if !node.name.isEmpty { pieces.field(3, node.name) }
    pieces.field(4, node.op.name)
    if !node.op.domain.isEmpty { pieces.field(7, node.op.domain) }
    if !node.overload.isEmpty { pieces.field(8, node.overload) }
    let stored = try attributes(wire, captured)
    for attribute in node.attributes {
      let isKept = before.attributes.contains { $0.name == attribute.name && $0 ~= attribute }
      if isKept || Pieces.attribute(attribute) == nil, let stored = stored[attribute.name] {
        pieces.append(stored)
      } else if let written = Pieces.attribute(attribute) {
        pieces.field(5, written)
      }
    }
    for entry in node.metadata {
      var metadata = Pieces()
      metadata.field(1, entry.key)
      metadata.field(2, entry.value)
      pieces.field(9, metadata)
    }
    return pieces
  }

  /// The attributes of a node by name, as fields.
  private func attributes(_ wire: Wire, _ captured: ONNXRenaming.Names) throws(FormatError)
    -> [String: Pieces]
  {
    var result: [String: Pieces] = [:]
    var fields = wire
    while let field = try fields.field() {
      guard field.number == 5 else {
        try fields.skip(field)
        continue
      }
      let message = try fields.message(field)
      var name = ""
      var inner = message
      while let field = try inner.field() {
        if field.number == 1 { name = try inner.string(field) } else { try inner.skip(field) }
      }
      var pieces = Pieces()
      if captured.isEmpty {
        pieces.append(field.offset..<fields.offset)
      } else {
        pieces.field(5, try ONNXRenaming.attribute(message, captured))
      }
      result[name] = pieces
    }
    return result
  }
}

extension Attribute {
  /// Whether two attributes of one name are surely equal.
  fileprivate static func ~= (a: Attribute, b: Attribute) -> Bool {
    switch (a.value, b.value) {
    case (.int(let a), .int(let b)): a == b
    case (.float(let a), .float(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.ints(let a), .ints(let b)): a == b
    case (.floats(let a), .floats(let b)): a == b
    case (.strings(let a), .strings(let b)): a == b
    default: false
    }
  }
}

extension Model {
  /// Before version 4 of the format, every initializer had to be an input too.
  fileprivate var needsInputsForInitializers: Bool { (irVersion ?? 3) < 4 }
}

extension Node {
  /// The subgraphs of the node.
  fileprivate var bodies: [Body] {
    attributes.flatMap { attribute -> [Body] in
      switch attribute.value {
      case .graph(let body): [body]
      case .graphs(let bodies): bodies
      default: []
      }
    }
  }

  /// The values that the node and its subgraphs read.
  fileprivate var readValues: [Value.ID] {
    inputs.compactMap { $0 } + bodies.flatMap { $0.captures.map(\.outer) }
  }
}

extension Body {
  /// The values that somebody reads.
  fileprivate var readValues: Set<Value.ID> {
    Set(nodes.flatMap(\.readValues)).union(outputs)
  }
}
