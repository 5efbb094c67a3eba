// Nodes have few attributes, so a scan beats a dictionary; and their names appear nowhere but in the
// initialisers of operators.
extension Node {
  /// Whether the node was written for an operator set before `version`; one that names none was not.
  package func precedes(_ version: Int) -> Bool { opset > 0 && opset < version }

  package func attribute(_ name: String) -> Attribute.Payload? {
    attributes.first { $0.name == name }?.value
  }

  package func int(_ name: String) throws(OperatorError) -> Int? {
    switch attribute(name) {
    case .int(let value): return value
    case nil: return nil
    default: throw .wrongAttribute(name, expected: "an integer")
    }
  }

  package func int(_ name: String, default value: Int) throws(OperatorError) -> Int {
    try int(name) ?? value
  }

  /// An integer used as a truth value.
  package func flag(_ name: String, default value: Bool = false) throws(OperatorError) -> Bool {
    try int(name).map { $0 != 0 } ?? value
  }

  package func ints(_ name: String) throws(OperatorError) -> [Int]? {
    switch attribute(name) {
    case .ints(let values): return values
    case nil: return nil
    // An empty list has no type of its own in some writers.
    case .floats(let values) where values.isEmpty: return []
    default: throw .wrongAttribute(name, expected: "a list of integers")
    }
  }

  package func float(_ name: String) throws(OperatorError) -> Double? {
    switch attribute(name) {
    case .float(let value): return value
    case .int(let value): return Double(value)
    case nil: return nil
    default: throw .wrongAttribute(name, expected: "a number")
    }
  }

  package func floats(_ name: String) throws(OperatorError) -> [Double]? {
    switch attribute(name) {
    case .floats(let values): return values
    case .ints(let values): return values.map(Double.init)
    case nil: return nil
    default: throw .wrongAttribute(name, expected: "a list of numbers")
    }
  }

  package func string(_ name: String) throws(OperatorError) -> String? {
    switch attribute(name) {
    case .string(let value): return value
    case nil: return nil
    default: throw .wrongAttribute(name, expected: "a string")
    }
  }

  package func strings(_ name: String) throws(OperatorError) -> [String]? {
    switch attribute(name) {
    case .strings(let values): return values
    case nil: return nil
    case .ints(let values) where values.isEmpty: return []
    default: throw .wrongAttribute(name, expected: "a list of strings")
    }
  }

  package func tensor(_ name: String) throws(OperatorError) -> Literal? {
    switch attribute(name) {
    case .tensor(let value): return value
    case nil: return nil
    default: throw .wrongAttribute(name, expected: "a tensor")
    }
  }

  /// The subgraph held by the attribute `name`, which must be there.
  package func graph(_ name: String) throws(OperatorError) -> Body {
    switch attribute(name) {
    case .graph(let body): return body
    case nil: throw .missingAttribute(name)
    default: throw .wrongAttribute(name, expected: "a graph")
    }
  }

  /// An element type, which ONNX writes as its number.
  package func elementType(_ name: String) throws(OperatorError) -> ElementType? {
    guard let code = try int(name), code != 0 else { return nil }
    guard let type = ElementType(rawValue: code) else {
      throw .wrongAttribute(name, expected: "an element type")
    }
    return type
  }
}
