import Cost
import Graph

/// Nodes that hang together behind transposes and would do the same on tensors in the order of axes before them.
///
/// In that order they read what the transposes read, and transposes back behind them go. What else they read is
/// transposed once more where it comes in, and what others read of them where it goes out, so that a region is worth
/// rewriting where fewer bytes are moved then.
struct LayoutRegion {
  /// For each axis behind the transposes, the axis before them.
  let order: [Int]
  /// For each axis before the transposes, the axis behind them.
  let inverse: [Int]
  /// The transposes into the order, those back, and what is between, each in order.
  private(set) var openings: [Node.ID] = []
  private(set) var closings: [Node.ID] = []
  private(set) var inner: [Node.ID] = []
  /// Values that nodes between read and that are made in the order behind the transposes.
  private(set) var entries: [Value.ID] = []
  /// Results of nodes between that others read.
  private(set) var exits: [Value.ID] = []
  /// Transposes that nothing reads any more.
  private(set) var dropped: [Node.ID] = []

  private let subject: Subject

  /// More nodes than these do not grow a region further.
  private static let reach = 512

  /// What hangs together with the transpose `opening`; nil where that is nothing.
  init?(_ opening: Node.ID, _ subject: Subject) {
    guard let order = subject.steps[opening].axisOrder,
      order.sorted() == Array(order.indices)
    else { return nil }
    self.order = order
    self.subject = subject
    inverse = order.indices.map { axis in order.firstIndex(of: axis) ?? axis }
    guard grow(from: opening) else { return nil }
    bound()
  }

  private func opens(_ id: Node.ID) -> Bool { subject.steps[id].axisOrder == order }
  private func closes(_ id: Node.ID) -> Bool { subject.steps[id].axisOrder == inverse }

  /// Collects the nodes; whether they are any.
  private mutating func grow(from first: Node.ID) -> Bool {
    var opening: Set<Node.ID> = [first]
    var closing: Set<Node.ID> = []
    var between: Set<Node.ID> = []
    var pending = subject.readers(of: first)
    while let id = pending.popLast() {
      guard !between.contains(id), !closing.contains(id), !opening.contains(id) else { continue }
      if closes(id) {
        closing.insert(id)
        continue
      }
      guard let form = subject.steps[id].form(order), between.count < Self.reach else { continue }
      between.insert(id)
      for index in form.operands {
        guard let input = subject.input(id, index), !subject.scope.constants[input],
          let maker = subject.scope.producers[input]
        else { continue }
        if opens(maker) {
          if opening.insert(maker).inserted { pending += subject.readers(of: maker) }
        } else if subject.steps[maker].form(order)?.turnsResult ?? false {
          pending.append(maker)
        }
      }
      if form.turnsResult { pending += subject.readers(of: id) }
    }
    openings = opening.sorted()
    closings = closing.sorted()
    inner = between.sorted()
    return !(closings.isEmpty && inner.isEmpty)
  }

  /// Finds what comes in and goes out, and which transposes are left with no reader.
  private mutating func bound() {
    let (opening, closing, between) = (Set(openings), Set(closings), Set(inner))
    // Who reads a value in the order before, and where.
    func isInside(_ reader: Node.ID, _ value: Value.ID) -> Bool {
      if closing.contains(reader) { return true }
      guard between.contains(reader), let form = subject.steps[reader].form(order) else {
        return false
      }
      let inputs = subject.steps[reader].node.inputs
      return inputs.indices.allSatisfy { inputs[$0] != value || form.operands.contains($0) }
    }
    func leaves(_ value: Value.ID) -> Bool {
      subject.scope.isOutput(value)
        || subject.scope.readers[value].contains { !isInside($0, value) }
    }
    dropped = closings.filter { id in
      subject.output(id).map { !subject.scope.isOutput($0) } ?? false
    }
    for id in openings {
      if let made = subject.output(id), !leaves(made) { dropped.append(id) }
    }
    var known: Set<Value.ID> = []
    for id in inner {
      guard let form = subject.steps[id].form(order) else { continue }
      for index in form.operands {
        guard let input = subject.input(id, index), !subject.scope.constants[input] else {
          continue
        }
        let maker = subject.scope.producers[input]
        let isMadeInside =
          maker.map {
            opening.contains($0)
              || between.contains($0) && (subject.steps[$0].form(order)?.turnsResult ?? false)
          } ?? false
        if !isMadeInside, known.insert(input).inserted { entries.append(input) }
      }
      if form.turnsResult, let output = subject.output(id), leaves(output) {
        exits.append(output)
      }
    }
  }

