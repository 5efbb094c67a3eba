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
  static func jobs(_ powered: [Bool], _ plan: Plan, seed: UInt64) -> [Job] {
    var random = RandomNumbers(seed: seed)
    var jobs: [Job] = []
    for repetition in 0..<max(plan.repetitions, plan.timings) {
      jobs += powered.indices.filter {
        repetition < (powered[$0] ? plan.repetitions : plan.timings)
      }.map {
        Job(kernel: $0, repetition: repetition, isPowered: powered[$0])
      }.shuffled(using: &random)
    }
    return jobs
  }

  /// The jobs in blocks, each of which lasts about as long as `size` powered ones.
  static func blocks(_ jobs: [Job], size: Int) -> [[Job]] {
    var blocks: [[Job]] = []
    var weight = Double.infinity
    for job in jobs {
      if weight >= Double(size) {
        blocks.append([])
        weight = 0
      }
      blocks[blocks.count - 1].append(job)
      // Timing alone takes about an eighth of the time.
      weight += job.isPowered ? 1 : 0.125
    }
    return blocks
  }
}
