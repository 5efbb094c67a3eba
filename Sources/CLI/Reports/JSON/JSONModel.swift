import Cost
import Graph

// The model object, which `json` and `jsonl` share.
extension JSONWriter {
  mutating func model(_ entry: Entry, _ context: ReportContext) {
    object { json in
      json.member("path", entry.path)
      switch entry.outcome {
      case .failed(let error):
        json.object("error") { json in
          json.member("code", error.code)
          json.member("message", error.message)
          json.member("where", error.place)
        }
      case .costed(let costed):
        json.identity(costed.analysis.model)
        json.interface(costed.analysis)
        json.assumptions(costed)
        json.totals(costed)
        json.coverage(costed)
        json.cost(costed.estimate, costed.throughput, costed.arguments)
        if let training = costed.training { json.training(training, costed.arguments.training) }
        if !costed.notes.isEmpty { json.member("not_costed", costed.notes) }
        if let lifecycle = costed.lifecycle {
          json.lifecycle(lifecycle, withEquivalences: costed.arguments.lifecycle.withEquivalences)
        }
        json.nodes(costed.estimate)
        if context.arguments.withTensors { json.tensors(costed.analysis) }
        if context.arguments.withKernels { json.kernels(costed) }
        if let lint = costed.lint {
          json.findings(lint)
          if let fix = costed.fix { json.fix(fix) }
          json.budgets(costed.budgets)
        }
      }
    }
  }

  private mutating func identity(_ model: Model) {
    member("format", model.format)
    member("ir_version", model.irVersion)
    object("opsets") { json in
      var seen: Set<String> = []
      for opset in model.opsets where seen.insert(opset.domain).inserted {
        json.member(opset.domain, opset.version)
      }
    }
    member("producer", model.producer)
    member("notes", model.notes)
  }

  private mutating func interface(_ analysis: Analysis) {
    let body = analysis.scope.body
    let inputs = body.inputs.filter { body.values[$0].initializer == nil }
    array("inputs", inputs) { json, id in
      json.value(body.values[id].name, analysis.binding.inputs[id], withEstimate: false)
    }
    array("outputs", body.outputs) { json, id in
      json.value(body.values[id].name, analysis.scope.infos[id], withEstimate: true)
    }
  }

  private mutating func assumptions(_ costed: Costed) {
    let binding = costed.analysis.binding
    let estimate = costed.estimate
    object("assumptions") { json in
      json.member("batch", binding.batch)
      json.object("dims") { $0.symbols(binding.symbols) }
      json.object("assumed_dims") { $0.symbols(binding.assumed) }
      json.member("device", estimate.device.name)
      json.member("calibration_sha256", estimate.device.sha256)
      json.member("precision", estimate.precisionName)
      json.member("runtime", estimate.scenario.runtime.rawValue)
      json.member("configuration", costed.configuration)
    }
  }

  private mutating func symbols(_ symbols: [Binding.Symbol]) {
    for symbol in symbols { member(symbol.name, symbol.value) }
  }

  private mutating func totals(_ costed: Costed) {
    let totals = costed.totals
    object("totals") { json in
      json.member("nodes", totals.nodes)
      json.member("macs", totals.work.macs)
      json.member("elementwise_flops", totals.work.elementwise)
      json.member("flops", totals.work.flops)
      json.member("transcendentals", totals.work.transcendentals)
      json.member("parameters", totals.parameters)
      json.member("buffers", totals.buffers)
      json.member("parameter_bytes", totals.parameterBytes)
      json.member("activation_bytes", totals.activationBytes)
      json.member("peak_activation_bytes", totals.peakActivationBytes)
      json.member("traffic_bytes", totals.work.traffic)
      json.member("kernels", costed.estimate.launches)
      json.member("kernel_traffic_bytes", costed.estimate.kernelTraffic)
    }
  }

