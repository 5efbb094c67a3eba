/// The shapes of a body at the batch it was exported with, from which those at another batch are told.
///
/// Exporters write the batch of the example input into the targets of reshapes and into constants that are
/// joined to activations, so a body that is given another batch contradicts itself. What its shapes would have
/// been can be told all the same: those at its own batch, 1, with the axis that carries the batch grown.
struct Rebatching {
  /// The body at its own batch.
  let own: Scope
  let batch: Int
  /// Values in which the batch is joined to the axis before it, not to the one after.
  private var joinedBehind: Set<Value.ID> = []

  init(own: Scope, batch: Int) {
    self.own = own
    self.batch = batch
  }

  /// Where the batch stands in a shape: on which axis, and whether it turns faster than what else is there.
  struct Place: Hashable {
    var axis: Int
    var isBehind = false
  }

  /// The results of the node at `index`; nil where nothing can be told.
  ///
  /// `inferred` is what its operator says by itself, or nil where the operands contradict each other.
  mutating func results(_ index: Int, _ inputs: Operands, _ inferred: [ValueInfo?]?)
    -> [ValueInfo?]?
  {
    let step = own.steps[index]
    guard let carrier = inputs.all.indices.first(where: { place($0, of: step, inputs) != nil }),
      let place = place(carrier, of: step, inputs), let input = step.inputs[carrier]
    else { return inferred }
    return step.outputs.all.indices.map { result in
      let told = inferred.flatMap { result < $0.count ? $0[result] : nil }
      guard let before = step.outputs[result] else { return told }
      let isKept = place.axis < before.rank && before.dims[place.axis] == input.dims[place.axis]
      var next = Place(axis: isKept ? place.axis : 0, isBehind: place.isBehind)
      if step.op(is: Reshape.self) {
        guard carrier == 0, let moved = Self.place(place, of: input.dims, in: before.dims) else {
          return told
        }
        next = moved
      } else if told != nil, !(step.op(is: Resampling.self) && isKept && told?.tensor == before) {
        next.axis = -1
      }
      if next.isBehind, let id = step.node.outputs[result] { joinedBehind.insert(id) }
      return grown(before, next.axis) ?? told
    }
  }

  /// Where an operand carries the batch: on the only axis whose extent differs, and by that factor.
  private func place(_ operand: Int, of step: Step, _ inputs: Operands) -> Place? {
    guard let before = step.inputs[operand], let after = inputs[operand], before.rank == after.rank
    else { return nil }
    let changed = before.dims.indices.filter { before.dims[$0] != after.dims[$0] }
    guard changed.count == 1, let axis = changed.first,
      after.dims[axis] == saturatingProduct(before.dims[axis], batch),
      let id = step.node.inputs[operand]
    else { return nil }
    return Place(axis: axis, isBehind: joinedBehind.contains(id))
  }

  private func grown(_ info: TensorInfo, _ axis: Int) -> ValueInfo? {
    guard info.dims.indices.contains(axis) else { return nil }
    var dims = info.dims
    dims[axis] = saturatingProduct(dims[axis], batch)
    guard let shape = try? Shape(dims) else { return nil }
    var result = TensorInfo(info.type, shape)
    result.isEstimated = info.isEstimated
    return .tensor(result)
  }

  /// Where the batch stands after a reshape: behind as many elements as before, in row-major order.
  static func place(_ place: Place, of before: [Int], in after: [Int]) -> Place? {
    let outer = before.prefix(place.axis + (place.isBehind ? 1 : 0)).reduce(1, saturatingProduct)
    var fitting: [Int] = []
    var product = 1
    for axis in 0...after.count {
      if product == outer { fitting.append(axis) }
      if axis < after.count { product = saturatingProduct(product, after[axis]) }
    }
    if let own = fitting.first(where: { $0 < after.count && after[$0] == 1 }) {
      return Place(axis: own)
    }
    guard let axis = fitting.first else { return nil }
    // A last axis holds the features of one place, never those of several samples.
    let isLast = axis >= after.count - 1
    return isLast && axis > 0 ? Place(axis: axis - 1, isBehind: true) : Place(axis: axis)
  }
}
