/// `Pow`: one tensor to the power of another, element by element.
///
/// The result has the type of the base. https://onnx.ai/onnx/operators/onnx__Pow.html
package struct Power: Operator {
  package static let names: [OperatorName] = ["Pow"]

  package init(_: Node) {}

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (base, exponent) = (try x.required(0), try x.required(1))
    let shape = try Shape.broadcast([base.shape, exponent.shape])
    guard var first = base.elements?.broadcast(from: base.shape, to: shape),
      var second = exponent.elements?.broadcast(from: exponent.shape, to: shape)
    else { return [.tensor(base.type, shape)] }
    // Between an integer and a real number the power is one of real numbers.
    if base.type.isInteger != exponent.type.isInteger {
      (first, second) = (.reals(first.reals), .reals(second.reals))
    }
    return [
      .tensor(base.type, shape, value: first.combined(with: second, .power, as: base.type))
    ]
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let count = try y.required(0).shape.count
    // Squares, roots and reciprocals take one operation of the ordinary kind, cubes two.
    guard let exponent = x[1]?.value?.reals, let first = exponent.first,
      exponent.allSatisfy({ $0 == first }), [-1, 0.5, 1, 2, 3].contains(first)
    else { return Work(elementwise: count, transcendentals: count) }
    return Work(elementwise: first == 3 ? saturatingProduct(2, count) : count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
