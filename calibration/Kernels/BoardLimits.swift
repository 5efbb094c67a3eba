/// What the sizes of kernels follow from.
package struct BoardLimits: Sendable, Hashable {
  /// The generation that kernels are written for.
  package var target: Target
  package var multiprocessors: Int
  package var cacheBytes: Int
  /// Free memory; kernels together take at most half of it.
  package var memoryBytes: Int

  package init(target: Target, multiprocessors: Int, cacheBytes: Int, memoryBytes: Int) {
    self.target = target
    self.multiprocessors = max(1, multiprocessors)
    self.cacheBytes = max(1 << 20, cacheBytes)
    self.memoryBytes = memoryBytes
  }

  /// A T4, which the shipped table is of.
  package static let t4 = BoardLimits(
    target: .sm75, multiprocessors: 40, cacheBytes: 4 << 20, memoryBytes: 15 << 30)

  /// An A100, which has every type that kernels are written in.
  package static let a100 = BoardLimits(
    target: .sm80, multiprocessors: 108, cacheBytes: 40 << 20, memoryBytes: 40 << 30)
}