  private mutating func coverage(_ costed: Costed) {
    let coverage = costed.totals.coverage
    object("coverage") { json in
      json.member("counted", coverage.counted)
      json.member("free", coverage.free)
      json.member("uncounted", coverage.uncountedNodes)
      json.member("share", coverage.share)
      json.array("uncounted_operators", coverage.uncounted) { json, operation in
        json.object { json in
          json.member("domain", operation.op.domain)
          json.member("op", operation.op.name)
          json.member("count", operation.count)
          json.member("reason", operation.reason)
        }
      }
      json.array("unpriced", costed.estimate.unpriced) { json, kernel in
        json.object { json in
          json.member(
            "nodes",
            kernel.members.map { costed.analysis[costed.analysis.placements[$0]].node.name })
          json.member("reason", kernel.reason)
        }
      }
    }
  }

  /// Of one execution of the whole batch, and divided by the batch.
  private mutating func cost(
    _ estimate: Estimate, _ throughput: Throughput, _ arguments: Arguments
  ) {
    let carbon = arguments.lifecycle.carbon
    /// The figure for one of what the model may have none of.
    func each(_ figure: Interval, _ per: Per) -> Interval? {
      per.count(in: throughput).flatMap { $0 > 0 ? figure / Double($0) : nil }
    }
    object("cost") { json in
      json.member("batch", estimate.analysis.binding.batch)
      json.member("seconds", estimate.seconds)
      json.member("joules", estimate.joules)
      json.member("watts", estimate.watts)
      json.member("joules_static", estimate.joulesStatic)
      json.member("joules_dynamic", estimate.joulesDynamic)
      json.member("joules_per_inference", estimate.joulesPerInference)
      json.member("seconds_per_inference", estimate.secondsPerInference)
      json.member("per", arguments.per.rawValue)
      json.member("images", throughput.images)
      json.member("joules_per_image", each(estimate.joules, .image))
      json.member("seconds_per_image", each(estimate.seconds, .image))
      json.member("tokens", throughput.tokens?.count)
      json.member("token_phase", throughput.tokens?.phase.rawValue)
      json.member("cached_tokens", throughput.tokens?.cached)
      json.member("joules_per_token", each(estimate.joules, .token))
      json.member("seconds_per_token", each(estimate.seconds, .token))
      json.member("grams_co2e_per_inference", carbon.grams(estimate.joulesPerInference))
    }
  }

  private mutating func tensors(_ analysis: Analysis) {
    let all = analysis.scopes.flatMap { scope in
      let captured = Set(scope.body.captures.map(\.inner))
      return scope.body.values.enumerated().compactMap { id, value in
        value.name.isEmpty || captured.contains(id) ? nil : (value.name, scope.infos[id])
      }
    }
    array("tensors", all) { $0.value($1.0, $1.1, withEstimate: true) }
  }

  /// A named value with its type and shape, null where they are not known.
  private mutating func value(_ name: String, _ info: ValueInfo?, withEstimate: Bool) {
    object { json in
      json.member("name", name)
      json.member("type", info?.typeName)
      json.member("shape", info?.tensor?.dims)
      if withEstimate {
        json.member("estimated", info?.isEstimated ?? false)
        json.elements(info?.tensor?.value)
      }
    }
  }

  /// The elements of a small tensor, where they are known before the model runs.
  private mutating func elements(_ value: TensorValue?) {
    switch value {
    case .integers(let values): member("value", values)
    case .reals(let values): array("value", values) { $0.value($1) }
    case nil: return
    }
  }
}

extension ValueInfo {
  /// The type as reports name it: `float32`, `sequence(float32)`.
  var typeName: String {
    switch self {
    case .tensor(let info): info.type.name
    case .sequence(let elements):
      elements.first.map { "sequence(\($0.type.name))" } ?? "sequence"
    case .optional(let held): held.map { "optional(\($0.typeName))" } ?? "optional"
    case .map(let key, let value): "map(\(key.name),\(value.name))"
    }
  }
}
