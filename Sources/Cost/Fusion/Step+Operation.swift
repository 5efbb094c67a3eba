internal import Graph

extension Step {
  /// The kind of kernel that the node is when launched on its own.
  var operation: Kernel.Operation {
    if let contraction = contractions.first { return contraction.operation }
    // With the moments known beforehand batch normalisation is a multiplication and an addition.
    if isPointwise { return .elementwise }
    if op(is: Softmax.self) { return .softmax }
    if op(is: Reduction.self) { return .reduction }
    switch layer {
    case .pooling: return .pooling
    case .normalization: return .normalization
    case .padding, .reshape, .concatenate, .embedding, .movement: return .movement
    case .dense, .convolution, .attention, .recurrence, .activation, .rescaling, .dropout, .add,
      .multiply, .input, .quantization, .control, .other:
      return .elementwise
    }
  }

  /// The elements of all results that somebody wants.
  var resultElements: Int {
    outputs.all.reduce(0) { sum, operand in
      operand.isGiven ? saturatingSum(sum, operand.info?.tensor?.shape.count ?? 0) : sum
    }
  }

  /// Whether each element of the only result needs just the elements at its own place.
  var isPointwise: Bool {
    guard isCounted, contractions.isEmpty, branches.isEmpty,
      outputs.all.count(where: \.isGiven) == 1
    else { return false }
    switch family {
    case Elementwise.self, Clip.self, Power.self, Cast.self, Selection.self, Extremum.self,
      FusedBias.self, Quantization.self, Dropout.self:
      return true
    default: return op(as: BatchNormalization.self).map { !$0.isTraining } ?? false
    }
  }
}

extension Contraction {
  /// The kind of kernel that does the product.
  var operation: Kernel.Operation {
    switch form {
    case .matrix: return .gemm
    case .recurrence: return .recurrence
    case .attention: return .attention
    case .convolution(let kernel, _, _, let groups):
      if groups == 1 { return .convolution }
      return depth == kernel.reduce(1, saturatingProduct)
        ? .depthwiseConvolution : .groupedConvolution
    }
  }
}
