import Cost
import Graph

extension JSONWriter {
  /// One object for each node, in order of execution; work is that of running it once, seconds and joules those
  /// of all its executions.
  mutating func nodes(_ estimate: Estimate) {
    let analysis = estimate.analysis
    array("nodes", zip(analysis.placements, estimate.nodes)) { json, node in
      let (placement, cost) = node
      let scope = analysis.scopes[placement.scope]
      let step = scope.steps[placement.node]
      json.object { json in
        json.member("name", step.node.name)
        json.member("op", step.node.op.name)
        json.member("domain", step.node.op.domain)
        json.member("module", step.node.module)
        json.member("class", step.layer.rawValue)
        json.member("state", step.state.name)
        json.member("reason", step.state.reason)
        json.member("executions", placement.executions)
        json.member("inputs", scope.body.names(step.node.inputs))
        json.member("outputs", scope.body.names(step.node.outputs))
        json.work(step)
        json.member("parameters", scope.parameters(of: step))
        json.member("kernel", cost?.kernel)
        json.member("seconds", cost?.seconds)
        json.member("joules", cost?.joules)
      }
    }
  }

  /// What is not understood is null, not zero.
  private mutating func work(_ step: Step) {
    let work = step.error == nil ? step.work : nil
    member("macs", work?.macs)
    member("elementwise_flops", work?.elementwise)
    member("transcendentals", work?.transcendentals)
    member("bytes_read", work?.bytesRead)
    member("bytes_written", work?.bytesWritten)
  }
}

extension Body {
  /// The names of operands; an empty one where an optional operand is left out, as in ONNX.
  func names(_ ids: [Value.ID?]) -> [String] {
    ids.map { id in id.map { values[$0].name } ?? "" }
  }
}

extension Step.State {
  var name: String {
    switch self {
    case .counted: "counted"
    case .free: "free"
    case .uncounted: "uncounted"
    }
  }

  /// Why the node is free or uncounted.
  var reason: String? {
    switch self {
    case .counted: nil
    case .free(let reason): reason.rawValue
    case .uncounted(let error): error.description
    }
  }
}
