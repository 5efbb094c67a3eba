/// Walks bodies in order of execution.
struct Analyser {
  let operators: OperatorTable
  let binding: Binding
  let isFitting: Bool
  /// How many bodies deep the walk is.
  var depth = 0
  /// Nodes met so far in bodies of control flow, each as often as its body was analysed.
  var innerNodes = 0
  /// Elements kept so far of small tensors, and of sequences, whose elements take eight times as much.
  var keptElements = 0

  /// Files nest a handful of bodies; more than this is an attack on the stack.
  static let maximumDepth = 32
  /// Loops are followed iteration by iteration, and loops in loops would be for ever.
  static let maximumInnerNodes = 2_000_000
  /// A node may keep a thousand elements, and all nodes together far less than that for each.
  static let maximumKeptElements = 1 << 25

  mutating func scope(
    of body: Body, inputs: [Operand], outer: [Operand] = [], rebatching: Rebatching? = nil,
    reusing earlier: Reuse? = nil
  ) -> Scope {
    var values = body.values.map { value in
      Operand(
        value.initializer.map { .tensor($0.info) }, isConstant: value.initializer != nil)
    }
    for (id, input) in zip(body.inputs, inputs) where input.info != nil { values[id] = input }
    for capture in body.captures where outer.indices.contains(capture.outer) {
      values[capture.inner] = outer[capture.outer]
    }
    var rebatching = rebatching
    var earlier = earlier
    let (readers, producers) = body.edges()
    var isWanted = readers.map { !$0.isEmpty }
    for id in body.outputs { isWanted[id] = true }

    var steps: [Step] = []
    steps.reserveCapacity(body.nodes.count)
    for (index, node) in body.nodes.enumerated() {
      let step: Step
      if let same = earlier?.step(index, node, isWanted), (try? keep(same.outputs)) != nil {
        step = same
      } else {
        step = self.step(node, values, isWanted, body) { inputs, inferred in
          rebatching?.results(index, inputs, inferred) ?? inferred
        }
        earlier?.note(step)
      }
      for (id, result) in zip(node.outputs, step.outputs.all) {
        guard let id, values[id].info == nil else { continue }
        values[id] = result
        values[id].isGiven = true
      }
      steps.append(step)
    }
    return Scope(
      body: body, infos: values.map(\.info), constants: values.map(\.isConstant), steps: steps,
      readers: readers, producers: producers)
  }

  /// `settle` has the last word on what the results are, given what was inferred, or nil where nothing was.
  private mutating func step(
    _ node: Node, _ values: [Operand], _ isWanted: [Bool], _ body: Body,
    settle: (Operands, [ValueInfo?]?) -> [ValueInfo?]?
  ) -> Step {
    var inputs = Operands(node.inputs.map { id in id.map { values[$0] } ?? .absent })
    var op: (any Operator)?
    var outputs: Operands?
    var branches: [Branch] = []
    do throws(OperatorError) {
      let known = try operators(node)
      op = known
      let results: [ValueInfo?]
      do throws(OperatorError) {
        let inferred: [ValueInfo?]
        (inferred, branches) = try outcome(known, &inputs, values)
        results = settle(inputs, inferred) ?? inferred
      } catch {
        guard let settled = settle(inputs, nil) else { throw error }
        results = settled
      }
      let found = Operands(
        node.outputs.enumerated().map { index, id in
          let info = index < results.count ? results[index] : nil
          guard let id else { return result(info, index, of: known, from: inputs, false) }
          return result(
            info ?? declared(id, in: body), index, of: known, from: inputs, isWanted[id])
        })
      try keep(found)
      outputs = found
      return try understood(
        node, known, inputs, found, branches,
        isRead: node.outputs.contains { $0.map { isWanted[$0] } ?? false })
    } catch {
      let fallback = Operands(
        node.outputs.map { id in id.map { Operand(declared($0, in: body)) } ?? .absent })
      return Step(
        node: node, op: op, state: .uncounted(error), inputs: inputs, outputs: outputs ?? fallback,
        work: Work(), contractions: [],
        branches: branches)
    }
  }

