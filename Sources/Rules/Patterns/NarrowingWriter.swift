import Cost
import Graph

/// Writes the nodes of a narrowing anew, so that each makes only what is used.
///
/// Where a value is made whole and a node needs part of it, a slice stands between: there the selection now
/// takes place. Values made in part get other numbers, so that nobody takes them for the whole.
struct NarrowingWriter {
  private let narrowing: Narrowing
  private let body: Body
  private var rewrite = Rewrite()
  /// The part that stands for each value that was made whole.
  private var parts: [Value.ID: Value.ID] = [:]
  /// Slices written so far, by what they are of.
  private var slices: [Slice: Value.ID] = [:]
  /// Nodes to be written before the one at hand.
  private var before: [Node] = []

  private struct Slice: Hashable {
    var value: Value.ID
    var part: Part
  }

  init(_ narrowing: Narrowing) {
    self.narrowing = narrowing
    body = narrowing.demand.subject.scope.body
  }

  /// The change, or nil where some node cannot be written.
  mutating func written() -> Rewrite? {
    for id in narrowing.nodes {
      before = []
      let step = narrowing.demand.subject.steps[id]
      guard !step.readsExtentsAlone else { continue }
      guard write(id, step) else { return nil }
    }
    return rewrite
  }

  private mutating func write(_ id: Node.ID, _ step: Step) -> Bool {
    let demand = narrowing.demand
    var node = step.node
    let isNarrowed = node.outputs.contains { $0.map { !demand.made[$0].isEmpty } ?? false }
    for (index, input) in step.node.inputs.enumerated() {
      guard let input else { continue }
      let needed = demand.reads(step, index)
      let given = parts[input] == nil ? [] : demand.made[input]
      // What the node selects itself stays with it, unless it is made so already.
      let own = index == 0 ? ownSelections(step, of: needed, given) : []
      var missing = needed
      for axis in missing.indices where given.range(axis) != nil || own.contains(axis) {
        missing[axis] = nil
      }
      missing = missing.wholeIfUncut
      let value = parts[input] ?? input
      guard missing.isEmpty || isNarrowed, let sliced = sliced(value, missing, like: input) else {
        return false
      }
      node.inputs[index] = sliced
    }
    guard let source = node.inputs.first, let source,
      let written = narrowed(
        node, step,
        given: step.node.inputs[0].flatMap { parts[$0] == nil ? nil : demand.made[$0] } ?? [])
    else { return false }
    return finish(id, step, written, reading: source, isNarrowed)
  }

  /// Puts the node in its place, or leaves it out where nothing is left for it to do.
  private mutating func finish(
    _ id: Node.ID, _ step: Step, _ written: Written, reading source: Value.ID, _ isNarrowed: Bool
  ) -> Bool {
    guard case .node(var node) = written else {
      guard let output = step.node.outputs.first, let output else { return false }
      if isNarrowed {
        parts[output] = source
        rewrite.removed.insert(id)
      } else if narrowing.demand.subject.scope.isOutput(output) {
        // The result keeps its name.
        rewrite.replaced[id] =
          before + [
            Node(
              name: step.node.name, "Identity", opset: step.node.opset, inputs: [source],
              outputs: [output])
          ]
      } else {
        rewrite.bypass(id, step.node, reading: source)
      }
      if !before.isEmpty, rewrite.replaced[id] == nil {
        rewrite.removed.remove(id)
        rewrite.replaced[id] = before
      }
      return true
    }
    if isNarrowed {
      for (index, output) in node.outputs.enumerated() {
        guard let output, !narrowing.demand.made[output].isEmpty else { continue }
        let part = rewrite.add("\(body.values[output].name)_part", to: body)
        parts[output] = part
        node.outputs[index] = part
      }
    }
    rewrite.replaced[id] = before + [node]
    return true
  }

  /// The axes along which the node itself selects what it reads of its first operand.
  private func ownSelections(_ step: Step, of needed: Part, _ given: Part) -> [Int] {
    needed.indices.filter { axis in
      guard let range = needed[axis], given.range(axis) == nil else { return false }
      // A window of single elements can take longer strides.
      if step.slidingWindow != nil, step.skippingStride(axis) != nil { return range.isRegular }
      return step.selects(axis, narrowing.demand.selecting, isFixed: narrowing.demand.isFixed)
        != nil
    }
  }

  /// `value` cut to `part`; itself where nothing is to be cut.
  private mutating func sliced(_ value: Value.ID, _ part: Part, like original: Value.ID) -> Value
    .ID?
  {
    guard !part.isEmpty else { return value }
    let key = Slice(value: value, part: part)
    if let known = slices[key] { return known }
    let axes = part.indices.filter { part[$0] != nil }
    let ranges = axes.compactMap { part[$0] }
    let opset = narrowing.demand.subject.opset
    let result = rewrite.add("\(body.values[original].name)_slice", to: body)
    let slice = rewrite.slice(
      value, ranges.map(\.start), ranges.map(\.end), axes, ranges.map(\.step), opset, into: result,
      body)
    guard let node = slice ?? strided(value, part, like: original, into: result) else { return nil }
    before.append(node)
    slices[key] = result
    return result
  }

