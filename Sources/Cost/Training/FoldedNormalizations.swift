internal import Graph

/// The batch normalisations that training had and an export for inference has no more: folded into convolutions.
///
/// Told by a bias that the exporter made, since it has a name of the exporter's: frameworks call their own `….bias`.
struct FoldedNormalizations {
  private let scope: Scope
  private let precision: Precision?
  /// The convolutions that hold one, in order.
  let nodes: [Node.ID]

  init(_ scope: Scope, _ precision: Precision?) {
    self.scope = scope
    self.precision = precision
    nodes = scope.steps.indices.filter { id in
      let step = scope.steps[id]
      guard step.isCounted, let convolution = step.op as? Convolution, let bias = convolution.bias,
        step.node.inputs.indices.contains(bias), let value = step.node.inputs[bias],
        scope.constants[value], let output = step.node.outputs.first ?? nil
      else { return false }
      let isNormalized = scope.readers[output].contains {
        scope.steps[$0].op(is: BatchNormalization.self)
      }
      return !isNormalized && !scope.body.values[value].name.hasSuffix("bias")
    }
  }

  /// The forward pass of the one in `node`: the result read for the moments, read again, and written.
  func forward(_ node: Node.ID, _ kernel: Make) -> Kernel {
    kernel(node, .normalization, [work(node, reads: 2, operations: 7)], [])
  }

  /// The backward pass of the one in `node`: gradient and input read for the sums, read again, and one written.
  func backward(_ node: Node.ID, _ kernel: Make) -> Kernel {
    kernel(node, .normalization, [work(node, reads: 4, operations: 14)], [])
  }

  /// Makes a kernel of a node's.
  typealias Make = (Node.ID, Kernel.Operation, [Work], [Contraction]) -> Kernel

  private func work(_ node: Node.ID, reads: Int, operations: Int) -> Work {
    let result = scope.steps[node].outputs[0]
    let bytes = result.map { ValueInfo.tensor($0).byteCount(in: precision) } ?? 0
    return Work(
      elementwise: saturatingProduct(result?.shape.count ?? 0, operations),
      bytesRead: saturatingProduct(bytes, reads), bytesWritten: bytes)
  }
}

extension FoldedNormalizations {
  /// How many `analysis` has.
  static func count(in analysis: Analysis) -> Int {
    analysis.scopes.reduce(0) { $0 + FoldedNormalizations($1, nil).nodes.count }
  }

  /// The kernels of their forward passes.
  static func kernels(of analysis: Analysis, precision: Precision?) -> [Kernel] {
    let folded = analysis.scopes.map { FoldedNormalizations($0, precision) }
    let marked = folded.map { Set($0.nodes) }
    return analysis.placements.enumerated().compactMap { index, placement in
      guard marked[placement.scope].contains(placement.node) else { return nil }
      return folded[placement.scope].forward(placement.node) { _, operation, parts, _ in
        let type = analysis[placement].outputs.tensors.first?.type ?? .float32
        return Kernel(
          members: [index], operation: operation, type: NumberFormat(type.cast(to: precision)),
          parts: parts,
          launches: placement.executions)
      }
    }
  }
}
