internal import Graph

extension TrainingRun {
  /// What updates the parameters after each step.
  package enum Optimizer: String, Sendable, CaseIterable {
    case sgd, momentum, adam, adamw

    /// Bytes moved to update one FP32 parameter: parameter and gradient read, parameter written,
    /// and each of the optimizer's states read and written.
    package var bytesPerParameter: Int {
      switch self {
      case .sgd: 12
      case .momentum: 20
      case .adam, .adamw: 28
      }
    }

    /// Elementary operations to update one parameter.
    package var operationsPerParameter: Int {
      switch self {
      case .sgd: 2
      case .momentum: 4
      case .adam: 12
      case .adamw: 14
      }
    }

    /// Bytes of what is kept for each FP32 parameter from one update to the next.
    package var stateBytesPerParameter: Int {
      switch self {
      case .sgd: 0
      case .momentum: 4
      case .adam, .adamw: 8
      }
    }

    /// The kernels that add the gradients of `batches` batches up: those of the first are there already.
    func additions(_ parameters: Int, batches: Int) -> [Kernel] {
      guard parameters > 0, batches > 1 else { return [] }
      let addition = Work(elementwise: 1, bytesRead: 8, bytesWritten: 4).times(parameters)
      return [
        Kernel(
          members: [], operation: .elementwise, type: .float32, parts: [addition],
          launches: batches - 1)
      ]
    }

    /// The kernels of one update of `parameters` numbers: the gradients set to zero, and the step.
    ///
    /// In half precision a copy in the small type is written beside the FP32 master copy.
    func kernels(_ parameters: Int, precision: Precision?) -> [Kernel] {
      guard parameters > 0 else { return [] }
      let copy = precision?.copyByteCount ?? 0
      let zeroing = Work(bytesWritten: 4)
      let update = Work(
        elementwise: operationsPerParameter, bytesRead: bytesPerParameter - 4,
        bytesWritten: 4 + copy)
      return [zeroing, update].map { work in
        Kernel(
          members: [], operation: .elementwise, type: .float32, parts: [work.times(parameters)])
      }
    }
  }
}
