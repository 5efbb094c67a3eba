/// `Loop`: a body run again and again, on values it carries from one iteration to the next.
///
/// A known, small number of iterations is followed one by one, with the values carried. Of many, the shapes must
/// prove the same in each. Where data decides how many there are, the limit counts, or else one; both are said
/// to be estimates. https://onnx.ai/onnx/operators/onnx__Loop.html
package struct Looping: ControlOperator {
  package static let names: [OperatorName] = ["Loop"]

  /// Iterations counted where nothing says how many there are.
  package static let assumedIterations = 1
  /// A limit from here on is a way to write that there is none.
  private static let unlimited = 1 << 31

  private let body: Body

  package init(_ node: Node) throws(OperatorError) {
    body = try node.graph("body")
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index < 2 ? .setting : .data }

  package func run(_ x: Operands, _ analyse: (Body, [Operand]) throws(OperatorError) -> Scope)
    throws(OperatorError) -> (outputs: [ValueInfo?], branches: [Branch])
  {
    let carried = Array(x.all.dropFirst(2))
    guard body.inputs.count == carried.count + 2, body.outputs.count > carried.count else {
      throw .mismatch("a loop that carries \(carried.count) values, and a body that does not")
    }
    let general = try analyse(
      body,
      [Operand(TensorInfo(.int64, .scalar)), LoopWalk.goesOn]
        + carried.map { Operand($0.info?.withoutValue, isConstant: $0.isConstant) })
    var walk = LoopWalk(body: body, carried: carried, general: general)
    // Without a limit, or without a condition, the other alone ends the loop.
    if x.isGiven(0) {
      walk.limit = x[0]?.value?.integers?.first.flatMap { $0 < Self.unlimited ? max(0, $0) : nil }
      walk.isEstimated = x[0]?.isEstimated ?? true
    }
    if x.isGiven(1) { walk.condition = x[1]?.value?.integers?.first.map { $0 != 0 } }
    return try walk.run(analyse)
  }
}

/// A loop on its way through its iterations.
private struct LoopWalk {
  /// The condition as a body finds it, which runs only while it holds.
  static let goesOn = Operand(TensorInfo(.bool, .scalar, value: .integers([1])))
  /// Iterations followed one by one.
  static let maximumFollowed = 64

  let body: Body
  var carried: [Operand]
  /// The body, run on what is known of every iteration: no values, and the shapes that the first one gets.
  let general: Scope
  /// Whether the shapes that the body returns are those it gets, so that they are the same for ever.
  let isStable: Bool

  var limit: Int?
  /// Whether the next iteration takes place; nil where data decides.
  var condition: Bool? = true
  /// Whether the number of iterations is a bound or a guess.
  var isEstimated = false

  private var iterations = 0
  private var branches: [Branch] = []
  /// For each result that gathers what the iterations give, what they gave.
  private var gathered: [[TensorInfo?]]

  init(body: Body, carried: [Operand], general: Scope) {
    (self.body, self.carried, self.general) = (body, carried, general)
    let next = general.outputs.dropFirst().prefix(carried.count)
    isStable = zip(carried, next).allSatisfy { before, after in
      guard let before = before.info, let after, !after.isEstimated else { return false }
      return before.withoutValue == after.withoutValue
    }
    gathered = [[TensorInfo?]](repeating: [], count: body.outputs.count - carried.count - 1)
  }

  mutating func run(_ analyse: (Body, [Operand]) throws(OperatorError) -> Scope)
    throws(OperatorError) -> (outputs: [ValueInfo?], branches: [Branch])
  {
    while try goesOn() {
      if iterations >= followed {
        runRest()
        break
      }
      let number = TensorInfo(.int64, .scalar, value: .integers([iterations]))
      guard let scope = try? analyse(body, [Operand(number), Self.goesOn] + carried) else {
        // The walk as a whole has become too long.
        runRest()
        break
      }
      take(scope, times: 1)
      condition = scope.outputs.first.flatMap { $0?.tensor?.value?.integers?.first }.map { $0 != 0 }
      carried = scope.outputs.dropFirst().prefix(carried.count).map { Operand($0) }
    }
    if branches.isEmpty {
      branches = [
        Branch(name: "body", scope: general, executions: 0, isEstimated: isEstimated)
      ]
    }
    return (results, branches)
  }

  /// How many iterations are worth following: none where no value is carried and no shape changes.
  private var followed: Int {
    let carriesValues = carried.contains { $0.info != $0.info?.withoutValue }
    if iterations == 0, isStable, !carriesValues { return 0 }
    // A large body is followed less often.
    return max(2, min(Self.maximumFollowed, 1_000_000 / max(1, body.nodes.count)))
  }

  private mutating func goesOn() throws(OperatorError) -> Bool {
    if let limit, iterations >= limit { return false }
    if condition == false { return false }
    if condition == nil || limit == nil && iterations >= followed { isEstimated = true }
    if isEstimated, limit == nil { limit = max(iterations, Looping.assumedIterations) }
    return iterations < limit ?? .max
  }

  /// Counts the iterations left without following them.
  private mutating func runRest() {
    guard let limit else {
      isEstimated = true
      return
    }
    let isEndKnown = general.outputs.first.flatMap { $0?.tensor?.value?.integers?.first } == 1
    if !isStable || !isEndKnown { isEstimated = true }
    take(isStable ? general : branches.last?.scope ?? general, times: limit - iterations)
    carried = carried.map { Operand($0.info?.withoutValue) }
  }

  private mutating func take(_ scope: Scope, times: Int) {
    iterations = saturatingSum(iterations, times)
    for (index, output) in scope.outputs.dropFirst(carried.count + 1).enumerated() {
      gathered[index].append(output?.tensor)
    }
    if let last = branches.last, last.scope.isAlike(scope), last.isEstimated == isEstimated {
      branches[branches.count - 1].executions = saturatingSum(last.executions, times)
    } else {
      branches.append(
        Branch(name: "body", scope: scope, executions: times, isEstimated: isEstimated))
    }
  }

  private var results: [ValueInfo?] {
    let last = carried.map { operand in
      isEstimated
        ? (isStable ? operand.info?.withoutValue : operand.info?.withoutValue.estimated)
        : operand.info
    }
    let scans = gathered.indices.map { index in
      let given = gathered[index]
      let general = general.outputs[carried.count + 1 + index]?.tensor
      return (given.isEmpty ? general : given[0]).flatMap { stack($0, of: given) }
    }
    return last + scans
  }

  /// What the iterations gave, one after another along a new first axis.
  private func stack(_ element: TensorInfo, of given: [TensorInfo?]) -> ValueInfo? {
    guard var result = try? TensorInfo(element.type, [iterations] + element.dims) else {
      return nil
    }
    let isUniform = given.allSatisfy { $0?.shape == element.shape }
    result.isEstimated = isEstimated || element.isEstimated || !isUniform
    if !isEstimated, given.count == iterations, result.shape.count <= TensorValue.maximumCount {
      let values = given.compactMap { $0?.value?.integers }
      if values.count == iterations, iterations > 0 {
        result.value = .integers(Array(values.joined()))
      }
    }
    return .tensor(result)
  }
}

extension Scope {
  /// Whether both are runs of one body over the same shapes, at the same cost.
  fileprivate func isAlike(_ other: Scope) -> Bool {
    work == other.work
      && zip(infos, other.infos).allSatisfy { $0?.withoutValue == $1?.withoutValue }
  }
}
