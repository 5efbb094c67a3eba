/// A named constant of a node.
package struct Attribute: Sendable {
  package var name: String
  package var value: Payload

  package init(_ name: String, _ value: Payload) {
    self.name = name
    self.value = value
  }

  /// The kinds of attribute that ONNX has.
  package enum Payload: Sendable {
    case int(Int)
    case float(Double)
    case string(String)
    case tensor(Literal)
    case graph(Body)
    case ints([Int])
    case floats([Double])
    case strings([String])
    case tensors([Literal])
    case graphs([Body])
    case type(DeclaredType)
    case types([DeclaredType])
    /// A sparse tensor, of which only the dense extent is kept.
    case sparse(Literal)
    /// Inside a function: the attribute of that name which the call gave.
    case reference(String)
  }
}

/// A constant tensor in the file: its type and extents, its elements where they are few, never its weights.
package struct Literal: Sendable, Hashable {
  package var name: String
  package var info: TensorInfo
  /// Whether the elements lie in another file, which is never opened.
  package var isExternal = false

  package init(name: String = "", _ info: TensorInfo, isExternal: Bool = false) {
    self.name = name
    self.info = info
    self.isExternal = isExternal
  }
}

extension Attribute.Payload {
  /// The value as text that only equal values share; nil where their elements are not known.
  package var comparable: String? {
    switch self {
    case .int(let value): "\(value)"
    case .float(let value): "f\(value.bitPattern)"
    case .string(let value): "s\(value)"
    case .ints(let values): "\(values)"
    case .floats(let values): "f\(values.map(\.bitPattern))"
    case .strings(let values): "s\(values)"
    case .tensor(let literal):
      literal.info.value.map { "\(literal.info.type.name)[\(literal.info.shape)]\($0)" }
    case .graph, .tensors, .graphs, .type, .types, .sparse, .reference: nil
    }
  }
}
