import Cost
import Graph

extension JSONWriter {
  /// One object for each kernel of an inference, or of a training step where one was asked for; figures are those
  /// of one launch.
  mutating func kernels(_ costed: Costed) {
    let (kernels, costs) =
      costed.training?.run.map { ($0.kernels, $0.costs) }
      ?? (costed.estimate.kernels, costed.estimate.costs)
    let analysis = costed.analysis
    array("kernels", zip(kernels, costs)) { json, entry in
      let (kernel, cost) = entry
      json.object { json in
        json.member("op", kernel.operation.rawValue)
        json.member("type", kernel.type.name)
        json.member(
          "nodes", kernel.members.map { analysis[analysis.placements[$0]].node.op.name })
        json.member("launches", kernel.launches)
        json.member("elementwise_flops", kernel.work.elementwise)
        json.member("bytes_read", kernel.work.bytesRead)
        json.member("bytes_written", kernel.work.bytesWritten)
        json.member("row_bytes", kernel.rowBytes)
        json.member("weight_bytes", kernel.weightBytes)
        json.array("products", kernel.contractions) { $0.product($1) }
        json.member("seconds", cost.seconds)
        json.member("joules", cost.joules)
      }
    }
  }

  private mutating func product(_ contraction: Contraction) {
    object { json in
      json.member("batch", contraction.batch)
      json.member("rows", contraction.rows)
      json.member("columns", contraction.columns)
      json.member("depth", contraction.depth)
      json.member("steps", contraction.steps)
      guard case .convolution(let kernel, let strides, let positions, let groups) = contraction.form
      else { return }
      json.member("kernel", kernel)
      json.member("strides", strides)
      json.member("positions", positions)
      json.member("groups", groups)
    }
  }
}
