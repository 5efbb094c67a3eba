/// A model with its symbols bound, its shapes inferred and its work counted.
package struct Analysis: Sendable {
  package let model: Model
  package let binding: Binding
  /// The model's own body first, then the bodies of control flow, in the order in which they are met.
  package let scopes: [Scope]
  /// Every node in order of execution.
  package let placements: [Placement]

  /// The model's own body.
  package var scope: Scope { scopes[0] }

  /// Analyses `model` in one pass over its nodes.
  ///
  /// `isFitting` lets parameters take the width of the activations they meet, which a model rewritten to be
  /// narrower needs. `earlier` is an analysis of the same model, which spares looking at it again with its own
  /// batch where it was looked at so, and is asked for only then. Throws only where nothing at all can be said; a node that is not understood
  /// is uncounted.
  package init(
    _ model: Model, binding request: Binding.Request = .init(),
    operators: OperatorTable = .standard, isFitting: Bool = false,
    after earlier: @autoclosure () -> Analysis? = nil
  ) throws(ModelError) {
    let expanded = try model.inliningFunctions()
    let binding = try Binding(expanded, request)
    self.model = expanded
    self.binding = binding
    func root(_ binding: Binding, _ rebatching: Rebatching? = nil) -> Scope {
      var analyser = Analyser(operators: operators, binding: binding, isFitting: isFitting)
      let inputs = expanded.body.inputs.map { id in
        Operand(binding.inputs[id], isConstant: expanded.body.values[id].initializer != nil)
      }
      return analyser.scope(of: expanded.body, inputs: inputs, rebatching: rebatching)
    }
    guard binding.isRebatched else {
      (scopes, placements) = Self.place(root(binding))
      return
    }
    var request = request
    request.batch = nil
    let own: Scope
    if let earlier = earlier(), earlier.binding.request == request {
      own = earlier.scope
    } else {
      own = root(try Binding(expanded, request))
    }
    let batched = root(binding, Rebatching(own: own, batch: binding.batch))
    // The figure for one sample would be divided by the batch.
    guard batched.work.macs > own.work.macs || own.work.macs == 0 else {
      throw ModelError(
        "a batch of \(binding.batch) changes nothing, since the graph picks out one sample of its input"
      )
    }
    (scopes, placements) = Self.place(batched)
  }

  /// The model of `before` after `rewrite`, analysed as if anew.
  ///
  /// Nodes that the rewrite does not reach are taken over from `before`, which makes a small change cheap to look
  /// at in a large model. Parameters are fitted, as `isFitting` says. Throws as for any model.
  package init(_ before: Analysis, applying rewrite: Rewrite) throws(ModelError) {
    guard !before.binding.isRebatched else {
      try self.init(
        before.model.applying(rewrite), binding: before.binding.request, isFitting: true)
      return
    }
    let entries = before.scope.body.rewritten(by: rewrite)
    var model = before.model
    model.body.values += rewrite.added
    model.body.nodes = entries.map(\.node)
    model.body.outputs = model.body.outputs.map(rewrite.target)
    // Nothing else is bound.
    var analyser = Analyser(operators: .standard, binding: before.binding, isFitting: true)
    let inputs = model.body.inputs.map { id in
      let info = before.binding.inputs[id]
      return Operand(
        rewrite.extents[id].flatMap { info?.setting($0) } ?? info,
        isConstant: model.body.values[id].initializer != nil)
    }
    let root = analyser.scope(
      of: model.body, inputs: inputs,
      reusing: Reuse(before.scope, entries, rewrite))
    self.init(model, before.binding, root)
  }

  private init(_ model: Model, _ binding: Binding, _ root: Scope) {
    self.model = model
    self.binding = binding
    (scopes, placements) = Self.place(root)
  }
}
