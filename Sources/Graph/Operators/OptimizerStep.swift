/// `Adagrad`, `Adam`, `Momentum`: one step of training, as a node of the graph.
///
/// A rate and a count come first, then the weights, their gradients and one or two moments each; the results are
/// the new weights and the new moments. https://onnx.ai/onnx/operators/index.html#ai-onnx-preview-training
package struct OptimizerStep: Operator {
  package static let names: [OperatorName] = [
    "ai.onnx.preview.training::Adagrad", "ai.onnx.preview.training::Adam",
    "ai.onnx.preview.training::Momentum",
  ]

  /// Moments kept for each weight.
  private let moments: Int
  private let perWeight: Work

  package init(_ node: Node) {
    moments = node.op.name == "Adam" ? 2 : 1
    perWeight =
      switch node.op.name {
      case "Adam": Work(elementwise: 14)
      case "Adagrad": Work(elementwise: 9)
      default: Work(elementwise: 7)
      }
  }

  package var layer: LayerClass { .other }

  /// How many tensors are trained.
  private func tensors(_ x: Operands) throws(OperatorError) -> Int {
    let each = moments + 2
    guard x.count > 2, (x.count - 2) % each == 0 else {
      throw .mismatch("\(x.count) operands are not a rate, a count and \(each) for each weight")
    }
    return (x.count - 2) / each
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let count = try tensors(x)
    var results: [ValueInfo?] = []
    for index in 0..<(count * (moments + 1)) {
      // After the weights come their gradients, which are read only.
      let tensor = try x.required(2 + index + (index < count ? 0 : count))
      results.append(.tensor(tensor.type, tensor.shape))
    }
    return results
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    var work = Work()
    for index in 0..<(try tensors(x)) {
      work += perWeight.times(try x.required(2 + index).shape.count)
    }
    return work
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index < 2 ? .setting : .data }
}
