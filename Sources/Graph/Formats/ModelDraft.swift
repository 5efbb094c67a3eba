/// A model as its file tells it, from which `finish` makes a model.
struct ModelDraft {
  /// All but the body.
  var model = Model()
  var graph: GraphDraft?
  var repairs = Repairs()

  /// The newest version of the default domain that is known, which stands in where a file names none.
  static let newestOpset = 26

  init(format: String) { model.format = format }

  /// Adds the import of a domain's operators; `ai.onnx` is another spelling of the default domain.
  static func add(_ domain: String, _ version: Int, to opsets: inout [OpsetImport]) {
    let domain = domain == "ai.onnx" ? "" : domain
    // The specification lets the highest version hold where a domain is imported twice.
    if let known = opsets.firstIndex(where: { $0.domain == domain }) {
      opsets[known].version = max(opsets[known].version, version)
    } else {
      opsets.append(OpsetImport(domain: domain, version: version))
    }
  }

  /// Adds a function that the graph `draft` defines, whose formal inputs and outputs are those of the graph.
  mutating func add(_ function: Function, _ draft: inout GraphDraft) throws(FormatError) {
    var function = function
    let (body, free) = try draft.finish(&repairs)
    function.body = body
    repairs.undefinedValues += free.map { "\(function.name): \(body.values[$0].name)" }
    model.functions.append(function)
  }

  /// The model, with the version of its domain on every node.
  ///
  /// Throws at `end`, the end of the file, where something is missing that every ONNX file has.
  mutating func finish(end: FormatError.Place) throws(FormatError) -> Model {
    guard var graph = graph.take() else {
      throw FormatError(
        "the file ends without a graph: it is cut off, or no ONNX model", at: end)
    }
    if model.opsets.isEmpty {
      guard let version = model.irVersion, version < 3 else {
        throw FormatError(
          "no opset_import: the file is cut off, or was not written by an ONNX exporter", at: end)
      }
      // Operators had no versions then.
      model.opsets = [OpsetImport(domain: "", version: 1)]
      repairs.others.append("no opset_import, as of old: operators are read as of opset 1")
    }
    return try finish(&graph)
  }

  /// The same for a file that need not say which operators it was written for.
  mutating func finish(_ graph: inout GraphDraft) throws(FormatError) -> Model {
    var (body, free) = try graph.finish(&repairs)
    repairs.undefinedValues += free.map { body.values[$0].name }
    if !model.opsets.contains(where: { $0.domain.isEmpty }), body.usesDefaultDomain {
      model.opsets.append(OpsetImport(domain: "", version: Self.newestOpset))
      repairs.others.append(
        "no version of the default operators is imported: they are read as of opset "
          + "\(Self.newestOpset)")
    }
    body.assignOpsets(model.opsets)
    model.body = body
    for index in model.functions.indices {
      let own = model.functions[index].opsets
      let inherited = model.opsets.filter { outer in !own.contains { $0.domain == outer.domain } }
      model.functions[index].body.assignOpsets(own + inherited)
    }
    model.notes = repairs.sentences
    return model
  }
}

extension Body {
  fileprivate var usesDefaultDomain: Bool { nodes.contains { $0.op.domain.isEmpty } }

  /// Puts the version of its domain on every node, those of subgraphs included.
  fileprivate mutating func assignOpsets(_ opsets: [OpsetImport]) {
    for node in nodes.indices {
      let domain = nodes[node].op.domain
      nodes[node].opset = opsets.first { $0.domain == domain }?.version ?? 0
      for index in nodes[node].attributes.indices {
        switch nodes[node].attributes[index].value {
        case .graph(var body):
          body.assignOpsets(opsets)
          nodes[node].attributes[index].value = .graph(body)
        case .graphs(var bodies):
          for body in bodies.indices { bodies[body].assignOpsets(opsets) }
          nodes[node].attributes[index].value = .graphs(bodies)
        default: continue
        }
      }
    }
  }
}
