internal import Graph

/// Which nodes really hand data to which, with views looked through.
struct Dataflow {
  let scope: Scope
  /// For each value, the one whose elements it shares; itself where it has its own.
  private let owners: [Value.ID]
  /// For each value that has elements of its own, the nodes that read them or a view of them, in order.
  private let readers: Readers
  /// Which values are returned, themselves or a view of them.
  private let isReturned: [Bool]
  /// For each node, what is asked again and again while groups grow.
  private let nodes: [NodeFacts]
  /// The operands of all nodes, and then the results of all, one node after another.
  private let allOperands: [Value.ID]
  private let allResults: [Value.ID]

  private struct NodeFacts {
    /// Where the node's operands and results end in the lists of all; they begin where those before it end.
    let operandEnd: Int
    let resultEnd: Int
    let operation: Kernel.Operation
    let launches: Bool
    let isPointwise: Bool
    let isRowwise: Bool
    let isConcat: Bool
    let isConvolution: Bool
  }
  /// For each node, whether the kernels that read its result do its work on the fly, or there is none to do.
  private let isFolded: [Bool]
  /// For each value that has elements of its own, whether views of parts of it are read.
  private let isShared: [Bool]

  /// `foldsQuantization` leaves it to the readers of few bits to turn them into real numbers; `sharesViews` has
  /// them read parts of tensors where they lie.
  init(_ scope: Scope, foldsQuantization: Bool = false, sharesViews: Bool = false) {
    self.scope = scope
    var owners = scope.storageOwners()
    var isFolded = [Bool](repeating: false, count: scope.steps.count)
    if foldsQuantization {
      for id in scope.steps.indices {
        let step = scope.steps[id]
        guard step.isCounted, step.isDequantization, let input = step.node.inputs.first ?? nil,
          let output = step.node.outputs.first ?? nil, scope.producers[owners[input]] != nil
        else { continue }
        isFolded[id] = true
        owners[output] = owners[input]
      }
      // Views of what was dequantised share the few bits too.
      owners = owners.map { owners[$0] }
    }
    var isShared = [Bool](repeating: false, count: owners.count)
    if sharesViews {
      for (id, isView) in scope.frameworkViews().enumerated() where isView {
        guard let input = scope.steps[id].node.inputs.first ?? nil else { continue }
        isFolded[id] = true
        // What the input is itself a part of has its owner by now.
        let owner = owners[owners[input]]
        isShared[owner] = true
        for case let output? in scope.steps[id].node.outputs { owners[output] = owner }
      }
      owners = owners.map { owners[$0] }
    }
    self.isFolded = isFolded
    self.isShared = isShared
    let reads = scope.steps.indices.map { scope.steps[$0].readsElements && !isFolded[$0] }
    readers = Readers(count: owners.count) { visit in
      for (value, nodes) in scope.readers.enumerated() {
        for node in nodes where reads[node] { visit(owners[value], node) }
      }
    }
    var isReturned = [Bool](repeating: false, count: owners.count)
    for id in scope.body.outputs { isReturned[owners[id]] = true }
    self.owners = owners
    self.isReturned = isReturned
    var (operands, results): ([Value.ID], [Value.ID]) = ([], [])
    nodes = scope.steps.indices.map { id in
      let step = scope.steps[id]
      for case let id? in step.node.inputs { operands.append(owners[id]) }
      for (id, operand) in zip(step.node.outputs, step.outputs.all) where operand.isGiven {
        if let id { results.append(id) }
      }
      let isPointwise = step.isPointwise
      let operation = isPointwise ? .elementwise : step.operation
      return NodeFacts(
        operandEnd: operands.count, resultEnd: results.count, operation: operation,
        launches: step.isCounted && step.branches.isEmpty && !isFolded[id],
        isPointwise: isPointwise, isRowwise: isPointwise || operation == .reduction,
        isConcat: operation == .movement && step.op(is: Concat.self),
        isConvolution: step.isConvolution)
    }
    (allOperands, allResults) = (operands, results)
  }

  /// Whether the node is a kernel when nothing is joined.
  func launches(_ node: Node.ID) -> Bool { nodes[node].launches }
  /// The nodes whose work the kernels that read their results do on the fly, in order.
  var folded: [Node.ID] { isFolded.indices.filter { isFolded[$0] } }

  /// The value as it lies in memory: the few bits that a dequantised one is made from.
  func stored(_ value: Value.ID) -> ValueInfo? {
    guard let maker = scope.producers[value], scope.steps[maker].isDequantization,
      isFolded[maker] || scope.constants[value], let input = scope.steps[maker].node.inputs.first
    else { return scope.infos[value] }
    return input.flatMap { scope.infos[$0] }
  }

