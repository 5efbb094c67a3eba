/// A function that an operator applies to its own result before it writes it, such as `Relu`.
///
/// ONNX Runtime's fused operators and ONNX's recurrent ones name it by the operator that computes it alone.
package struct FusedActivation: Hashable, Sendable {
  package let name: String

  package init(_ name: String) { self.name = name }

  /// What one element takes.
  package var work: Work {
    if let rule = Elementwise.table[OperatorName(name)] {
      return Work(elementwise: rule.operations, transcendentals: rule.transcendentals)
    }
    switch name {
    case "Affine": return Work(elementwise: 2)
    case "ScaledTanh": return Work(elementwise: 3, transcendentals: 1)
    case "": return Work()
    default: return Work(elementwise: 1)
    }
  }
}

extension Node {
  /// The function named by the attribute `name`, or nil where there is none.
  func activation(_ name: String) throws(OperatorError) -> FusedActivation? {
    guard let function = try string(name), !function.isEmpty, function != "none" else { return nil }
    return FusedActivation(function)
  }
}
