import Graph

@testable import BenchmarkKernels
@testable import Microbenchmark

/// Kernels that claim the work of real ones, with small buffers, so that a test makes them at once.
enum InventedKernels {
  static func kernel(
    _ name: String, _ kernelClass: KernelClass, _ type: NumberType, _ problem: Problem,
    _ work: KernelWork, isEssential: Bool = false
  ) -> BenchmarkKernel {
    let entry = "invented_" + name.map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
    let program = Program(
      entry: entry, target: .sm70, threads: 32,
      text: ".version 6.0\n.target sm_70\n.entry \(entry)(\n) { ret; }\n")
    return BenchmarkKernel(
      name: name, kernelClass, type, program, problem, grid: .init(1),
      arguments: [
        .buffer(Buffer(.float32, 32, .normal(deviation: 1, seed: 1))),
        .buffer(Buffer(.float32, 32, .normal(deviation: 1, seed: 2))),
        .buffer(Buffer(.float32, 32, .result)), .number(7),
      ], work: work,
      check: Check(result: 2, relative: 1e-6) { inputs, index in 2 * inputs[0, index] },
      isEssential: isEssential)
  }

  /// Some of each kind that a table has rates for.
  static var all: [BenchmarkKernel] {
    var kernels = [
      kernel("launch", .launch, .float32, .none, KernelWork(), isEssential: true),
      kernel(
        "arithmetic", .arithmetic, .float32, .none, KernelWork(operations: 1 << 32),
        isEssential: true),
      kernel(
        "cache", .cacheRead, .float32, .none, KernelWork(cachedBytes: 1 << 28), isEssential: true),
    ]
    for (index, megabytes) in [64, 256].enumerated() {
      kernels.append(
        kernel(
          "copy-\(megabytes)", .copy, .float32, .elements(megabytes << 18),
          KernelWork(bytes: megabytes << 21), isEssential: index == 1))
      kernels.append(
        kernel(
          "triad-\(megabytes)", .triad, .float32, .elements(megabytes << 18),
          KernelWork(operations: megabytes << 19, bytes: 3 * megabytes << 20),
          isEssential: index == 1))
    }
    for type in [NumberType.float32, .float16] {
      let extents = [
        (2048, 2048, 2048), (1024, 1024, 4096), (512, 512, 512), (384, 640, 1000), (256, 256, 8192),
        (1000, 999, 1002), (4096, 4096, 64), (64, 4096, 1024),
      ]
      for (index, (rows, columns, depth)) in extents.enumerated() {
        kernels.append(product(type, rows, columns, depth, isEssential: index < 3))
      }
    }
    let images = [
      (8, 56, 64, 64, 3, 1), (8, 28, 128, 256, 1, 1), (4, 56, 128, 128, 3, 2),
      (1, 14, 256, 512, 1, 1),
      (2, 112, 32, 64, 3, 2),
    ]
    for (index, (batch, size, inputs, outputs, taps, stride)) in images.enumerated() {
      let extents = ConvolutionExtents(
        batch: batch, size: size, inputChannels: inputs, outputChannels: outputs, kernel: taps,
        stride: stride, groups: 1)
      kernels.append(convolution(.convolution, extents, isEssential: index < 2))
    }
    // Results and their taps are told apart by kernels of two sizes.
    for (channels, size, taps) in [
      (64, 112, 3), (256, 28, 3), (512, 14, 3), (1024, 7, 3), (240, 28, 5), (960, 7, 5),
    ] {
      let extents = ConvolutionExtents(
        batch: 8, size: size, inputChannels: channels, outputChannels: channels, kernel: taps,
        stride: 1, groups: channels)
      kernels.append(convolution(.depthwiseConvolution, extents, isEssential: size == 112))
    }
    for count in [1 << 16, 1 << 22, 1 << 25] {
      kernels.append(
        kernel(
          "elementwise-\(count)", .elementwise, .float32, .elements(count),
          KernelWork(operations: count, bytes: 8 * count), isEssential: count == 1 << 25))
      let rows = count / 1024
      for kind in [KernelClass.softmax, .normalization, .reduction] {
        kernels.append(
          kernel(
            "\(kind.rawValue)-\(rows)", kind, .float32, .rows(rows, columns: 1024),
            KernelWork(operations: 3 * count, bytes: (kind == .reduction ? 4 : 8) * count),
            isEssential: count == 1 << 25 && kind == .softmax))
      }
    }
    return kernels
  }

  /// Enough for a table, and soon measured.
  static var few: [BenchmarkKernel] {
    let names = [
      "launch", "arithmetic", "copy-256", "triad-256", "gemm-float32-", "elementwise-33554432",
    ]
    return all.filter { kernel in names.contains { kernel.name.hasPrefix($0) } }
  }

  static func product(
    _ type: NumberType, _ rows: Int, _ columns: Int, _ depth: Int, isEssential: Bool = false
  ) -> BenchmarkKernel {
    kernel(
      "gemm-\(type.rawValue)-\(rows)x\(columns)x\(depth)", .gemm, type,
      .product(rows: rows, columns: columns, depth: depth),
      KernelWork(
        operations: 2 * rows * columns * depth,
        bytes: type.byteCount * (rows * depth + depth * columns + rows * columns)),
      isEssential: isEssential)
  }

  private static func convolution(
    _ kind: KernelClass, _ e: ConvolutionExtents, isEssential: Bool
  ) -> BenchmarkKernel {
    kernel(
      "\(kind.rawValue)-\(e.batch)x\(e.size)x\(e.inputChannels)x\(e.outputChannels)x\(e.kernel)s\(e.stride)",
      kind, .float32, .convolution(e),
      KernelWork(
        operations: 2 * e.macs, bytes: 4 * (e.inputCount + e.weightCount + e.outputCount)),
      isEssential: isEssential)
  }
}
