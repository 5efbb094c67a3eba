import Graph

/// What the backward pass of a graph launches: gradients to the operands of each node, as kernels of their own.
///
/// A product has two, to its input and to its weights, each with as many multiply-accumulates as the product
/// itself; operands before which nothing is learnt need none, so the first layer has no input gradient.
/// Everything else reads the gradient of its result and what the forward pass kept for it, and writes one gradient
/// for each operand that needs one; an operator that an exporter has spelt out does so as one. Views hand the gradient on.
struct Backward {
  private let scope: Scope
  private let places: [Int]
  private let placements: [Placement]
  private let precision: Precision?
  private let folded: FoldedNormalizations
  private let isFolded: Set<Node.ID>
  /// The values on whose gradient a parameter depends.
  private let needsGradient: [Bool]
  /// For each node that is part of a framework's operator, the number of that operator in `spelledOut`.
  private let homes: [Int?]
  private let spelledOut: [SpelledOut]

  /// The kernels of the backward pass of `analysis`, in the order of the nodes they belong to.
  static func kernels(of analysis: Analysis, precision: Precision?) -> [Kernel] {
    var places = analysis.scopes.map { _ in [Int]() }
    for (index, placement) in analysis.placements.enumerated() {
      places[placement.scope].append(index)
    }
    return analysis.scopes.indices.flatMap { number in
      Backward(analysis, number, places[number], precision).kernels
    }
  }

  private init(
    _ analysis: Analysis, _ number: Int, _ places: [Int], _ precision: Precision?
  ) {
    scope = analysis.scopes[number]
    self.places = places
    placements = analysis.placements
    self.precision = precision
    folded = FoldedNormalizations(scope, precision)
    isFolded = Set(folded.nodes)
    needsGradient = Self.needsGradient(scope, isInner: number > 0)
    spelledOut = SpelledOut.all(in: scope)
    var homes = [Int?](repeating: nil, count: scope.steps.count)
    for (number, group) in spelledOut.enumerated() {
      for member in group.members { homes[member] = number }
    }
    self.homes = homes
  }

  /// For each value of a body, whether a parameter depends on its gradient.
  static func needsGradient(_ scope: Scope, isInner: Bool) -> [Bool] {
    var needs = scope.infos.indices.map { id in
      scope.constants[id] && (scope.infos[id]?.tensor?.isLearnable ?? false)
    }
    if isInner {
      // What comes into a body of control flow may come from anything.
      for id in scope.body.inputs + scope.body.captures.map(\.inner) {
        needs[id] = scope.infos[id]?.tensor?.type.isFloatingPoint ?? false
      }
    }
    for step in scope.steps where step.passesGradients {
      let passes = step.node.inputs.enumerated().contains { index, id in
        id.map { needs[$0] && step.role(index) == .data } ?? false
      }
      guard passes else { continue }
      for id in step.node.outputs {
        if let id, scope.infos[id]?.tensor?.type.isFloatingPoint ?? false { needs[id] = true }
      }
    }
    return needs
  }

  private var kernels: [Kernel] {
    var kernels: [Kernel] = []
    for (id, step) in scope.steps.enumerated() where step.isCounted && step.branches.isEmpty {
      if let home = homes[id] {
        if spelledOut[home].members.first == id { kernels += joined(spelledOut[home]) }
      } else {
        kernels += step.contractions.isEmpty ? elementwise(id, step) : products(id, step)
      }
    }
    return kernels + sums
  }

  /// The gradients to the operands of products.
  private func products(_ id: Node.ID, _ step: Step) -> [Kernel] {
    let result = bytes(step.outputs)
    var kernels: [Kernel] = []
    for (index, value) in step.node.inputs.prefix(2).enumerated() {
      guard let value, needsGradient[value] else { continue }
      var work = Work()
      work.bytesRead = saturatingSum(result, bytes(step, 1 - index))
      work.bytesWritten = bytes(step, index)
      work.macs = step.work.macs
      let contractions = step.contractions.map { contraction in
        var gradient = index == 0 ? contraction.inputGradient : contraction.weightGradient
        gradient.type = gradient.type.cast(to: precision)
        return gradient
      }
      var gradient = kernel(id, step.operation, [work], contractions)
      gradient.pass = index == 0 ? .inputGradient : .weightGradient
      gradient.isUnpadded = step.node.inputs.prefix(2).allSatisfy {
        $0.map { !scope.constants[$0] } ?? true
      }
      kernels.append(gradient)
    }
    if isFolded.contains(id) { return kernels + [folded.backward(id, kernel)] }
    // A bias gathers the gradients of all positions.
    for (index, value) in step.node.inputs.enumerated().dropFirst(2) {
      guard let value, needsGradient[value], step.role(index) == .data else { continue }
      var work = Work(elementwise: elements(step.outputs))
      work.bytesRead = result
      work.bytesWritten = bytes(step, index)
      kernels.append(kernel(id, .reduction, [work], []))
    }
    return kernels
  }

