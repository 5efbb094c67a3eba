/// `Optional`, `OptionalHasElement`, `OptionalGetElement`: values that may be absent.
///
/// https://onnx.ai/onnx/operators/onnx__Optional.html and its neighbours
package struct Optionals: Operator {
  package static let names: [OperatorName] = [
    "Optional", "OptionalGetElement", "OptionalHasElement",
  ]

  private enum Kind { case wrap, has, get }
  private let kind: Kind

  package init(_ node: Node) {
    kind =
      switch node.op.name {
      case "Optional": .wrap
      case "OptionalHasElement": .has
      default: .get
      }
  }

  package var layer: LayerClass { .control }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    switch kind {
    case .wrap: return [.optional(x.isGiven(0) ? try x.value(0) : nil)]
    case .has:
      let held = x.isGiven(0) ? try x.value(0) : .optional(nil)
      return [.tensor(.bool, .scalar, value: .integers([held == .optional(nil) ? 0 : 1]))]
    case .get:
      guard case .optional(let held) = try x.value(0) else { return [try x.value(0)] }
      guard let held else { throw .mismatch("the value of an empty optional") }
      return [held]
    }
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func traffic(_: Operands, _: Operands) -> (read: Int, written: Int) { (0, 0) }
  package var viewedInput: Int? { kind == .has ? nil : 0 }
}
