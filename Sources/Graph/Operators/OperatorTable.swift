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
    AffineGrid.self,
    Attention.self,
    BatchNormalization.self,
    BitCast.self,
    BoxSelection.self,
    Branching.self,
    CacheUpdate.self,
    Cast.self,
    CausalConvolution.self,
    CenterCropPad.self,
    ChannelReorder.self,
    Clip.self,
    Compress.self,
    Concat.self,
    Constant.self,
    Convolution.self,
    Cumulation.self,
    DeformableConvolution.self,
    DepthToSpace.self,
    Dropout.self,
    Einsum.self,
    ElementGather.self,
    Elementwise.self,
    EmbeddingNormalization.self,
    Expansion.self,
    Extremum.self,
    FeatureEncoding.self,
    Filling.self,
    Flatten.self,
    FlexibleAttention.self,
    Folding.self,
    FourierTransform.self,
    FusedBias.self,
    Gather.self,
    GlobalPooling.self,
    GridSampling.self,
    GroupQueryAttention.self,
    Identity.self,
    ImageDecoding.self,
    IntegerMatrixProduct.self,
    LinearAlgebra.self,
    LinearAttention.self,
    LinearModel.self,
    Looping.self,
    Loss.self,
    MatrixProduct.self,
    MixtureOfExperts.self,
    MultiHeadAttention.self,
    NonZero.self,
    Normalization.self,
    NumberRange.self,
    OneHot.self,
    OptimizerStep.self,
    Optionals.self,
    PackedAttention.self,
    PackedMatrixProduct.self,
    PackedProjection.self,
    Pad.self,
    PaddingRemoval.self,
    Pooling.self,
    PositionBias.self,
    Power.self,
    ProjectedAttention.self,
    Quantization.self,
    QuantizedConcat.self,
    QuantizedElementwise.self,
    QuantizedGather.self,
    QuantizedReduction.self,
    RandomNumbers.self,
    Recurrence.self,
    Reduction.self,
    RegionPooling.self,
    Resampling.self,
    Reshape.self,
    ReverseSequence.self,
    RotaryEmbedding.self,
    Scanning.self,
    Scatter.self,
    Selection.self,
    SequenceMapping.self,
    Sequences.self,
    ShapeOf.self,
    SignalWindow.self,
    SkipNormalization.self,
    SliceGather.self,
    Slicing.self,
    Softmax.self,
    Split.self,
    Squeeze.self,
    TermFrequency.self,
    Text.self,
    Tiling.self,
    TopK.self,
    Transpose.self,
    TransposedConvolution.self,
    TreeEnsemble.self,
    Trilu.self,
    Unique.self,
    UnitMatrix.self,
    Unpooling.self,
    Unsqueeze.self,
    WindowedAttention.self,
  ]

  package static let standard = OperatorTable(families)
}
