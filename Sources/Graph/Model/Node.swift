/// One use of an operator.
///
/// Its fields live behind one reference, since a node is large and stands both in its body and in its step.
package struct Node: Sendable {
  package typealias ID = Int
  private var contents: [Contents]

  private struct Contents: Sendable {
    var name: String
    var op: OperatorName
    var overload = ""
    var opset: Int
    var inputs: [Value.ID?]
    var outputs: [Value.ID?]
    var attributes: [Attribute]
    var metadata: [Metadata] = []
    var line: Int?
    var offset: Int?
  }

  package init(
    name: String = "", _ op: OperatorName, opset: Int, inputs: [Value.ID?], outputs: [Value.ID?],
    attributes: [Attribute] = []
  ) {
    contents = [
      Contents(
        name: name, op: op, opset: opset, inputs: inputs, outputs: outputs, attributes: attributes)
    ]
  }

  package var name: String {
    _read { yield contents[0].name }
    _modify { yield &contents[0].name }
  }

  package var op: OperatorName {
    _read { yield contents[0].op }
    _modify { yield &contents[0].op }
  }

  /// Distinguishes functions of one name; empty for nearly all.
  package var overload: String {
    _read { yield contents[0].overload }
    _modify { yield &contents[0].overload }
  }

  /// The version of the operator's domain that the model imports; 0 where it imports none.
  package var opset: Int {
    _read { yield contents[0].opset }
    _modify { yield &contents[0].opset }
  }

  /// Nil where an optional operand is left out.
  package var inputs: [Value.ID?] {
    _read { yield contents[0].inputs }
    _modify { yield &contents[0].inputs }
  }

  /// Nil where an optional result is not wanted.
  package var outputs: [Value.ID?] {
    _read { yield contents[0].outputs }
    _modify { yield &contents[0].outputs }
  }

  package var attributes: [Attribute] {
    _read { yield contents[0].attributes }
    _modify { yield &contents[0].attributes }
  }

  package var metadata: [Metadata] {
    _read { yield contents[0].metadata }
    _modify { yield &contents[0].metadata }
  }

  /// The line in a text file, counted from 1.
  package var line: Int? {
    _read { yield contents[0].line }
    _modify { yield &contents[0].line }
  }

  /// Where the content of the node's message starts in a protobuf file.
  package var offset: Int? {
    _read { yield contents[0].offset }
    _modify { yield &contents[0].offset }
  }
}
