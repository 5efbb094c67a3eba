/// Normalisations by the mean and the spread of part of each tensor: layer, instance, group, RMS, local response.
///
/// https://onnx.ai/onnx/operators/onnx__LayerNormalization.html and its neighbours
package struct Normalization: Operator {
  package static let names: [OperatorName] = [
    "GroupNormalization", "InstanceNormalization", "LRN", "LayerNormalization",
    "LpNormalization", "MeanVarianceNormalization", "RMSNormalization",
    "SimplifiedLayerNormalization",
    "com.microsoft::GroupNorm", "com.microsoft::LayerNormalization",
    "com.microsoft::SimplifiedLayerNormalization",
  ]

  package enum Kind: Hashable, Sendable {
    /// Mean and variance over the axes from `axis` on.
    case layer(axis: Int)
    /// The root of the mean square over the axes from `axis` on.
    case rootMeanSquare(axis: Int)
    /// Mean and variance of each image's channel, or group of channels.
    case group
    /// Mean and variance over given axes, without parameters.
    case meanVariance
    /// A norm along one axis.
    case norm
    /// The mean square of `size` neighbouring channels, to a power.
    case localResponse(size: Int)
  }

  package let kind: Kind
  package let epsilon: Double
  /// The function applied to the result.
  package let activation: FusedActivation?
  private let statistics: ElementType
  /// Whether a group norm has a scale and a shift for each group, as it had before version 21.
  private let isPerGroup: Bool
  private let layout: ChannelLayout

  package init(_ node: Node) throws(OperatorError) {
    epsilon = try node.float("epsilon") ?? 1e-5
    isPerGroup = node.op.name == "GroupNormalization" && node.precedes(21)
    let isChannelsLast = try node.flag("channels_last", default: true)
    layout = node.op.name == "GroupNorm" && isChannelsLast ? .channelsLast : .channelsFirst
    statistics = try node.elementType("stash_type") ?? .float32
    // Other operators give no such attribute.
    activation = try node.flag("activation") ? FusedActivation("Swish") : nil
    switch node.op.name {
    case "LayerNormalization": kind = .layer(axis: try node.int("axis", default: -1))
    case "RMSNormalization", "SimplifiedLayerNormalization":
      kind = .rootMeanSquare(axis: try node.int("axis", default: -1))
    case "LRN":
      guard let size = try node.int("size") else { throw .missingAttribute("size") }
      kind = .localResponse(size: max(1, size))
    case "LpNormalization": kind = .norm
    case "MeanVarianceNormalization": kind = .meanVariance
    default: kind = .group
    }
  }

  package var layer: LayerClass { .normalization }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    let result = ValueInfo.tensor(input.type, input.shape)
    switch kind {
    case .layer(let axis):
      let each = try perRow(input.shape, from: axis)
      return [result, each, each]
    case .rootMeanSquare(let axis): return [result, try perRow(input.shape, from: axis)]
    default: return [result]
    }
  }

  /// The mean or spread of each row: extents of 1 from `axis` on.
  private func perRow(_ shape: Shape, from axis: Int) throws(OperatorError) -> ValueInfo {
    let axis = try shape.axis(axis)
    return try .tensor(
      statistics, shape.dims.enumerated().map { $0.offset < axis ? $0.element : 1 })
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    let count = try x.required(0).shape.count
    var work = activation?.work ?? Work()
    switch kind {
    case .layer: work.elementwise += 5 + (x.isGiven(1) ? 1 : 0) + (x.isGiven(2) ? 1 : 0)
    case .group: work.elementwise += 7
    case .rootMeanSquare: work.elementwise += 4
    case .meanVariance: work.elementwise += 5
    case .norm: work.elementwise += 3
    case .localResponse(let size):
      // The square, the sum of the window, its scale and offset, the power, the division.
      work.elementwise = saturatingSum(size, 4)
      work.transcendentals = 1
    }
    return work.times(count)
  }

  package func fitted(_ x: Operands) -> Operands {
    guard let input = x[0], input.rank >= 2 else { return x }
    let parameters = (1..<max(1, x.count)).filter { x[$0]?.rank == 1 }
    switch kind {
    case .group:
      guard !isPerGroup, let channels = try? layout.split(input.shape).channels else { return x }
      return parameters.reduce(x) { $0.resizing($1, to: [channels]) }
    case .layer(let axis), .rootMeanSquare(let axis):
      guard let axis = try? input.shape.axis(axis), axis == input.rank - 1 else { return x }
      return parameters.reduce(x) { $0.resizing($1, to: [input.shape[axis]]) }
    default: return x
    }
  }
}
