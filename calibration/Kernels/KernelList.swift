/// Kernels of one kind, at all the sizes that are measured.
protocol KernelFamily: Sendable {
  static func kernels(on board: BoardLimits) -> [BenchmarkKernel]
}

/// Everything that the microbenchmark runs.
package enum KernelList {
  /// One entry for each file in `Families`; a test compares the two.
  static let families: [any KernelFamily.Type] = [
    Launch.self, Arithmetic.self, Transcendental.self, SharedRead.self, Stream.self,
    CacheRead.self, Gather.self, TensorArithmetic.self, Gemm.self, Convolution.self,
    DepthwiseConvolution.self, Elementwise.self, Reduction.self, Softmax.self, RowSweep.self,
    LayerNormalization.self, Pooling.self, Transposition.self,
  ]

  /// The kernels that `board` can run, in the order of the families; a quick run takes the essential ones.
  ///
  /// Those whose buffers take more than half of the memory are left out.
  package static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    families.flatMap { $0.kernels(on: board) }
      .filter { $0.program.target <= board.target && $0.memoryBytes <= board.memoryBytes / 2 }
  }

  /// Every program for every generation, by its entry point, each once.
  package static func programs() -> [Program] {
    var seen: Set<String> = []
    return Target.allCases.flatMap { target in
      families.flatMap {
        $0.kernels(
          on: BoardLimits(
            target: target, multiprocessors: 108, cacheBytes: 40 << 20, memoryBytes: 40 << 30))
      }
    }
    .map(\.program)
    .filter { seen.insert("\($0.entry) \($0.target.name)").inserted }
  }
}