  /// Whether fewer bytes are moved by transposes in the other order.
  var isWorthwhile: Bool {
    guard subject.joules(of: dropped) > 0 else { return false }
    let saved = dropped.reduce(0) { sum, id in
      saturatingSum(sum, subject.steps[id].isCounted ? subject.output(id).map(moved) ?? 0 : 0)
    }
    let added = (entries + exits).reduce(0) { saturatingSum($0, moved($1)) }
    return saved > added
  }

  /// The bytes that transposing a value moves: none where only axes of one element change places.
  private func moved(_ value: Value.ID) -> Int {
    guard let info = subject.tensor(value), info.rank == order.count else { return 0 }
    let long = order.indices.filter { info.dims[$0] != 1 }
    // Those behind the transposes, by their places before them.
    let places = long.map { order[$0] }
    return places == places.sorted() ? 0 : info.byteCount
  }

  /// The nodes between in the order before; nil where one of them cannot be written so.
  func rewrite() -> Rewrite? {
    var rewrite = Rewrite()
    let body = subject.scope.body
    var sources: [Value.ID: Value.ID] = [:]
    for id in openings {
      guard let made = subject.output(id), let source = subject.input(id) else { return nil }
      sources[made] = source
    }
    let opset = subject.opset
    func transpose(_ value: Value.ID, _ order: [Int], into result: Value.ID) -> Node {
      var node = Node("Transpose", opset: opset, inputs: [value], outputs: [result])
      node.attributes = [Attribute("perm", .ints(order))]
      return node
    }
    let leaving = Set(exits)
    let coming = Set(entries)
    for id in inner {
      let step = subject.steps[id]
      guard let form = step.form(order) else { return nil }
      var before: [Node] = []
      var node = step.node
      for index in form.operands {
        guard let input = node.inputs[index] else { continue }
        if coming.contains(input), sources[input] == nil {
          let name = body.values[input].name
          let turned = rewrite.add("\(name)_turned", to: body)
          before.append(transpose(input, inverse, into: turned))
          sources[input] = turned
        }
        node.inputs[index] = sources[input] ?? input
      }
      guard turn(&node, step, &rewrite) else { return nil }
      var after: [Node] = []
      if let output = subject.output(id), leaving.contains(output) {
        let turned = rewrite.add("\(body.values[output].name)_turned", to: body)
        node.outputs[0] = turned
        sources[output] = turned
        after = [transpose(turned, order, into: output)]
      }
      rewrite.replaced[id] = before + [node] + after
    }
    for id in closings {
      guard let read = subject.input(id) else { return nil }
      rewrite.bypass(id, subject.steps[id].node, reading: sources[read] ?? read)
    }
    return rewrite
  }

  /// Lets a node work on its operands as they were before the transposes; whether it can.
  private func turn(_ node: inout Node, _ step: Step, _ rewrite: inout Rewrite) -> Bool {
    let body = subject.scope.body
    switch step.op {
    case let concat as Concat:
      guard let axis = try? step.outputs[0]?.shape.axis(concat.axis) else { return false }
      node.set("axis", .int(order[axis]))
    case let softmax as Softmax:
      guard let axis = try? step.outputs[0]?.shape.axis(softmax.axis) else { return false }
      node.set("axis", .int(order[axis]))
    case let reduction as Reduction:
      guard let axes = try? reduction.reducedAxes(step.inputs) else { return false }
      if reduction.axes != nil {
        node.set("axes", .ints(axes.map { order[$0] }.sorted()))
      } else if step.inputs.isGiven(1) {
        node.inputs[1] = rewrite.integers(axes.map { order[$0] }.sorted(), "axes", body)
      }
    case let pad as Pad:
      guard let shape = step.inputs[0]?.shape, let pads = try? pad.perAxis(step.inputs, shape)
      else { return false }
      let turned = inverse.map { pads.before[$0] } + inverse.map { pads.after[$0] }
      if pad.amounts != nil {
        node.set("pads", .ints(turned))
      } else {
        node.inputs = Array(node.inputs.prefix(3))
        node.inputs[1] = rewrite.integers(turned, "pads", body)
      }
    case is Elementwise:
      return turnConstants(of: &node, step, &rewrite)
    default: break
    }
    return step.op is Concat ? turnConstants(of: &node, step, &rewrite) : true
  }

