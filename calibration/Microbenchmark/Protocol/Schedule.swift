import BenchmarkKernels

/// One measurement to be made.
struct Job: Hashable {
  /// The kernel's place in the list.
  let kernel: Int
  let repetition: Int
  /// Whether its energy is measured, and not its time alone.
  let isPowered: Bool
}

/// The order in which kernels are measured.
enum Schedule {
  /// Every kernel once in each repetition, which has an order of its own.
  ///
  /// So nothing that changes slowly looks like a kernel's property. The same seed gives the same order.
  static func jobs(_ powered: [Bool], repetitions: Int, seed: UInt64) -> [Job] {
    var random = RandomNumbers(seed: seed)
    var jobs: [Job] = []
    for repetition in 0..<repetitions {
      jobs += powered.indices.map {
        Job(kernel: $0, repetition: repetition, isPowered: powered[$0])
      }.shuffled(using: &random)
    }
    return jobs
  }
}
