import Cost
import Graph

/// What is wanted of each value of a model, where readers take only part of what they are given.
///
/// A selection at the end of a network makes work before it useless: of the rows that a classifier drops, the
/// last layers need not make any. Wants are followed backwards, from every reader to the node that makes what
/// it reads, through nodes that can make a part with less work. Where several readers want different parts,
/// the whole is made. Linear in the number of nodes.
struct Demand {
  let subject: Subject
  let selecting: Selecting
  /// Whether every extent is the file's own, so that a number computed from extents is always the same.
  let isFixed: Bool
  /// For each value, the part of it that has to be made; empty for the whole.
  let made: [Part]

  /// Values in `kept` are made whole.
  init(_ subject: Subject, _ selecting: Selecting, keeping kept: Set<Value.ID> = []) {
    self.subject = subject
    self.selecting = selecting
    isFixed = subject.estimate.analysis.binding.symbols.isEmpty
    let scope = subject.scope
    // Nil where nobody has asked yet.
    var wanted = [Part?](repeating: nil, count: scope.infos.count)
    var made = [Part](repeating: [], count: scope.infos.count)
    for id in scope.body.outputs { wanted[id] = [] }
    for id in kept { wanted[id] = [] }
    for step in scope.steps.reversed() {
      for id in step.capturedValues { wanted[id] = [] }
      if step.readsExtentsAlone { continue }
      let part = step.canBeNarrowed ? step.narrowest(wanted, isFixed: isFixed) : []
      for case let output? in step.node.outputs { made[output] = part }
      for (index, input) in step.node.inputs.enumerated() {
        guard let input else { continue }
        var read: Part = []
        if step.canBeNarrowed {
          read = step.reads(index, making: part, selecting, isFixed: isFixed)
        }
        wanted[input] = wanted[input].map { $0.joined(with: read) } ?? read
      }
    }
    self.made = made
  }

  /// What `step` reads of its operand at `index`.
  func reads(_ step: Step, _ index: Int) -> Part {
    let part = step.node.outputs.lazy.compactMap { $0 }.first.map { made[$0] } ?? []
    return step.reads(index, making: part, selecting, isFixed: isFixed)
  }
}

extension Step {
  /// Whether the node runs, once, on operands that hold activations.
  var canBeNarrowed: Bool { (isCounted || state == .free(.view)) && branches.isEmpty }

  /// Whether the node reads no element, as one that asks for the shape.
  var readsExtentsAlone: Bool { op(is: ShapeOf.self) && state != .free(.unread) }

  /// The values that the node's subgraphs read.
  var capturedValues: [Value.ID] {
    var values: [Value.ID] = []
    for case .graph(let inner) in node.attributes.map(\.value) {
      values += inner.captures.map(\.outer)
    }
    return values
  }

  /// The part of every result that readers want, as far as the node can leave the rest out.
  fileprivate func narrowest(_ wanted: [Part?], isFixed: Bool) -> Part {
    var part: Part?
    for (id, operand) in zip(node.outputs, outputs.all) {
      guard let id, operand.isGiven else { continue }
      guard let info = operand.info?.tensor, let want = wanted[id], want.count == info.rank else {
        return []
      }
      part = part.map { $0.joined(with: want) } ?? want
    }
    guard let part else { return [] }
    return part.enumerated().map { axis, range in
      range.flatMap { canLeaveOut(axis, $0, isFixed: isFixed) ? $0 : nil }
    }.wholeIfUncut
  }
}
