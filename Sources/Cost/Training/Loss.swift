internal import Graph

extension TrainingRun {
  /// What training makes small: a cross-entropy over the classes of the first result that is learnt, which no exported graph holds.
  ///
  /// Frameworks do it in 32 bits: the logarithms of the probabilities, forward; and backward the gradient to them, which is
  /// zero but for one in each row, and from that the gradient to the scores.
  package struct Loss: Hashable, Sendable {
    /// The classes that are told apart in each place.
    package let classes: Int
    /// The scores of a batch.
    package let scores: Int

    /// Nil where nothing is learnt, or a result is a single number: then that is the loss.
    init?(_ analysis: Analysis) {
      let scope = analysis.scopes[0]
      let needsGradient = Backward.needsGradient(scope, isInner: false)
      let learnt = scope.body.outputs.filter { needsGradient[$0] }
        .compactMap { scope.infos[$0]?.tensor }
      guard let first = learnt.first, !learnt.contains(where: { $0.rank == 0 }) else { return nil }
      // Pictures have their classes before their positions.
      classes = first.rank > 3 ? first.shape[1] : first.shape[first.rank - 1]
      scores = first.shape.count
      guard scores > 0 else { return nil }
    }

    var bytes: Int { saturatingProduct(scores, 4) }

    var forward: [Kernel] { [kernel(read: 1, operations: 3)] }

    var backward: [Kernel] {
      [kernel(read: 0, operations: 0), kernel(read: 2, operations: 3)]
    }

    /// A kernel that reads the scores, or as many numbers, so often, and writes as many once.
    private func kernel(read: Int, operations: Int) -> Kernel {
      let work = Work(
        elementwise: saturatingProduct(scores, operations),
        bytesRead: saturatingProduct(bytes, read), bytesWritten: bytes)
      let isSoftmax = read > 0 && classes > 1
      return Kernel(
        members: [], operation: isSoftmax ? .softmax : .elementwise, type: .float32, parts: [work],
        rowBytes: isSoftmax ? saturatingProduct(classes, 4) : 0)
    }
  }
}