  /// A pool of single elements that takes every so many: before operator set 10 no slice did.
  private func strided(
    _ value: Value.ID, _ part: Part, like original: Value.ID, into result: Value.ID
  ) -> Node? {
    let subject = narrowing.demand.subject
    guard let info = subject.tensor(original), info.type == .float32, (3...5).contains(info.rank),
      part.indices.allSatisfy({ part[$0].map(\.isRegular) ?? true && ($0 > 1 || part[$0] == nil) })
    else { return nil }
    let strides = part.dropFirst(2).map { $0?.step ?? 1 }
    var node = Node("MaxPool", opset: subject.opset, inputs: [value], outputs: [result])
    node.attributes = [
      Attribute("kernel_shape", .ints(strides.map { _ in 1 })),
      Attribute("strides", .ints(Array(strides))),
    ]
    return node
  }

  private enum Written {
    case node(Node)
    /// The node has nothing left to do.
    case nothing
  }

  /// The node as it makes only what is used, from operands of which the first is `given`; nil where it cannot.
  private mutating func narrowed(_ node: Node, _ step: Step, given: Part) -> Written? {
    var node = node
    let made =
      step.node.outputs.lazy.compactMap { $0 }.first.map { narrowing.demand.made[$0] } ?? []
    switch step.op {
    case let slice as Slicing: return remaining(node, step, slice, given)
    case is Resampling:
      let taken = (0..<(step.inputs[0]?.rank ?? 0)).filter { step.nearestStride($0) ?? 1 > 1 }
      if taken.allSatisfy({ given.range($0) == nil }) { return .node(node) }
      return taken.allSatisfy { given.range($0) != nil } ? .nothing : nil
    case let gather as Gather:
      guard let shape = step.inputs[0]?.shape, let axis = try? shape.axis(gather.axis),
        given.range(axis) != nil, let indices = step.inputs[1]
      else { return .node(node) }
      let zero = TensorInfo(.int64, indices.shape, value: .integers([0]))
      node.inputs[1] = rewrite.addConstant("first", zero, to: body)
      return .node(node)
    case is Reshape:
      guard !made.isEmpty else { return .node(node) }
      guard let input = step.inputs[0], let result = step.outputs[0],
        let target = target(step, input.shape, result.shape, made)
      else { return nil }
      if node.inputs.count < 2 {
        node.set("shape", .ints(target))
      } else {
        guard let info = try? TensorInfo(.int64, [target.count], value: .integers(target)) else {
          return nil
        }
        node.inputs[1] = rewrite.addConstant("\(step.node.name)_shape", info, to: body)
      }
      return .node(node)
    case is Convolution, is Pooling:
      guard let (window, kernel) = step.slidingWindow else { return .node(node) }
      var strides = kernel.indices.map { window.stride($0) }
      for axis in kernel.indices {
        if given.range(axis + 2) != nil {
          strides[axis] = 1
        } else if let range = made.range(axis + 2), range.isRegular {
          strides[axis] = saturatingProduct(strides[axis], range.step)
        } else if made.range(axis + 2) != nil {
          // The operand is sliced before.
          strides[axis] = 1
        }
      }
      node.set("strides", .ints(strides))
      return .node(node)
    default: return .node(node)
    }
  }

  /// The slice as far as its operand is not cut already.
  private mutating func remaining(_ node: Node, _ step: Step, _ slice: Slicing, _ given: Part)
    -> Written?
  {
    guard let shape = step.inputs[0]?.shape, let cuts = try? slice.cuts(step.inputs, shape) else {
      return nil
    }
    let left = cuts.filter { given.range($0.axis) == nil }
    if left.count == cuts.count { return .node(node) }
    if left.isEmpty { return .nothing }
    guard let output = node.outputs.first, let output, let input = node.inputs.first, let input,
      narrowing.demand.isFixed
        || (1..<max(1, step.inputs.count)).allSatisfy({ step.inputs.isConstant($0) })
    else { return nil }
    let (starts, ends) = (left.compactMap(\.start), left.compactMap(\.end))
    let steps = left.compactMap(\.step)
    guard starts.count == left.count, ends.count == left.count, steps.count == left.count else {
      return nil
    }
    let axes = left.map(\.axis)
    return rewrite.slice(input, starts, ends, axes, steps, node.opset, into: output, body)
      .map { .node($0) }
  }

  /// What a reshaping of the part is to aim for, written so that it holds for other extents too.
  private func target(_ step: Step, _ input: Shape, _ result: Shape, _ made: Part) -> [Int]? {
    let subject = narrowing.demand.subject
    let literal = subject.literalExtents(of: step)
    var target: [Int] = []
    for axis in result.dims.indices {
      let source = input.axis(matching: axis, of: result)
      if let range = made.range(axis) {
        target.append(range.count)
      } else if let extent = literal.flatMap({ $0.indices.contains(axis) ? $0[axis] : nil }),
        extent != 0
      {
        target.append(extent)
      } else if axis < input.rank, input[axis] == result[axis], source == axis || result[axis] == 1,
        !(step.op(as: Reshape.self)?.allowsZero ?? true)
      {
        target.append(0)
      } else if narrowing.demand.isFixed {
        target.append(result[axis])
      } else {
        target.append(-1)
      }
    }
    return target.count(where: { $0 == -1 }) <= 1 ? target : nil
  }
}
