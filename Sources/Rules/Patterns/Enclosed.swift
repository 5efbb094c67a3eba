import Cost
import Graph

/// Nodes between a change of a tensor's form, such as a transpose or a cast, and the one that undoes it.
///
/// Where all of them do the same in either form, they can work on the form before, and both changes can go.
struct Enclosed {
  /// What makes the form, what undoes it, and what is between, each in order.
  let openings: [Node.ID]
  let closings: [Node.ID]
  let inner: [Node.ID]

  /// What is asked of nodes.
  struct Terms {
    /// Whether a node makes the form, or undoes it.
    var opens: (Node.ID) -> Bool
    var closes: (Node.ID) -> Bool
    /// The operands that have to be in the form; nil for a node that minds which form it is.
    var passes: (Node.ID) -> [Int]?
  }

  /// More nodes than these are not looked at.
  private static let reach = 48

  /// What hangs together with `reader`, which reads what `opening` makes; nil where something there minds the form,
  /// or nothing undoes it.
  init?(_ opening: Node.ID, _ reader: Node.ID, _ subject: Subject, _ terms: Terms) {
    var openings: Set<Node.ID> = [opening]
    var closings: Set<Node.ID> = []
    var inner: Set<Node.ID> = []
    var pending = [reader]
    while let id = pending.popLast() {
      guard !inner.contains(id), !closings.contains(id) else { continue }
      if terms.closes(id) {
        closings.insert(id)
        continue
      }
      guard let operands = terms.passes(id), inner.count < Self.reach else { return nil }
      inner.insert(id)
      for index in operands {
        guard let input = subject.input(id, index), !subject.scope.constants[input] else {
          continue
        }
        guard let maker = subject.scope.producers[input] else { return nil }
        if terms.opens(maker) {
          openings.insert(maker)
        } else {
          pending.append(maker)
          // What undoes the form stands behind, never before.
          if terms.closes(maker) { return nil }
        }
      }
      for case let output? in subject.steps[id].node.outputs {
        if subject.scope.isOutput(output) { return nil }
        pending += subject.scope.readers[output]
      }
    }
    guard !closings.isEmpty else { return nil }
    self.openings = openings.sorted()
    self.closings = closings.sorted()
    self.inner = inner.sorted()
  }

  /// The nodes between in the form before; `adapt` changes what else in them goes with the form.
  func rewrite(_ subject: Subject, adapt: (Node.ID, inout Node, inout Rewrite) -> Bool) -> Rewrite?
  {
    var rewrite = Rewrite()
    var sources: [Value.ID: Value.ID] = [:]
    for id in openings {
      guard let made = subject.output(id), let source = subject.input(id) else { return nil }
      sources[made] = source
    }
    for id in inner {
      var node = subject.steps[id].node
      node.inputs = node.inputs.map { input in input.map { sources[$0] ?? $0 } }
      guard adapt(id, &node, &rewrite) else { return nil }
      rewrite.replaced[id] = [node]
    }
    for id in closings {
      guard let read = subject.input(id) else { return nil }
      rewrite.bypass(id, subject.steps[id].node, reading: sources[read] ?? read)
    }
    return rewrite
  }
}
