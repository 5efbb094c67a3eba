import Cost
import Graph

/// A cache of keys or values that a decoder reads, with the new ones appended, and the product that reads it.
struct KeyValueCache {
  let input: Value.ID
  /// Bytes of the cache as it is read.
  let bytes: Int
  let heads: Int
  /// The product of queries and keys, or of weights and values; or an operator for all of attention.
  let product: Node.ID
  /// The nodes between the cache and the product.
  private let between: [Node.ID]
  /// The node that appends the new ones, and the operand that holds these; nil where attention does that itself.
  private let appending: (node: Node.ID, index: Int)?

  /// Where new keys or values are appended.
  var place: Node.ID { appending?.node ?? product }

  /// More nodes than this between a cache and its product are not looked at.
  private static let reach = 12

  /// Nil where the input is no such cache, or where queries have more heads than it.
  init?(_ input: Value.ID, _ subject: Subject) {
    guard subject.scope.body.values[input].initializer == nil, let info = subject.tensor(input),
      info.rank == 4, info.type.isFloatingPoint, info.shape[1] > 1
    else { return nil }
    (self.input, heads) = (input, info.shape[1])
    bytes = info.type.cast(to: subject.estimate.scenario.precision).byteCount(info.shape.count)
    var between: [Node.ID] = []
    var appending: (node: Node.ID, index: Int)?
    var value = input
    while between.count < Self.reach {
      let readers = subject.scope.readers[value].filter { !subject.steps[$0].readsExtentsAlone }
      guard readers.count == 1, let reader = readers.first else { return nil }
      let step = subject.steps[reader]
      guard let place = step.node.inputs.firstIndex(of: value) else { return nil }
      if step.op is Attention {
        guard place > 3, let query = step.inputs[0], let op = step.op(as: Attention.self),
          query.rank == 4 ? query.shape[1] == heads : op.queryHeads == heads
        else { return nil }
        (self.product, self.between, self.appending) = (reader, between, (reader, place - 3))
        return
      }
      if let op = step.op(as: GroupQueryAttention.self) {
        guard place == 3 || place == 4, step.node.op.name == "GroupQueryAttention",
          op.heads == heads, op.keyHeads == heads, step.inputs[1]?.rank == 3
        else { return nil }
        (self.product, self.between, self.appending) = (reader, between, (reader, place - 2))
        return
      }
      if step.op is MatrixProduct {
        // Queries, or the weights of the values, of the new positions in as many heads; more rows are those of
        // several heads that share keys and values already.
        guard let appending, place == 1, let left = step.inputs[0], !step.inputs.isConstant(0),
          left.rank == 4, left.shape[1] == heads, let result = step.outputs[0], result.rank == 4,
          step.node.inputs.count == 2,
          subject.steps[appending.node].inputs[appending.index]?.dims[2] == left.shape[2]
        else { return nil }
        (self.product, self.between, self.appending) = (reader, between, appending)
        return
      }
      if let concat = step.op(as: Concat.self) {
        if step.node.inputs.count > 1 {
          guard appending == nil, step.node.inputs.count == 2,
            (try? info.shape.axis(concat.axis)) == 2, !step.inputs.isConstant(1 - place)
          else { return nil }
          appending = (reader, 1 - place)
        }
      } else {
        guard
          step.isPointwise || step.op is Transpose || step.op?.viewedInput(step.inputs) == place
        else { return nil }
      }
      guard let output = subject.output(reader) else { return nil }
      between.append(reader)
      value = output
    }
    return nil
  }

  /// Lets the product read `kept` heads, each for as many heads of queries; whether all of it could be told.
  func share(among kept: Int, _ edit: inout HeadEdit, _ subject: Subject) -> Bool {
    guard let appending, let depth = subject.tensor(input)?.shape[3] else { return false }
    edit.rewrite.extents[input] = [1: kept]
    for node in between where subject.steps[node].op is Reshape {
      guard edit.reshape(node, heads, kept, subject) else { return false }
    }
    if !edit.project(appending.node, appending.index, (heads, kept, depth), subject) {
      guard edit.cut(appending.node, appending.index, (heads, kept, depth), subject) else {
        return false
      }
    }
    let step = subject.steps[product]
    guard step.op is MatrixProduct else {
      if step.inputs[1]?.rank == 3 {
        var node = edit.node(product, subject)
        node.set("kv_num_heads", .int(kept))
        edit.nodes[product] = node
      }
      return true
    }
    return edit.group(product, heads, kept, subject)
  }
}

extension Step {
  /// Whether each element of the result depends on those of the operands at its own place.
  fileprivate var isPointwise: Bool { op is Elementwise || op is Cast || op is Power || op is Clip }
}
