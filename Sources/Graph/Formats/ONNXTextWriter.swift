/// Writes a model in ONNX's textual syntax, one node on each line.
///
/// The text is stable: equal models give equal bytes, and a change to one node changes one line. Weights are
/// written as declarations without elements, which `ONNXTextFormat` reads back; small tensors that shapes are
/// computed from are written with theirs. ONNX's syntax has no place for the metadata of a node: where it is wanted, it
/// stands behind the node as a comment, which this program reads back and others step over.
package struct ONNXTextWriter {
  private var text = ""
  /// Whether what exporters left at nodes is written: modules, and lines of source.
  private let withMetadata: Bool

  private init(withMetadata: Bool) { self.withMetadata = withMetadata }

  package static func text(_ model: Model, withMetadata: Bool = false) -> String {
    var writer = ONNXTextWriter(withMetadata: withMetadata)
    writer.header(model)
    writer.graph(model.body, indent: "")
    writer.text += "\n"
    for function in model.functions { writer.function(function) }
    return writer.text
  }

  private mutating func header(_ model: Model) {
    var members: [String] = []
    if let version = model.irVersion { members.append("ir_version: \(version)") }
    members.append("opset_import: [\(imports(model.opsets))]")
    if !model.producer.isEmpty { members.append("producer_name: \(quoted(model.producer))") }
    if !model.metadata.isEmpty {
      members.append("metadata_props: \(entries(model.metadata))")
    }
    text += "<\n" + members.map { "  \($0)" }.joined(separator: ",\n") + "\n>\n"
  }

  private mutating func function(_ function: Function) {
    var members = ["domain: \(quoted(function.name.domain))"]
    if !function.overload.isEmpty { members.append("overload: \(quoted(function.overload))") }
    members.append("opset_import: [\(imports(function.opsets))]")
    text += "<\(members.joined(separator: ", "))>\n\(name(function.name.name))"
    let defaults = function.defaults
    let plain = function.attributeNames.filter { name in !defaults.contains { $0.name == name } }
    if !plain.isEmpty || !defaults.isEmpty {
      text +=
        " <"
        + (plain.map(name) + defaults.map { attribute($0, indent: "") }).joined(separator: ", ")
      text += ">"
    }
    let body = function.body
    text += " (\(names(body.inputs, body))) => (\(names(body.outputs, body)))"
    nodes(body, indent: "")
    text += "\n"
  }

  private mutating func graph(_ body: Body, indent: String) {
    let inputs = body.inputs.map { id in
      typed(body.values[id]) + (body.values[id].initializer.map { elements($0) ?? " = {}" } ?? "")
    }
    let outputs = body.outputs.map { typed(body.values[$0]) }
    text += "\(name(body.name.isEmpty ? "graph" : body.name)) (\(inputs.joined(separator: ", ")))"
    text += " => (\(outputs.joined(separator: ", ")))"
    let shown = Set(body.inputs + body.outputs)
    var declarations: [String] = []
    for (id, value) in body.values.enumerated() where !shown.contains(id) {
      if let literal = value.initializer {
        // In a subgraph, a declaration alone would be that of a value from outside.
        let missing = indent.isEmpty ? "" : " = {}"
        declarations.append(
          "\(type(of: literal)) \(name(value.name))\(elements(literal) ?? missing)")
      } else if value.declared != nil {
        declarations.append(typed(value))
      }
    }
    if !declarations.isEmpty {
      text += "\n\(indent)<\n"
      text += declarations.map { "\(indent)  \($0)" }.joined(separator: ",\n") + "\n\(indent)>"
    }
    nodes(body, indent: indent)
  }

  private mutating func nodes(_ body: Body, indent: String) {
    text += " {\n"
    for node in body.nodes {
      text += indent + "  "
      if !node.name.isEmpty { text += "[\(name(node.name))] " }
      text += names(node.outputs, body) + " = "
      let domain = node.op.domain.split(separator: ".").map { name(String($0)) }
      text += (domain + [name(node.op.name)]).joined(separator: ".")
      if !node.overload.isEmpty { text += ":\(name(node.overload))" }
      if !node.attributes.isEmpty {
        let inner = node.attributes.map { attribute($0, indent: indent + "  ") }
        text += " <\(inner.joined(separator: ", "))>"
      }
      text += " (\(names(node.inputs, body)))"
      if withMetadata, !node.metadata.isEmpty { text += "  #\(entries(node.metadata))" }
      text += "\n"
    }
    text += "\(indent)}"
  }
}

