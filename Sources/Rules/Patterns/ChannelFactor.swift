import Cost
import Graph

/// A constant that a node scales or shifts its operand by.
struct ChannelFactor {
  /// Which operand is scaled or shifted.
  let operand: Int
  /// The constant: a single number, or one for each channel, whatever its extents.
  let constant: Value.ID
  let isPerChannel: Bool
}

extension Step {
  /// The constant that an `Add`, `Sub`, `Mul` or `Div` scales or shifts its operand by, where channels are along
  /// `axis`; nil for all other nodes.
  func channelFactor(axis: Int) -> ChannelFactor? {
    guard isCounted, inputs.count == 2, node.inputs.count == 2, let result = outputs[0],
      result.type.isFloatingPoint, result.dims.indices.contains(axis)
    else { return nil }
    let places: [Int]
    switch node.op {
    case "Add", "Mul": places = [1, 0]
    case "Div", "Sub": places = [1]
    default: return nil
    }
    for place in places where inputs.isConstant(place) && !inputs.isConstant(1 - place) {
      guard let info = inputs[place], let constant = node.inputs[place],
        inputs[1 - place]?.shape == result.shape
      else { continue }
      if info.shape.count == 1 {
        return ChannelFactor(operand: 1 - place, constant: constant, isPerChannel: false)
      }
      // Along any axis but that of the channels there must be one number.
      var dims = info.dims
      let own = axis - (result.rank - dims.count)
      guard dims.indices.contains(own), dims[own] == result.dims[axis] else { continue }
      dims[own] = 1
      if dims.allSatisfy({ $0 == 1 }) {
        return ChannelFactor(operand: 1 - place, constant: constant, isPerChannel: true)
      }
    }
    return nil
  }
}
