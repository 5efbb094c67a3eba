import Cost
import Graph

/// Changes that leave a decoder fewer heads of keys and values, put together node by node.
struct HeadEdit {
  var rewrite = Rewrite()
  /// Nodes with other operands or attributes.
  var nodes: [Node.ID: Node] = [:]
  /// Nodes put before and behind those.
  private var preceding: [Node.ID: [Node]] = [:]
  private var following: [Node.ID: [Node]] = [:]
  /// The parts of splits that become narrower: by the node, then by the place of the part.
  private var parts: [Node.ID: [Int: Int]] = [:]

  typealias Heads = (before: Int, after: Int, depth: Int)

  /// More nodes than this between a projection and the cache are not looked at.
  private static let reach = 24

  func node(_ id: Node.ID, _ subject: Subject) -> Node { nodes[id] ?? subject.steps[id].node }

  /// All of it as a rewrite.
  func written(_ subject: Subject) -> Rewrite? {
    var edit = self
    for id in parts.keys.sorted() {
      guard edit.settle(id, subject) else { return nil }
    }
    for (id, node) in edit.nodes {
      edit.rewrite.replaced[id] =
        (edit.preceding[id] ?? []) + [node] + (edit.following[id] ?? [])
    }
    return edit.rewrite
  }

  /// Gives a reshape the extents that it has with `after` heads in the place of `before`.
  mutating func reshape(_ id: Node.ID, _ before: Int, _ after: Int, _ subject: Subject) -> Bool {
    let step = subject.steps[id]
    guard var dims = step.outputs[0]?.dims, let operand = step.inputs[0]?.dims, dims.count >= 2
    else { return false }
    // Heads have an axis of their own, share the first with the batch, or the last with their depth.
    let isStack =
      operand.count == 4 && dims.count == 3
      && dims[0] == saturatingProduct(operand[0], operand[1])
    let own = isStack ? 0 : dims.indices.dropLast().last { dims[$0] == before }
    let axis = own ?? dims.count - 1
    guard dims[axis] > 0, dims[axis] % before == 0 else { return false }
    dims[axis] = dims[axis] / before * after
    return aim(id, dims, subject)
  }

  private mutating func aim(_ id: Node.ID, _ dims: [Int], _ subject: Subject) -> Bool {
    guard subject.steps[id].op(is: Reshape.self), subject.steps[id].node.inputs.count == 2,
      let extents = rewrite.integers(dims, "extents", subject.scope.body)
    else { return false }
    var node = node(id, subject)
    node.inputs[1] = extents
    nodes[id] = node
    return true
  }

  /// Lets a product over heads do as many heads of its left operand with each head of its right one.
  mutating func group(_ id: Node.ID, _ before: Int, _ after: Int, _ subject: Subject) -> Bool {
    let step = subject.steps[id]
    let body = subject.scope.body
    guard let left = step.inputs[0]?.dims, let result = step.outputs[0]?.dims,
      let output = subject.output(id), let query = subject.input(id, 0),
      let apart = rewrite.integers(
        [left[0], after, saturatingProduct(before / after, left[2]), left[3]], "extents", body),
      let together = rewrite.integers(result, "extents", body)
    else { return false }
    let opset = step.node.opset
    let (rows, products) = (rewrite.add("heads", to: body), rewrite.add("heads", to: body))
    var product = node(id, subject)
    product.inputs[0] = rows
    product.outputs = [products]
    nodes[id] = product
    preceding[id] = [Node("Reshape", opset: opset, inputs: [query, apart], outputs: [rows])]
    following[id] = [
      Node("Reshape", opset: opset, inputs: [products, together], outputs: [output])
    ]
    return true
  }

  /// Takes the first heads of what is appended, where the layer that makes it cannot be told.
  mutating func cut(_ id: Node.ID, _ index: Int, _ heads: Heads, _ subject: Subject) -> Bool {
    var node = node(id, subject)
    guard let value = node.inputs[index], let info = subject.tensor(value) else { return false }
    let isFlat = info.rank == 3
    let part = rewrite.add("heads", to: subject.scope.body)
    guard
      let slice = rewrite.slice(
        value, [0], [isFlat ? saturatingProduct(heads.after, heads.depth) : heads.after],
        [isFlat ? 2 : 1], [1], node.opset, into: part, subject.scope.body)
    else { return false }
    node.inputs[index] = part
    nodes[id] = node
    preceding[id, default: []].append(slice)
    return true
  }

  /// Makes the layer that `id` reads at `index` as narrow as fewer heads need it; leaves all as it is where it
  /// cannot.
  mutating func project(_ id: Node.ID, _ index: Int, _ heads: Heads, _ subject: Subject) -> Bool {
    let before = self
    guard let value = subject.steps[id].node.inputs[index],
      narrow(value, heads, [id], subject)
    else {
      self = before
      return false
    }
    return true
  }

