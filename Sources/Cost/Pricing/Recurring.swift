internal import Graph

/// What a recurrent layer takes beside its products, since each of its steps waits for the one before.
///
/// No multiprocessor has the whole state, so libraries launch every step anew: the product of the state, and the cell, element by
/// element. The matrix of the states is read at every step; what the cache that all multiprocessors share does not
/// hold of it comes from memory each time. A matrix of the cache's size stays there; of one twice as large nothing is left
/// when its turn comes round.
///
/// DeepBench (github.com/baidu-research/DeepBench da81ba7, `results/inference/server/DeepBench_NV_TitanXp.xlsx`) shows both: on a
/// board with 3 MB of cache and 547 GB/s a step of a GRU takes 123 µs at width 2,048 and 230 µs at 2,816, the time in which
/// three quarters of that bandwidth deliver its matrix, and a step of an LSTM of width 256 takes 13 µs.
extension Timing {
  /// The seconds that pass before and between the kernels of all steps; 0 for what is no recurrent layer.
  func stepGaps(_ kernel: Kernel, at rate: Rate) -> Double {
    let steps = kernel.stateProducts.reduce(0.0) { $0 + Double($1.steps) }
    guard steps > 0 else { return 0 }
    let cell = device.rate(.elementwise, kernel.type).map(gap) ?? gap(at: rate)
    return steps * (gap(at: rate) + cell)
  }

  /// The bytes of matrices of states that come from memory once more, over all steps after the first.
  func stateBytesReadAgain(_ kernel: Kernel) -> Double {
    kernel.stateProducts.reduce(0) { sum, product in
      let bytes = product.operandBytes
      let lost = min(1, max(0, bytes / Double(max(1, device.l2Bytes)) - 1))
      return sum + lost * bytes * Double(max(0, product.steps - 1))
    }
  }
}

extension Kernel {
  /// The products of states with weights, step by step.
  ///
  /// States without weights, those of linear attention, belong to one head each, and one multiprocessor takes a head through all
  /// steps. Gradients to weights are added up in one product when all steps are over.
  fileprivate var stateProducts: [Contraction] {
    guard weightBytes > 0, pass != .weightGradient else { return [] }
    return contractions.filter { contraction in
      if case .recurrence = contraction.form { true } else { false }
    }
  }
}

extension Contraction {
  /// The bytes of the right operands of one step.
  fileprivate var operandBytes: Double {
    Double(type.bitWidth) / 8 * Double(batch) * Double(depth) * Double(columns)
  }
}