extension ONNXTextWriter {
  private func imports(_ opsets: [OpsetImport]) -> String {
    opsets.map { "\(quoted($0.domain)) : \($0.version)" }.joined(separator: ", ")
  }

  /// `["key": "value"]`.
  private func entries(_ metadata: [Metadata]) -> String {
    "["
      + metadata.map { "\(quoted($0.key)): \(quoted($0.value))" }.joined(separator: ", ") + "]"
  }

  private func names(_ ids: [Value.ID?], _ body: Body) -> String {
    ids.map { id in id.map { name(body.values[$0].name) } ?? "\"\"" }.joined(separator: ", ")
  }

  private func typed(_ value: Value) -> String {
    let type = value.declared ?? value.initializer.map { DeclaredType($0.info) }
    return (type.map { text(of: $0) + " " } ?? "") + name(value.name)
  }

  private func type(of literal: Literal) -> String { text(of: DeclaredType(literal.info)) }

  private func text(of type: DeclaredType) -> String {
    switch type {
    case .tensor(let element, let dims):
      guard let dims else { return element.textName + "[]" }
      return element.textName
        + (dims.isEmpty ? "" : "[\(dims.map(extent).joined(separator: ","))]")
    case .sequence(let inner): return "seq(\(text(of: inner)))"
    case .optional(let inner): return "optional(\(text(of: inner)))"
    case .map(let key, let value): return "map(\(key.textName), \(text(of: value)))"
    }
  }

  private func extent(_ dim: DeclaredType.Dimension) -> String {
    switch dim {
    case .fixed(let extent): "\(extent)"
    case .symbol(let symbol): name(symbol)
    case .unknown: "?"
    }
  }

  /// The elements where they are known: ` = {1, 2}`.
  private func elements(_ literal: Literal) -> String? {
    literal.info.value.map { " = \(elements($0))" }
  }

  private func elements(_ value: TensorValue) -> String {
    switch value {
    case .integers(let values): "{\(values.map(String.init).joined(separator: ", "))}"
    case .reals(let values): "{\(values.map(number).joined(separator: ", "))}"
    }
  }

  private func attribute(_ attribute: Attribute, indent: String) -> String {
    let label = name(attribute.name)
    switch attribute.value {
    case .reference(let other): return "\(label) = @\(name(other))"
    case .int(let value): return "\(label): int = \(value)"
    case .float(let value): return "\(label): float = \(number(value))"
    case .string(let value): return "\(label): string = \(quoted(value))"
    case .tensor(let literal), .sparse(let literal):
      return "\(label): tensor = \(tensor(literal))"
    case .graph(let body): return "\(label): graph = \(subgraph(body, indent))"
    case .ints(let values):
      return "\(label): ints = [\(values.map(String.init).joined(separator: ", "))]"
    case .floats(let values):
      return "\(label): floats = [\(values.map(number).joined(separator: ", "))]"
    case .strings(let values):
      return "\(label): strings = [\(values.map(quoted).joined(separator: ", "))]"
    case .tensors(let values):
      return "\(label): tensors = [\(values.map(tensor).joined(separator: ", "))]"
    case .graphs(let bodies):
      return "\(label): graphs = [\(bodies.map { subgraph($0, indent) }.joined(separator: ", "))]"
    case .type(let type): return "\(label): type_proto = \(text(of: type))"
    case .types(let types):
      return "\(label): type_protos = [\(types.map { text(of: $0) }.joined(separator: ", "))]"
    }
  }

  private func tensor(_ literal: Literal) -> String {
    "\(type(of: literal)) \(literal.info.value.map { elements($0) } ?? "{}")"
  }

  private func subgraph(_ body: Body, _ indent: String) -> String {
    var writer = ONNXTextWriter(withMetadata: withMetadata)
    writer.graph(body, indent: indent)
    return writer.text
  }

  /// The shortest decimal that reads back as the number; as a single-precision one where it is one.
  private func number(_ value: Double) -> String {
    let single = Float(value)
    if value.isNaN || Double(single) == value { return "\(single)" }
    return "\(value)"
  }

  /// A name as it is where it is a plain word, or in quotes.
  private func name(_ name: String) -> String {
    let bytes = name.utf8
    guard let first = bytes.first, TextReader.startsWord(first),
      bytes.allSatisfy({ TextReader.startsWord($0) || TextReader.isDigit($0) })
    else { return quoted(name) }
    return name
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension DeclaredType {
  fileprivate init(_ info: TensorInfo) {
    self = .tensor(info.type, dims: info.dims.map { .fixed($0) })
  }
}
