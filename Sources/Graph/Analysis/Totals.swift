/// What a whole model takes, as one row of figures.
package struct Totals: Sendable, Hashable {
  package var nodes = 0
  package var work = Work()
  /// Elements of weights that take part in arithmetic; shared ones count once.
  package var parameters = 0
  /// Elements learnt without gradients, such as running means.
  package var buffers = 0
  /// The storage of parameters and buffers.
  package var parameterBytes = 0
  /// The bytes of all results that are really made.
  package var activationBytes = 0
  package var peakActivationBytes = 0
  package var coverage = Coverage()
}

/// How much of a model is understood.
package struct Coverage: Sendable, Hashable {
  package var counted = 0
  package var free = 0
  package var uncounted: [Uncounted] = []

  /// An operator that is not understood, and how often it occurs.
  package struct Uncounted: Sendable, Hashable {
    package var op: OperatorName
    package var count: Int
    /// The first reason met.
    package var reason: String
  }

  package var uncountedNodes: Int { uncounted.reduce(0) { $0 + $1.count } }

  /// The share of nodes that are counted or free, from 0 to 1; 1 for a model without nodes.
  package var share: Double {
    let known = counted + free
    let all = known + uncountedNodes
    return all == 0 ? 1 : Double(known) / Double(all)
  }
}

extension Analysis {
  /// The figures of one execution of the whole model.
  package var totals: Totals {
    var totals = Totals()
    totals.work = scope.work
    totals.peakActivationBytes = scope.peakActivationBytes
    totals.add(scope)
    return totals
  }
}

extension Totals {
  /// Adds the nodes of a body, and of the bodies within, whether they are executed or not.
  ///
  /// Returns what each value of the body is for, as far as constants go.
  @discardableResult
  fileprivate mutating func add(_ scope: Scope) -> [OperandRole?] {
    var roles = [OperandRole?](repeating: nil, count: scope.infos.count)
    for step in scope.steps {
      nodes += 1
      switch step.state {
      case .counted: coverage.counted += 1
      case .free: coverage.free += 1
      case .uncounted(let error): coverage.add(step.node.op, error)
      }
      if step.isCounted, step.branches.isEmpty {
        activationBytes = saturatingSum(activationBytes, step.outputs.byteCount)
      }
      for (index, id) in step.node.inputs.enumerated() {
        guard let id, scope.constants[id] else { continue }
        roles[id] = strongest(roles[id], step.op?.role(index, step.inputs) ?? .data)
      }
      for (index, branch) in step.branches.enumerated() {
        // A loop whose iterations differ has several runs of one body.
        guard !step.branches[..<index].contains(where: { $0.name == branch.name }) else { continue }
        let inner = add(branch.scope)
        for capture in branch.scope.body.captures where scope.constants[capture.outer] {
          guard let role = inner[capture.inner] else { continue }
          roles[capture.outer] = strongest(roles[capture.outer], role)
        }
      }
    }
    for (id, role) in roles.enumerated() {
      guard let role, scope.isWeight(id), let tensor = scope.infos[id]?.tensor else { continue }
      add(tensor, role)
    }
    return roles
  }

  /// A constant used twice is what its most important use makes it.
  private func strongest(_ a: OperandRole?, _ b: OperandRole) -> OperandRole {
    switch (a, b) {
    case (nil, _), (.setting?, _): b
    case (.buffer?, .data), (.buffer?, .packed): b
    case (let a?, _): a
    }
  }

  private mutating func add(_ tensor: TensorInfo, _ role: OperandRole) {
    switch role {
    case .setting: return
    case .data, .packed: parameters = saturatingSum(parameters, role.parameters(in: tensor))
    case .buffer: buffers = saturatingSum(buffers, tensor.shape.count)
    }
    parameterBytes = saturatingSum(parameterBytes, tensor.byteCount)
  }
}

extension OperandRole {
  /// The elements of a constant that are learnt by gradients, if it is a weight.
  fileprivate func parameters(in tensor: TensorInfo) -> Int {
    switch self {
    case .data: tensor.shape.count
    case .packed(let elements): elements
    case .setting, .buffer: 0
    }
  }
}

extension Scope {
  /// The parameters that a node reads; those that several nodes share count at each of them.
  package func parameters(of step: Step) -> Int {
    var sum = 0
    for (index, id) in step.node.inputs.enumerated() {
      guard let id, constants[id], isWeight(id), let tensor = infos[id]?.tensor else { continue }
      let role = step.op?.role(index, step.inputs) ?? .data
      sum = saturatingSum(sum, role.parameters(in: tensor))
    }
    return sum
  }

  /// Whether the value is a constant that the file stores, and a weight as far as its type and extents tell.
  ///
  /// A lone number, or a constant in a whole-number type, is a setting that went through arithmetic.
  fileprivate func isWeight(_ id: Value.ID) -> Bool {
    guard isStored(id), let tensor = infos[id]?.tensor,
      tensor.type.isFloatingPoint || tensor.type.isQuantized
    else { return false }
    return body.values[id].initializer != nil ? tensor.rank > 0 : tensor.shape.count > 1
  }

  /// Whether the value is a constant that the file stores: an initializer or a `Constant`.
  private func isStored(_ id: Value.ID) -> Bool {
    if body.values[id].initializer != nil { return true }
    guard let producer = producers[id] else { return false }
    return steps[producer].op(is: Constant.self)
  }
}

extension Coverage {
  fileprivate mutating func add(_ op: OperatorName, _ error: OperatorError) {
    if let index = uncounted.firstIndex(where: { $0.op == op }) {
      uncounted[index].count += 1
    } else {
      uncounted.append(Uncounted(op: op, count: 1, reason: error.description))
    }
  }
}
