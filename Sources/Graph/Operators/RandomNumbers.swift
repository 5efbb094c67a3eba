/// `RandomNormal`, `RandomUniform`, `Bernoulli`, `Multinomial`: numbers drawn anew in each execution.
///
/// https://onnx.ai/onnx/operators/onnx__RandomNormal.html and its neighbours
package struct RandomNumbers: Operator {
  package static let names: [OperatorName] = [
    "Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform",
    "RandomUniformLike",
  ]

  private enum Extents {
    case given(Shape)
    case likeInput
    /// So many draws for each row of the input.
    case draws(Int)
  }

  private let extents: Extents
  private let result: ElementType?
  private let isNormal: Bool
  /// Whether the elements of the input matter, and not its shape alone.
  private let readsInput: Bool

  package init(_ node: Node) throws(OperatorError) {
    result = try node.elementType("dtype")
    isNormal = node.op.name.hasPrefix("RandomNormal")
    readsInput = !node.op.name.hasSuffix("Like")
    switch node.op.name {
    case "RandomNormal", "RandomUniform":
      guard let dims = try node.ints("shape") else { throw .missingAttribute("shape") }
      extents = .given(try Shape(dims))
    case "Multinomial": extents = .draws(try node.int("sample_size", default: 1))
    default: extents = .likeInput
    }
  }

  package var layer: LayerClass { .other }
  package var isDeterministic: Bool { false }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    switch extents {
    case .given(let shape): return [.tensor(result ?? .float32, shape)]
    case .likeInput:
      let input = try x.required(0)
      return [.tensor(result ?? input.type, input.shape)]
    case .draws(let count):
      let input = try x.required(0)
      guard input.rank == 2 else { throw .mismatch("draws from \(input.shape)") }
      return [try .tensor(result ?? .int32, [input.shape[0], count])]
    }
  }

  /// A uniform number is scaled and shifted, or compared; a normal one takes a logarithm and a cosine too.
  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let count = try y.required(0).shape.count
    switch extents {
    case .draws:
      // Probabilities are made and summed up, and each draw walks along the sums.
      let input = try x.required(0)
      return Work(elementwise: 3, transcendentals: 1).times(input.shape.count)
        + Work(elementwise: input.shape[1]).times(count)
    case .given, .likeInput:
      return Work(elementwise: isNormal ? 6 : 2, transcendentals: isNormal ? 2 : 0).times(count)
    }
  }

  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) {
    (readsInput ? x.byteCount : 0, y.byteCount)
  }
}