  /// The gradients to the operands of everything else, as one kernel.
  private func elementwise(_ id: Node.ID, _ step: Step) -> [Kernel] {
    // Each operand's gradient is part of the result's, where it lies.
    if step.op(is: Concat.self) { return [] }
    if step.node.op.name == "Mul", step.node.inputs.count == 2 { return factors(id, step) }
    if step.op(is: Power.self) { return power(id, step) }
    var work = Work()
    let count = elements(step.outputs)
    for (index, value) in step.node.inputs.enumerated() {
      guard let value, needsGradient[value], step.role(index) == .data,
        let operand = step.inputs[index]
      else { continue }
      // A sum hands its gradient on as it is, unless an operand was stretched.
      if step.layer == .add, operand.shape.count == count { continue }
      work.bytesWritten = saturatingSum(work.bytesWritten, bytes(step, index))
    }
    guard work.bytesWritten > 0 else { return [] }
    work.bytesRead = step.valuesForBackward(needsGradient).reduce(bytes(step.outputs)) {
      saturatingSum($0, scope.infos[$1]?.byteCount(in: precision) ?? 0)
    }
    // The sums over the batch need all of it before the first gradient can be written.
    if step.op(is: BatchNormalization.self) {
      work.bytesRead = saturatingProduct(work.bytesRead, 2)
    }
    work.elementwise = saturatingProduct(step.work.elementwise, 2)
    work.transcendentals = step.work.transcendentals
    guard step.operation == .normalization, !step.op(is: BatchNormalization.self) else {
      return [kernel(id, step.operation, [work], [])]
    }
    return normalization(
      id, work, gains: step.node.inputs.dropFirst().compactMap { $0 }.filter { needsGradient[$0] })
  }

  /// The gradients to the factors of a product element by element: a kernel for each that reads the other, and a sum where
  /// a factor was stretched.
  private func factors(_ id: Node.ID, _ step: Step) -> [Kernel] {
    let (result, count) = (bytes(step.outputs), elements(step.outputs))
    var kernels: [Kernel] = []
    for (index, value) in step.node.inputs.enumerated() {
      guard let value, needsGradient[value], let operand = step.inputs[index] else { continue }
      let work = Work(
        elementwise: count, bytesRead: saturatingSum(result, bytes(step, 1 - index)),
        bytesWritten: result)
      kernels.append(kernel(id, .elementwise, [work], []))
      guard operand.shape.count < count else { continue }
      let sum = Work(
        elementwise: count, bytesRead: result, bytesWritten: bytes(step, index))
      kernels.append(kernel(id, .reduction, [sum], []))
    }
    return kernels
  }

  /// The gradient to the base of a power: a lower power of it, times the exponent, times the gradient, each a kernel.
  private func power(_ id: Node.ID, _ step: Step) -> [Kernel] {
    guard let base = step.node.inputs.first ?? nil, needsGradient[base] else { return [] }
    let (result, count) = (bytes(step.outputs), elements(step.outputs))
    return [1, 1, 2].enumerated().map { index, operands in
      var work = Work(
        elementwise: count, bytesRead: saturatingProduct(result, operands), bytesWritten: result)
      if index == 0 {
        (work.elementwise, work.transcendentals) = (
          step.work.elementwise, step.work.transcendentals
        )
      }
      return kernel(id, .elementwise, [work], [])
    }
  }

  /// The gradients to what is normalised along its rows, and those to the gains, which are sums over all rows.
  private func normalization(_ id: Node.ID, _ work: Work, gains: [Value.ID]) -> [Kernel] {
    let written = gains.reduce(0) {
      saturatingSum($0, scope.infos[$1]?.byteCount(in: precision) ?? 0)
    }
    var work = work
    guard written > 0 else { return [kernel(id, .normalization, [work], [])] }
    work.bytesWritten = max(0, work.bytesWritten - written)
    var sums = Work(elementwise: work.elementwise)
    (sums.bytesRead, sums.bytesWritten) = (work.bytesRead, written)
    return [kernel(id, .normalization, [work], []), kernel(id, .reduction, [sums], [])]
  }

