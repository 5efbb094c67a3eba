/// An ONNX file with rewrites applied: everything that they do not touch stays byte for byte as it is.
///
/// Nodes that are left out, replaced or rewired are written anew, and so is what stands around them in the graph:
/// constants added, initializers that nobody reads any more, declarations of values that are gone or have another
/// shape. Weights are copied, elements in other files stay there.
package struct ONNXPatch: Sendable {
  /// The new file, as parts of the old one and bytes in between.
  package let pieces: Pieces
  /// For each rewrite given, why it is left out, as a clause; nil where it is applied.
  package let refusals: [String?]
  /// Files with elements of initializers, which the new file goes on reading.
  package let externalFiles: [String]

  /// `rewrites` are of the model in `file` with its functions inlined, as `Analysis` has it.
  ///
  /// Where two are at odds, the earlier is applied. Throws where the file is not one that can be patched.
  package init(_ file: FileBytes, applying rewrites: [Rewrite], binding: Binding.Request)
    throws(FormatError)
  {
    let layout = try ONNXLayout(file)
    let source = try ONNXFormat.read(file)
    let translation: Translation
    do throws(ModelError) { translation = try Translation(source, layout) } catch {
      throw FormatError(error.message)
    }
    let constants = ONNXConstants(file, layout, source)
    var joined = Rewrite()
    var tensors: [Pieces?] = []
    var refusals: [String?] = []
    for rewrite in rewrites {
      do throws(Refusal) {
        let own = try translation.own(rewrite)
        guard !joined.conflicts(with: own) else {
          throw Refusal("it is at odds with another fix; run again on the fixed file")
        }
        tensors += try constants.added(by: own)
        joined.join(own, valueCount: source.body.values.count)
        refusals.append(nil)
      } catch {
        refusals.append(error.reason)
      }
    }
    let writer = PatchWriter(
      layout: layout, source: source, rewrite: joined, tensors: tensors,
      binding: binding)
    self.pieces = try writer.model(file)
    self.refusals = refusals
    externalFiles = layout.externalFiles
  }
}

/// What a rewrite of a model with its functions inlined means for the model as the file has it.
private struct Translation {
  private let source: Model
  private let layout: ONNXLayout
  /// For each node of the inlined model, its number among those of the file's graph; nil within functions.
  private let nodes: [Node.ID?]
  private let expandedValueCount: Int

  init(_ source: Model, _ layout: ONNXLayout) throws(ModelError) {
    let expanded = try source.inliningFunctions()
    var numbers: [Int: Node.ID] = [:]
    for (id, node) in source.body.nodes.enumerated() {
      if let offset = node.offset { numbers[offset] = id }
    }
    nodes = expanded.body.nodes.map { node in node.offset.flatMap { numbers[$0] } }
    expandedValueCount = expanded.body.values.count
    self.source = source
    self.layout = layout
  }

  /// The same rewrite with the file's own numbers.
  func own(_ rewrite: Rewrite) throws(Refusal) -> Rewrite {
    let count = source.body.values.count
    func value(_ id: Value.ID) -> Value.ID? {
      id < count ? id : id < expandedValueCount ? nil : id - expandedValueCount + count
    }
    var own = Rewrite()
    own.added = rewrite.added
    for id in rewrite.removed.sorted() { own.removed.insert(try node(id)) }
    for (old, new) in rewrite.substitutions {
      guard let old = value(old), let new = value(new) else { throw Self.insideFunction }
      own.substitutions[old] = new
    }
    for (id, recipe) in rewrite.recipes {
      guard let id = value(id), let recipe = recipe.renumbered(value) else {
        throw Self.insideFunction
      }
      own.recipes[id] = recipe
    }
    for (id, replacements) in rewrite.replaced {
      let origin = try node(id)
      var written: [Node] = []
      for var node in replacements {
        let operands = node.inputs.compactMap { $0 } + node.outputs.compactMap { $0 }
        guard operands.allSatisfy({ value($0) != nil }) else { throw Self.insideFunction }
        node.inputs = node.inputs.map { $0.flatMap(value) }
        node.outputs = node.outputs.map { $0.flatMap(value) }
        try check(node, in: origin)
        written.append(node)
      }
      own.replaced[origin] = written
    }
    return own
  }

  private static let insideFunction = Refusal("it is inside a local function")

  private func node(_ id: Node.ID) throws(Refusal) -> Node.ID {
    guard nodes.indices.contains(id), let own = nodes[id] else { throw Self.insideFunction }
    return own
  }

  /// Throws where a node cannot be written in place of the one at `origin`.
  private func check(_ node: Node, in origin: Node.ID) throws(Refusal) {
    guard let opset = source.opsets.first(where: { $0.domain == node.op.domain }) else {
      throw Refusal("the file does not import \(node.op)")
    }
    guard opset.version == node.opset else {
      throw Refusal("\(node.op) of opset \(node.opset) is needed, the file has \(opset.version)")
    }
    let before = source.body.nodes[origin].attributes
    for attribute in node.attributes where Pieces.attribute(attribute) == nil {
      guard before.contains(where: { $0.name == attribute.name }) else {
        throw Refusal("attribute '\(attribute.name)' of \(node.op) cannot be written")
      }
    }
  }
}