  /// The type in which the node's products are done; nil where that is the one the graph says.
  ///
  /// Operands that are both dequantised from eight bits are multiplied as they are.
  func quantizedType(_ node: Node.ID) -> ElementType? {
    let operands = scope.steps[node].node.inputs.prefix(2).compactMap { $0 }
    let isQuantized = operands.allSatisfy { stored($0)?.tensor?.type.priced == .int8 }
    return operands.count == 2 && isQuantized ? .int8 : nil
  }

  /// The values that the node reads, without views.
  func operands(_ node: Node.ID) -> ArraySlice<Value.ID> {
    allOperands[(node > 0 ? nodes[node - 1].operandEnd : 0)..<nodes[node].operandEnd]
  }
  /// The values that the node writes and somebody wants.
  func results(_ node: Node.ID) -> ArraySlice<Value.ID> {
    allResults[(node > 0 ? nodes[node - 1].resultEnd : 0)..<nodes[node].resultEnd]
  }
  /// What the node's kernel does, if nothing is joined.
  func operation(_ node: Node.ID) -> Kernel.Operation { nodes[node].operation }
  /// Whether each element of the node's only result needs just the elements at its own place.
  func isPointwise(_ node: Node.ID) -> Bool { nodes[node].isPointwise }
  /// Whether the node can be part of a kernel that goes over a tensor row by row.
  func isRowwise(_ node: Node.ID) -> Bool { nodes[node].isRowwise }
  func isConcat(_ node: Node.ID) -> Bool { nodes[node].isConcat }
  func isConvolution(_ node: Node.ID) -> Bool { nodes[node].isConvolution }
  /// Whether a convolution's kernel can end with the node.
  func endsConvolutions(_ node: Node.ID) -> Bool { scope.steps[node].endsConvolutions }

  /// Whether the node brings real numbers into few bits.
  func isQuantization(_ node: Node.ID) -> Bool {
    scope.steps[node].op(as: Quantization.self)?.direction == .quantize
  }

  /// Whether everything that `nodes` read of `value` is the same part of it.
  func isReadAsOne(_ value: Value.ID, by nodes: [Node.ID]) -> Bool {
    guard isShared[value] else { return true }
    let read = nodes.flatMap { scope.steps[$0].node.inputs }.compactMap { $0 }
      .filter { owners[$0] == value }
    return read.allSatisfy { $0 == read[0] }
  }

  func readers(of value: Value.ID) -> ArraySlice<Node.ID> { readers[value] }
  /// The value whose elements this one shares; itself where it has its own.
  func owner(of value: Value.ID) -> Value.ID { owners[value] }
  /// Whether views of parts of it are read, of a value that has elements of its own.
  func isShared(_ value: Value.ID) -> Bool { isShared[value] }
  func isReturned(_ value: Value.ID) -> Bool { isReturned[value] }
  /// Whether the kernels that read the node's result do its work on the fly.
  func isFolded(_ node: Node.ID) -> Bool { isFolded[node] }

  /// The node that makes the value when the model runs; nil for inputs and for what is known before.
  func maker(of value: Value.ID) -> Node.ID? {
    guard !scope.constants[value], let node = scope.producers[value] else { return nil }
    switch scope.steps[node].state {
    case .free(.constant), .free(.shape): return nil
    default: return node
    }
  }

  /// Whether somebody outside of `members` needs the value.
  func isNeeded(_ value: Value.ID, outside members: [Node.ID]) -> Bool {
    isReturned[value] || readers[value].contains { !members.contains($0) }
  }

  /// The elements of the value, 0 where that is not known.
  func count(_ value: Value.ID) -> Int { scope.infos[value]?.tensor?.shape.count ?? 0 }

  /// The bytes of all constants that `members` read.
  func constantBytes(of members: [Node.ID], in precision: Precision?) -> Int {
    var total = 0
    for member in members {
      for (id, operand) in zip(scope.steps[member].node.inputs, scope.steps[member].inputs.all) {
        guard let id, scope.constants[id], let info = stored(id) ?? operand.info else { continue }
        total = saturatingSum(total, info.byteCount(in: precision))
      }
    }
    return total
  }
}

extension Step {
  /// Whether the node turns few bits into real numbers, by scales known beforehand.
  fileprivate var isDequantization: Bool {
    layer == .quantization && op(as: Quantization.self)?.direction == .dequantize
  }

  /// Whether running the node reads its operands' elements; one that is not understood may.
  fileprivate var readsElements: Bool {
    switch state {
    case .counted, .uncounted: true
    case .free: false
    }
  }

  fileprivate var isConvolution: Bool {
    contractions.contains { if case .convolution = $0.form { true } else { false } }
  }

  /// Whether a convolution's kernel can end with the node: bias, scale, residual addition, ReLU, few bits.
  ///
  /// Engines run other activations as kernels of their own, which is what networks measured in one show too.
  fileprivate var endsConvolutions: Bool {
    switch family {
    case BatchNormalization.self, FusedBias.self, Quantization.self, Cast.self, Dropout.self: true
    case Elementwise.self: layer == .add || layer == .rescaling || node.op.name == "Relu"
    default: false
    }
  }
}
