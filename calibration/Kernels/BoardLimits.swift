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

  /// How many times as much as on a T4 goes through memory in kernels that measure it: a power of two, at most 8.
  ///
  /// A cache that holds a tenth of what streams through it answers some of it. What does not fit into half of the memory is
  /// not measured at all, so boards with little of it get less.
  var memoryScale: Int {
    // The largest kernels have three buffers of 256 MiB.
    let room = memoryBytes / 2 / (3 << 28)
    return Self.powerOfTwo(below: min(8, cacheBytes / (4 << 20), room))
  }

  /// How many times as many images as on a T4 convolutions have, so that every multiprocessor has several tiles of them: 1, 2 or 4.
  var computeScale: Int {
    multiprocessors > 80 ? 4 : multiprocessors > 48 ? 2 : 1
  }

  private static func powerOfTwo(below limit: Int) -> Int {
    var power = 1
    while power * 2 <= limit { power *= 2 }
    return power
  }

  /// A T4, which the shipped table is of.
  package static let t4 = BoardLimits(
    target: .sm75, multiprocessors: 40, cacheBytes: 4 << 20, memoryBytes: 15 << 30)

  /// An A100, which has every type that kernels are written in.
  package static let a100 = BoardLimits(
    target: .sm80, multiprocessors: 108, cacheBytes: 40 << 20, memoryBytes: 40 << 30)
}
