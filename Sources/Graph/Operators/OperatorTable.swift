/// The operators a model may use, found by name.
package struct OperatorTable: Sendable {
  private var families: [OperatorName: any Operator.Type] = [:]

  package init(_ families: [any Operator.Type]) {
    for family in families {
      for name in family.names {
        precondition(self.families[name] == nil, "\(name) is defined twice")
        self.families[name] = family
      }
    }
  }

  /// Every operator known, sorted by domain and name.
  package var names: [OperatorName] { families.keys.sorted() }

  package func family(of name: OperatorName) -> (any Operator.Type)? { families[name] }

  /// Reads a node; throws `unsupported` where no family answers to its operator.
  package func callAsFunction(_ node: Node) throws(OperatorError) -> any Operator {
    guard let family = families[node.op] else { throw .unsupported(node.op) }
    return try family.init(node)
  }
}

extension OperatorTable {
  /// Every family in this folder, one line each, in alphabetical order.
  package static let families: [any Operator.Type] = [
    Attention.self,
    BatchNormalization.self,
    BoxSelection.self,
    Branching.self,
    Constant.self,
    Convolution.self,
    DeformableConvolution.self,
    Einsum.self,
    Elementwise.self,
    FusedBias.self,
    GlobalPooling.self,
    IntegerMatrixProduct.self,
    Looping.self,
    MatrixProduct.self,
    Normalization.self,
    PackedMatrixProduct.self,
    Pooling.self,
    ProjectedAttention.self,
    Quantization.self,
    Recurrence.self,
    RegionPooling.self,
    Resampling.self,
    Scanning.self,
    Sequences.self,
    SkipNormalization.self,
    Softmax.self,
    TransposedConvolution.self,
    Unpooling.self,
  ]

  package static let standard = OperatorTable(families)
}
