/// Why a node could not be understood.
///
/// Such a node is reported as uncounted, never as free.
package enum OperatorError: Error, Hashable, Sendable {
  case unsupported(OperatorName)
  /// A required operand is left out.
  case missingInput(Int)
  /// An operand is there, but nothing is known of its shape.
  case unknownInput(Int)
  /// A shape depends on the elements of an operand, which are not known.
  case unknownValue(Int)
  /// An operand is not of the kind that the operator takes: a sequence for a tensor, a string for a number.
  case wrongInput(Int, expected: String)
  case missingAttribute(String)
  case wrongAttribute(String, expected: String)
  case axisOutOfRange(Int, rank: Int)
  case notBroadcastable([Shape])
  /// The operands do not fit one another; the text says which and how.
  case mismatch(String)
  case tooLarge([Int])
}

extension OperatorError: CustomStringConvertible {
  /// A clause for people, which reads on after "uncounted:".
  package var description: String {
    switch self {
    case .unsupported(let name): "operator '\(name)' is not known"
    case .missingInput(let index): "input \(index) is missing"
    case .unknownInput(let index): "the shape of input \(index) is not known"
    case .unknownValue(let index): "the shape depends on the elements of input \(index)"
    case .wrongInput(let index, let expected): "input \(index) is not \(expected)"
    case .missingAttribute(let name): "attribute '\(name)' is missing"
    case .wrongAttribute(let name, let expected): "attribute '\(name)' is not \(expected)"
    case .axisOutOfRange(let axis, let rank): "axis \(axis) of a tensor of rank \(rank)"
    case .notBroadcastable(let shapes):
      "shapes \(shapes.map(\.description).joined(separator: " and ")) do not broadcast"
    case .mismatch(let text): text
    case .tooLarge(let dims): "an impossible extent among \(dims)"
    }
  }
}
