import BenchmarkKernels

/// What the driver alone takes for launches: the least that frameworks and engines can.
struct LaunchFindings: Hashable {
  /// Seconds of the host for one launch that nothing waits for.
  var hostSeconds: Double
  /// Seconds of the board for a graph of launches, beside its kernels; nil where the driver has none.
  var graphSeconds: Double?
  /// Seconds of the board from one kernel of a graph to the next, of kernels that do nothing.
  var graphKernelSeconds: Double?

  static let keys = (
    host: "driver_launch_s", graph: "graph_launch_s", kernel: "graph_kernel_s"
  )
}

extension Bench {
  /// Launches `kernel`, which should do next to nothing, one by one and as graphs, back to back.
  func probeLaunches(of kernel: BenchmarkKernel, _ patterns: inout PatternCache) throws(Obstacle)
    -> LaunchFindings
  {
    do throws(DriverFailure) {
      let load = try PreparedKernel(kernel, on: gpu, &patterns)
      let host = try median(of: 21) { () throws(DriverFailure) in
        try gpu.finish()
        // So many fit into any driver's queue, so that none waits.
        let count = 256
        let start = meter.clock.now()
        for _ in 0..<count { try load.launch() }
        return (meter.clock.now() - start) / Double(count)
      }
      try gpu.finish()
      let (short, long) = (1, 65)
      guard let one = try graphSeconds(load, count: short),
        let many = try graphSeconds(load, count: long)
      else { return LaunchFindings(hostSeconds: host) }
      let each = max(0, many - one) / Double(long - short)
      return LaunchFindings(
        hostSeconds: host, graphSeconds: max(0, one - each * Double(short)),
        graphKernelSeconds: each)
    } catch {
      throw .driver(error)
    }
  }

  /// Seconds of a graph of `count` launches among many of its like.
  private func graphSeconds(_ load: borrowing PreparedKernel, count: Int) throws(DriverFailure)
    -> Double?
  {
    guard let graph = recorded(load, count: count) else { return nil }
    let events = try GPUEvents(2, on: gpu)
    return try median(of: 5) { () throws(DriverFailure) in
      let graphs = 200
      try graph.launch()
      try events.record(0)
      for _ in 0..<graphs { try graph.launch() }
      try events.record(1)
      try gpu.finish()
      return try events.seconds(from: 0, to: 1) / Double(graphs)
    }
  }

  private func median(
    of count: Int, _ measure: () throws(DriverFailure) -> Double
  ) throws(DriverFailure) -> Double {
    var values: [Double] = []
    for _ in 0..<count { values.append(try measure()) }
    return Microbenchmark.median(values.sorted())
  }
}