  /// The gradients of an operator that an exporter has spelt out: a framework reads its operand and the gradient of its
  /// result once.
  private func joined(_ group: SpelledOut) -> [Kernel] {
    func size(_ value: Value.ID) -> Int { scope.infos[value]?.byteCount(in: precision) ?? 0 }
    guard let head = group.members.first, needsGradient[group.operand] else { return [] }
    var work = Work()
    work.bytesRead = saturatingSum(size(group.operand), size(group.result))
    work.bytesWritten = size(group.operand)
    for member in group.members {
      let forward = scope.steps[member].work
      work.elementwise = saturatingSum(
        work.elementwise, saturatingProduct(forward.elementwise, 2))
      work.transcendentals = saturatingSum(work.transcendentals, forward.transcendentals)
    }
    guard group.operation == .normalization else {
      return [whole(group, kernel(head, group.operation, [work], []))]
    }
    let gains = group.members.flatMap { scope.steps[$0].node.inputs }.compactMap { $0 }
      .filter { scope.constants[$0] && needsGradient[$0] }
    work.bytesWritten = gains.reduce(work.bytesWritten) { saturatingSum($0, size($1)) }
    return normalization(head, work, gains: gains).map { whole(group, $0) }
  }

  /// `kernel` as that of all nodes of `group`, the first of which moves its bytes.
  private func whole(_ group: SpelledOut, _ kernel: Kernel) -> Kernel {
    var kernel = kernel
    kernel.members = group.members.map { places[$0] }
    kernel.parts += group.members.dropFirst().map { _ in Work() }
    return kernel
  }

  /// The additions of gradients that reach a value from several readers.
  private var sums: [Kernel] {
    var kernels: [Kernel] = []
    for (value, readers) in scope.readers.enumerated() where needsGradient[value] {
      let passing = readers.filter { scope.steps[$0].passesGradients }
      // What one operator reads in several of its nodes has one gradient from it.
      let count =
        passing.count { homes[$0] == nil } + Set(passing.compactMap { homes[$0] }).count
      guard count > 1, let maker = scope.producers[value], let info = scope.infos[value],
        !scope.constants[value]
      else { continue }
      let size = info.byteCount(in: precision)
      let work = Work(
        elementwise: info.tensor?.shape.count ?? 0, bytesRead: saturatingProduct(size, 2),
        bytesWritten: size)
      for _ in 1..<count { kernels.append(kernel(maker, .elementwise, [work], [])) }
    }
    return kernels
  }

  private func kernel(
    _ id: Node.ID, _ operation: Kernel.Operation, _ parts: [Work], _ contractions: [Contraction]
  ) -> Kernel {
    let place = places[id]
    let type = scope.steps[id].outputs.tensors.first?.type ?? .float32
    var kernel = Kernel(
      members: [place], operation: operation,
      type: NumberFormat(
        contractions.first?.type ?? type.cast(to: precision), for: operation, in: precision),
      parts: parts,
      contractions: contractions, launches: placements[place].executions)
    if operation == .movement { kernel.copiedElements = scope.steps[id].resultElements }
    return kernel
  }

  private func bytes(_ operands: Operands) -> Int {
    operands.all.reduce(0) {
      saturatingSum($0, $1.isGiven ? $1.info?.byteCount(in: precision) ?? 0 : 0)
    }
  }

  private func bytes(_ step: Step, _ index: Int) -> Int {
    step.inputs[index].map { ValueInfo.tensor($0).byteCount(in: precision) } ?? 0
  }

  private func elements(_ operands: Operands) -> Int { operands.tensors.first?.shape.count ?? 0 }
}

extension Step {
  fileprivate func role(_ index: Int) -> OperandRole { op?.role(index, inputs) ?? .data }

  /// Whether a gradient at the results reaches the operands.
  fileprivate var passesGradients: Bool {
    switch state {
    case .counted, .free(.view), .uncounted: true
    case .free: false
    }
  }
}

extension TensorInfo {
  /// Whether a constant of this kind is a parameter: a lone number is a setting.
  fileprivate var isLearnable: Bool { type.isFloatingPoint && rank > 0 }
}
