/// Linear and support vector models: `LinearClassifier`, `LinearRegressor`, `SVMClassifier`, `SVMRegressor`.
///
/// The input is `N×features`; the coefficients are attributes.
/// https://onnx.ai/onnx/operators/onnx_aionnxml_LinearClassifier.html, onnx_aionnxml_SVMClassifier.html
package struct LinearModel: Operator {
  package static let names: [OperatorName] = [
    "ai.onnx.ml::LinearClassifier", "ai.onnx.ml::LinearRegressor",
    "ai.onnx.ml::SVMClassifier", "ai.onnx.ml::SVMRegressor",
  ]

  private let labels: Labels?
  private let targets: Int
  /// Numbers that hold the support vectors, one after another; nil where there are none.
  private let supports: Int?
  /// Whether the similarity to a support vector is more than a product.
  private let isCurved: Bool

  package init(_ node: Node) throws(OperatorError) {
    labels = node.op.name.hasSuffix("Classifier") ? try Labels(node) : nil
    targets = try node.int("targets", default: 1)
    supports =
      node.op.name.hasPrefix("SVM") ? try node.floats("support_vectors")?.count : nil
    isCurved = try node.string("kernel_type") ?? "LINEAR" != "LINEAR"
  }

  package var layer: LayerClass { .dense }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    guard let labels else { return [try .tensor(.float32, [input.rows, targets])] }
    var results = try labels.outputs(input)
    // Without probabilities, a score may be that of a pair of classes.
    if supports != nil, labels.count > 2 { results[1] = results[1]?.estimated }
    return results
  }

  /// The vectors that each row is multiplied with.
  private func vectors(_ input: TensorInfo) -> Int {
    supports.map { $0 / max(1, input.features) } ?? labels?.count ?? targets
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    let input = try x.required(0)
    return [
      Contraction(
        rows: input.rows, columns: max(0, vectors(input)), depth: input.features, type: .float32)
    ]
  }

  /// An offset for each product; the curve of a kernel, and the weighted sum of what it gives.
  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    let input = try x.required(0)
    let products = saturatingProduct(input.rows, max(0, vectors(input)))
    guard supports != nil else { return Work(elementwise: 1).times(products) }
    return Work(elementwise: isCurved ? 5 : 2, transcendentals: isCurved ? 1 : 0).times(products)
  }
}
