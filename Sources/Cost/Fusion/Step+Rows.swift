internal import Graph

extension Step {
  /// The elements that one row of a softmax or a normalisation has; nil where the node goes over none.
  var rowLength: Int? {
    guard let shape = inputs[0]?.shape else { return nil }
    switch op {
    case let softmax as Softmax:
      guard let axis = try? shape.axis(softmax.axis, orEnd: softmax.flattens) else { return nil }
      return softmax.flattens ? Self.product(shape.dims[axis...]) : shape.dims[axis]
    case let normalization as Normalization:
      switch normalization.kind {
      case .layer(let axis), .rootMeanSquare(let axis):
        return (try? shape.axis(axis)).map { Self.product(shape.dims[$0...]) }
      case .group, .meanVariance, .norm, .localResponse: return nil
      }
    case is Reduction:
      guard let result = outputs.tensors.first?.shape.count, result > 0 else { return nil }
      return shape.count / result
    default: return nil
    }
  }

  private static func product(_ extents: ArraySlice<Int>) -> Int {
    extents.reduce(1, saturatingProduct)
  }
}
