/// A computation graph as read from a file, before anything has been inferred.
package struct Model: Sendable {
  /// Where the model came from, as messages and reports name it.
  package var format = ""
  package var irVersion: Int?
  /// The operator sets imported, in the order of the file; the default domain is the empty string.
  package var opsets: [OpsetImport] = []
  package var producer = ""
  package var metadata: [Metadata] = []
  package var functions: [Function] = []
  package var body = Body()
  /// What the reader had to repair or assume, as sentences for the user.
  package var notes: [String] = []

  package init() {}
}

/// The version of a domain's operators that a model or function was written for.
package struct OpsetImport: Sendable, Hashable {
  package var domain: String
  package var version: Int

  package init(domain: String, version: Int) {
    self.domain = domain
    self.version = version
  }
}

/// A key and a value that the exporter left for people and tools.
package struct Metadata: Sendable, Hashable {
  package var key: String
  package var value: String

  package init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}

/// The nodes of a graph, subgraph or function, and the values that flow between them.
///
/// Values and nodes are numbered and refer to one another by number; names are kept for messages.
package struct Body: Sendable {
  package var name = ""
  package var values: [Value] = []
  package var nodes: [Node] = []
  package var inputs: [Value.ID] = []
  package var outputs: [Value.ID] = []
  /// The values of the surrounding body that this one reads, and the numbers they have here.
  package var captures: [Capture] = []

  package struct Capture: Sendable, Hashable {
    package var outer: Value.ID
    package var inner: Value.ID

    package init(outer: Value.ID, inner: Value.ID) {
      self.outer = outer
      self.inner = inner
    }
  }

  package init() {}

  /// Adds a value and returns its number.
  package mutating func add(_ value: Value) -> Value.ID {
    values.append(value)
    return values.count - 1
  }
}

/// A value that flows along an edge of a graph.
package struct Value: Sendable {
  package typealias ID = Int
  package var name: String
  /// What the file says of the value, symbols and all.
  package var declared: DeclaredType?
  /// The initializer where there is one, out of the way since most values have none.
  private var literals: [Literal]

  package init(_ name: String, declared: DeclaredType? = nil, initializer: Literal? = nil) {
    self.name = name
    self.declared = declared
    literals = initializer.map { [$0] } ?? []
  }

  /// The constant that the value holds when nothing computes it: a weight, or a default of an input.
  package var initializer: Literal? {
    get { literals.first }
    set { literals = newValue.map { [$0] } ?? [] }
  }
}

/// A model-local function: an operator defined by a graph.
package struct Function: Sendable {
  package var name: OperatorName
  package var overload = ""
  package var opsets: [OpsetImport] = []
  /// The attributes that a call gives, and that have no default, in order.
  package var attributeNames: [String] = []
  /// The attributes that have a default.
  package var defaults: [Attribute] = []
  package var body = Body()

  package init(name: OperatorName) { self.name = name }
}

/// The name of an operator and the domain it belongs to: `Conv`, `com.microsoft::BiasGelu`.
package struct OperatorName: Hashable, Sendable, ExpressibleByStringLiteral {
  package let domain: String
  package let name: String

  /// `ai.onnx` is another spelling of the default domain, the empty string.
  package init(_ name: String, domain: String = "") {
    self.name = name
    self.domain = domain == "ai.onnx" ? "" : domain
  }

  /// `Conv` for the default domain, `domain::Name` for others.
  package init(stringLiteral text: String) {
    // Literals are compared with often, and hardly one names a domain.
    guard text.utf8.contains(UInt8(ascii: ":")) else {
      self.init(text)
      return
    }
    let parts = text.split(separator: "::", maxSplits: 1).map(String.init)
    if parts.count == 2 { self.init(parts[1], domain: parts[0]) } else { self.init(text) }
  }
}

extension OperatorName {
  /// Whether the operator is the one of this spelling: without making a name of each literal that is compared with.
  package static func == (name: OperatorName, text: String) -> Bool {
    name.domain.isEmpty ? name.name == text : name.description == text
  }

  package static func ~= (text: String, name: OperatorName) -> Bool { name == text }
}

extension OperatorName: CustomStringConvertible, Comparable {
  package var description: String { domain.isEmpty ? name : "\(domain)::\(name)" }
  package static func < (a: OperatorName, b: OperatorName) -> Bool {
    (a.domain, a.name) < (b.domain, b.name)
  }
}
