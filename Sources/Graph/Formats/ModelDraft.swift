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
    opsets.append(OpsetImport(domain: domain == "ai.onnx" ? "" : domain, version: version))
  }

  /// One import of each domain: the specification lets the highest version hold where there are several.
  private static func merged(_ opsets: [OpsetImport]) -> [OpsetImport] {
    var places: [String: Int] = [:]
    var merged: [OpsetImport] = []
    for opset in opsets {
      if let place = places[opset.domain] {
        merged[place].version = max(merged[place].version, opset.version)
      } else {
        places[opset.domain] = merged.count
        merged.append(opset)
      }
    }
    return merged
  }

  /// Adds a function that the graph `draft` defines, whose formal inputs and outputs are those of the graph.
  mutating func add(_ function: Function, _ draft: inout GraphDraft) throws(FormatError) {
    var function = function
    let (body, free) = try draft.finish(&repairs)
    function.body = body
    function.opsets = Self.merged(function.opsets)
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
    model.opsets = Self.merged(model.opsets)
    if !model.opsets.contains(where: { $0.domain.isEmpty }), body.usesDefaultDomain {
      model.opsets.append(OpsetImport(domain: "", version: Self.newestOpset))
      repairs.others.append(
        "no version of the default operators is imported: they are read as of opset "
          + "\(Self.newestOpset)")
    }
    let versions = model.opsets.versions
    body.assignOpsets(versions, [:])
    model.body = body
    for index in model.functions.indices {
      model.functions[index].body.assignOpsets(model.functions[index].opsets.versions, versions)
    }
    model.notes = repairs.sentences
    return model
  }
}

extension [OpsetImport] {
  /// The version of each domain, all of which differ.
  fileprivate var versions: [String: Int] {
    Dictionary(uniqueKeysWithValues: map { ($0.domain, $0.version) })
  }
}

extension Body {
  fileprivate var usesDefaultDomain: Bool { nodes.contains { $0.op.domain.isEmpty } }

  /// Puts the version of its domain on every node, those of subgraphs included.
  ///
  /// Those of `outer` hold for domains that are not among `own`.
  fileprivate mutating func assignOpsets(_ own: [String: Int], _ outer: [String: Int]) {
    for node in nodes.indices {
      let domain = nodes[node].op.domain
      nodes[node].opset = own[domain] ?? outer[domain] ?? 0
      for index in nodes[node].attributes.indices {
        switch nodes[node].attributes[index].value {
        case .graph(var body):
          body.assignOpsets(own, outer)
          nodes[node].attributes[index].value = .graph(body)
        case .graphs(var bodies):
          for body in bodies.indices { bodies[body].assignOpsets(own, outer) }
          nodes[node].attributes[index].value = .graphs(bodies)
        default: continue
        }
      }
    }
  }
}