  /// Goes back from `value`, which has heads or is flat, to the layer that makes it.
  private mutating func narrow(
    _ value: Value.ID, _ heads: Heads, _ readers: Set<Node.ID>, _ subject: Subject
  ) -> Bool {
    let width = saturatingProduct(heads.before, heads.depth)
    var members = readers
    var pending = [value]
    var layers: Set<Node.ID> = []
    while let value = pending.popLast(), members.count < Self.reach {
      guard let maker = subject.scope.producers[value] else { return false }
      let step = subject.steps[maker]
      if layers.contains(maker) || members.contains(maker) { continue }
      switch step.op {
      case is MatrixProduct:
        guard product(maker, width, width / heads.before * heads.after, subject) else {
          return false
        }
        layers.insert(maker)
        continue
      case is Split where step.outputs.tensors.allSatisfy({ $0.shape[$0.rank - 1] >= width }):
        guard let place = step.node.outputs.firstIndex(of: value),
          step.outputs[place]?.dims.last == width
        else { return false }
        parts[maker, default: [:]][place] = width / heads.before * heads.after
        layers.insert(maker)
        continue
      case is Reshape:
        guard reshape(maker, heads.before, heads.after, subject) else { return false }
      case is Transpose, is Elementwise, is Cast, is Power, is Slicing, is Concat, is Reduction,
        is Normalization, is Identity, is Split:
        break
      default: return false
      }
      members.insert(maker)
      for case let input? in step.node.inputs where !subject.scope.constants[input] {
        guard let info = subject.tensor(input), info.type.isFloatingPoint else { continue }
        // What is the same for all heads, such as the angles of positions, stays as it is.
        let hasHeads = info.rank == 4 && info.dims.contains(heads.before)
        if hasHeads || info.dims.last == width { pending.append(input) }
      }
    }
    // Whatever else reads a narrower value would be another network.
    let outside = members.subtracting(readers).union(layers).flatMap { id in
      subject.steps[id].node.outputs.compactMap { $0 }
    }
    let own = members.union(layers)
    let isSplit = layers.contains { subject.steps[$0].op(is: Split.self) }
    return !layers.isEmpty
      && (isSplit
        || outside.allSatisfy { value in
          !subject.scope.isOutput(value)
            && subject.scope.readers[value].allSatisfy {
              own.contains($0) || subject.steps[$0].readsExtentsAlone
            }
        })
  }

  /// Makes a layer's result `after` wide, where it is `before` wide now.
  private mutating func product(_ id: Node.ID, _ before: Int, _ after: Int, _ subject: Subject)
    -> Bool
  {
    let step = subject.steps[id]
    guard let op = step.op(as: MatrixProduct.self), step.inputs.isConstant(1),
      let weights = step.inputs[1], weights.rank == 2, step.outputs[0]?.dims.last == before
    else { return false }
    var dims = weights.dims
    dims[op.transposesB ? 0 : 1] = after
    guard let info = try? TensorInfo(weights.type, dims) else { return false }
    var node = node(id, subject)
    node.inputs[1] = rewrite.addConstant("shared.weight", info, to: subject.scope.body)
    if let bias = step.inputs[2], let old = node.inputs[2], subject.scope.constants[old],
      let narrow = try? TensorInfo(bias.type, bias.dims.map { $0 == before ? after : $0 })
    {
      node.inputs[2] = rewrite.addConstant("shared.bias", narrow, to: subject.scope.body)
    }
    nodes[id] = node
    return true
  }

  /// Gives a split its new parts, and the layer before it the width that they take together.
  private mutating func settle(_ id: Node.ID, _ subject: Subject) -> Bool {
    let step = subject.steps[id]
    var sizes = step.outputs.tensors.map { $0.dims.last ?? 0 }
    let before = sizes.reduce(0, saturatingSum)
    for (place, size) in parts[id] ?? [:] where sizes.indices.contains(place) {
      sizes[place] = size
    }
    let after = sizes.reduce(0, saturatingSum)
    var node = node(id, subject)
    node.attributes.removeAll { $0.name == "split" || $0.name == "num_outputs" }
    if node.precedes(13) {
      node.attributes.append(Attribute("split", .ints(sizes)))
    } else {
      guard let extents = rewrite.integers(sizes, "extents", subject.scope.body),
        let input = node.inputs.first
      else { return false }
      node.inputs = [input, extents]
    }
    nodes[id] = node
    var value = subject.input(id, 0)
    for _ in 0..<Self.reach {
      guard let maker = value.flatMap({ subject.scope.producers[$0] }) else { return false }
      let step = subject.steps[maker]
      switch step.op {
      case is MatrixProduct: return product(maker, before, after, subject)
      case is Reshape:
        guard var dims = step.outputs[0]?.dims, dims.last == before else { return false }
        dims[dims.count - 1] = after
        guard aim(maker, dims, subject) else { return false }
        value = subject.input(maker, 0)
      case is Elementwise:
        value =
          step.node.inputs.compactMap { $0 }.first { !subject.scope.constants[$0] }
      default: return false
      }
    }
    return false
  }
}