  /// Puts constants along some axes along the same ones where they were.
  private func turnConstants(of node: inout Node, _ step: Step, _ rewrite: inout Rewrite) -> Bool {
    for index in node.inputs.indices where step.inputs.isConstant(index) {
      guard let constant = node.inputs[index], let info = step.inputs[index] else { continue }
      if info.shape.count == 1, !(step.op is Concat) { continue }
      let padded = [Int](repeating: 1, count: order.count - info.rank) + info.dims
      guard let turned = try? TensorInfo(info.type, inverse.map { padded[$0] }) else {
        return false
      }
      let recipe = subject.constantRecipe(constant).map {
        Recipe.transposed(.reshaped($0, padded), inverse)
      }
      node.inputs[index] = rewrite.addConstant("turned", turned, recipe, to: subject.scope.body)
    }
    return true
  }
}

/// How a node takes tensors whose axes are in another order.
private struct LayoutForm {
  /// The operands in that order.
  var operands: [Int]
  /// Whether its result is in that order then; otherwise it is the same in both.
  var turnsResult = true
}

extension Step {
  /// How the node could take its operands in the order that `order` stands behind; nil where it could not.
  fileprivate func form(_ order: [Int]) -> LayoutForm? {
    let rank = order.count
    guard isCounted || isView, outputs.all.count(where: \.isGiven) == 1, node.op.domain.isEmpty
    else { return nil }
    func isGivenBefore(_ indices: Range<Int>) -> Bool {
      indices.allSatisfy { !inputs.isGiven($0) || inputs.isConstant($0) }
    }
    switch op {
    case let reduction as Reduction:
      guard inputs[0]?.rank == rank, isGivenBefore(1..<2),
        let axes = try? reduction.reducedAxes(inputs)
      else { return nil }
      let kept = order.indices.filter { !axes.contains($0) }.map { order[$0] }
      guard reduction.keepsAxes || kept == kept.sorted() else { return nil }
      return LayoutForm(operands: [0], turnsResult: reduction.keepsAxes)
    case let pad as Pad:
      guard let shape = inputs[0]?.shape, shape.rank == rank, isGivenBefore(1..<4),
        (try? pad.perAxis(inputs, shape)) != nil
      else { return nil }
      return LayoutForm(operands: [0])
    case let softmax as Softmax:
      return inputs[0]?.rank == rank && !softmax.flattens ? LayoutForm(operands: [0]) : nil
    default:
      return operandsInAnyOrder(rank: rank).map { LayoutForm(operands: $0) }
    }
  }

  /// The operands of a node that works on elements one by one, or puts tensors side by side, whatever the order of
  /// their axes; nil for all others, and where operands have fewer axes.
  private func operandsInAnyOrder(rank: Int) -> [Int]? {
    let isAlike = op is Elementwise || op is Concat || op is Identity
    guard isAlike || op is Clip || op is Cast || op is Power || op is Dropout,
      outputs[0]?.rank == rank
    else { return nil }
    // What else the others read is no tensor of that form: bounds, an exponent, a ratio.
    let operands = op is Elementwise || op is Concat ? Array(node.inputs.indices) : [0]
    for index in operands {
      guard let info = inputs[index] else { return nil }
      guard inputs.isConstant(index) ? info.rank <= rank : info.rank == rank else { return nil }
    }
    if op is Power, inputs[1]?.shape.count != 1 { return nil }
    return operands
  }
}
