/// Forests of decision trees: `TreeEnsemble`, `TreeEnsembleClassifier`, `TreeEnsembleRegressor`.
///
/// The input is `N×features`; each row walks down every tree, a comparison for each level.
/// https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsemble.html
package struct TreeEnsemble: Operator {
  package static let names: [OperatorName] = [
    "ai.onnx.ml::TreeEnsemble", "ai.onnx.ml::TreeEnsembleClassifier",
    "ai.onnx.ml::TreeEnsembleRegressor",
  ]

  package let trees: Int
  /// Levels of one tree, if all are balanced and of one size.
  package let depth: Int
  private let labels: Labels?
  private let targets: Int

  package init(_ node: Node) throws(OperatorError) {
    let roots = try node.ints("tree_roots")?.count
    let owners = try node.ints("nodes_treeids").map { Set($0).count }
    trees = roots ?? owners ?? 1
    let nodes = try node.ints("nodes_featureids")?.count ?? 0
    depth = Int.bitWidth - (nodes / max(1, trees)).leadingZeroBitCount
    labels = node.op.name == "TreeEnsembleClassifier" ? try Labels(node) : nil
    targets = try node.int("n_targets", default: 1)
  }

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    if let labels { return try labels.outputs(input) }
    // The newest of the three keeps the type of its input.
    return [try .tensor(input.type == .float64 ? .float64 : .float32, [input.rows, targets])]
  }

  /// A comparison at each level of each tree, and the sum of what the leaves say.
  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    Work(elementwise: saturatingProduct(trees, saturatingSum(depth, 1)))
      .times(try x.required(0).rows)
  }
}

/// The classes that a classifier tells apart.
struct Labels: Hashable, Sendable {
  let count: Int
  let type: ElementType

  init(_ node: Node) throws(OperatorError) {
    let integers = try node.ints("classlabels_int64s")
    let others = try node.ints("classlabels_ints")
    let strings = try node.strings("classlabels_strings") ?? []
    count = max(strings.count, (integers ?? others ?? []).count)
    type = strings.isEmpty ? .int64 : .string
  }

  /// The class of each row, and the scores of all classes.
  func outputs(_ input: TensorInfo) throws(OperatorError) -> [ValueInfo?] {
    guard count > 0 else { throw .missingAttribute("classlabels_int64s") }
    return [
      try .tensor(type, [input.rows]), try .tensor(.float32, [input.rows, count]),
    ]
  }
}

extension TensorInfo {
  /// The rows of a matrix of features; a vector is one.
  var rows: Int { rank > 1 ? shape[0] : 1 }
  /// The features of one row.
  var features: Int { dims.last ?? 1 }
}