  /// Throws where values are kept without end, as of sequences that grow node by node.
  private mutating func keep(_ results: Operands) throws(OperatorError) {
    for result in results.all {
      switch result.info {
      case .tensor(let info): keptElements += info.value?.count ?? 0
      case .sequence(let elements): keptElements += 8 * elements.count
      case .optional, .map, nil: continue
      }
    }
    guard keptElements <= Self.maximumKeptElements else {
      throw .mismatch("more values than can be followed")
    }
  }

  /// The results of an operator, whose parameters are fitted to the activations only where they are at odds.
  private mutating func outcome(_ op: any Operator, _ inputs: inout Operands, _ values: [Operand])
    throws(OperatorError) -> ([ValueInfo?], [Branch])
  {
    do throws(OperatorError) {
      return try outcome(op, inputs, values)
    } catch {
      guard isFitting else { throw error }
      inputs = op.fitted(inputs)
      return try outcome(op, inputs, values)
    }
  }

  private mutating func outcome(_ op: any Operator, _ inputs: Operands, _ values: [Operand])
    throws(OperatorError) -> ([ValueInfo?], [Branch])
  {
    guard let control = op.control else { return (try op.outputs(inputs), []) }
    guard depth < Self.maximumDepth else {
      throw .mismatch("subgraphs are nested more than \(Self.maximumDepth) deep")
    }
    var inner = self
    inner.depth += 1
    defer { (innerNodes, keptElements) = (inner.innerNodes, inner.keptElements) }
    return try control.run(inputs) { (body, operands) throws(OperatorError) in
      inner.innerNodes += body.nodes.count + 1
      guard inner.innerNodes <= Self.maximumInnerNodes else {
        throw .mismatch("control flow that takes too long to follow")
      }
      return inner.scope(of: body, inputs: operands, outer: values)
    }
  }

  /// The result at `index` as the nodes that follow see it: a bound of a bound, a constant of constants.
  private func result(
    _ info: ValueInfo?, _ index: Int, of op: any Operator, from inputs: Operands, _ isWanted: Bool
  ) -> Operand {
    let isEstimated = inputs.all.contains { $0.isGiven && $0.info?.isEstimated ?? false }
    var info = isEstimated ? info?.estimated : info
    if case .tensor(var tensor) = info, let choice = op.choice(index, inputs) {
      tensor.choice = choice
      info = .tensor(tensor)
    }
    var result = Operand(
      info,
      isConstant: inputs.all.allSatisfy { $0.isConstant || !$0.isGiven } && op.isDeterministic
        && op.control == nil)
    result.isGiven = isWanted
    return result
  }

  private func understood(
    _ node: Node, _ op: any Operator, _ inputs: Operands, _ outputs: Operands, _ branches: [Branch],
    isRead: Bool
  ) throws(OperatorError) -> Step {
    let wanted = outputs.all.filter(\.isGiven)
    guard wanted.allSatisfy({ $0.info != nil }) else {
      throw .mismatch("the shape of a result cannot be told")
    }
    var state = Step.State.counted
    if !isRead {
      state = .free(.unread)
    } else if wanted.allSatisfy(\.isConstant) {
      state = .free(.constant)
    } else if wanted.allSatisfy({ $0.info?.tensor?.value != nil }) && branches.isEmpty {
      state = .free(.shape)
    } else if op.viewedInput(inputs) != nil {
      state = .free(.view)
    }
    var work = Work()
    var contractions: [Contraction] = []
    switch state {
    case .counted:
      // A result that nobody reads is computed beside one that is read, but not written.
      let computed = outputs.givingAllKnown()
      contractions = try op.contractions(inputs, computed)
      work = try op.arithmetic(inputs, computed)
      (work.bytesRead, work.bytesWritten) = op.traffic(inputs, outputs)
      work.macs = saturatingSum(work.macs, contractions.macs)
    case .free(.constant):
      // A runtime multiplies constants once, at load, so nothing is priced. As multiply-accumulates of the
      // graph they still stand, as they do for counters that execute it.
      work.macs = (try? op.contractions(inputs, outputs))?.macs ?? 0
    case .free, .uncounted: break
    }
    return Step(
      node: node, op: op, state: state, inputs: inputs, outputs: outputs,
      work: work, contractions: contractions, branches: branches)
  }

  /// What the file says of a value that inference cannot tell.
  private func declared(_ id: Value.ID, in body: Body) -> ValueInfo? {
    body.values[id].declared.flatMap { binding.bind($0) }
  }
}
