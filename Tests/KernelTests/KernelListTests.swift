import Foundation
import Testing

@testable import BenchmarkKernels

/// What holds of every kernel, at the sizes that are measured.
@Suite struct KernelListTests {
  static let boards: [BoardLimits] = [
    BoardLimits(target: .sm70, multiprocessors: 80, cacheBytes: 6 << 20, memoryBytes: 16 << 30),
    .t4, .a100,
    BoardLimits(target: .sm80, multiprocessors: 132, cacheBytes: 50 << 20, memoryBytes: 80 << 30),
  ]

  /// An L4, a GeForce RTX 4090 and an RTX 4060, which have large caches, the last one with little memory behind it.
  private static let cached: [BoardLimits] = [
    BoardLimits(target: .sm80, multiprocessors: 58, cacheBytes: 48 << 20, memoryBytes: 22 << 30),
    BoardLimits(target: .sm80, multiprocessors: 128, cacheBytes: 72 << 20, memoryBytes: 23 << 30),
    BoardLimits(target: .sm80, multiprocessors: 24, cacheBytes: 24 << 20, memoryBytes: 7 << 30),
  ]

  @Test(arguments: boards + cached)
  func `what measures memory is many times what the cache holds`(board: BoardLimits) {
    let kernels = KernelList.kernels(on: board)
    for kind in [
      KernelClass.copy, .triad, .gather, .elementwise, .softmax, .normalization, .reduction,
      .pooling, .movement,
    ] {
      let powered = kernels.filter { $0.kernelClass == kind && $0.isEssential }
      #expect(!powered.isEmpty)
      // A T4's gather reads 64 MiB and writes as much, out of 256 MiB.
      for kernel in powered {
        #expect(kernel.memoryBytes > 5 * board.cacheBytes, "\(kernel.name)")
      }
    }
  }

  @Test(arguments: boards + cached)
  func `a powered product has a tile for each multiprocessor`(board: BoardLimits) {
    let products = KernelList.kernels(on: board).filter {
      [.gemm, .convolution].contains($0.kernelClass) && $0.isEssential
    }
    #expect(!products.isEmpty)
    for product in products {
      #expect(product.grid.count >= board.multiprocessors, "\(product.name)")
    }
  }

  @Test func `a T4 is measured at the sizes that its samples are known by`() {
    #expect(BoardLimits.t4.memoryScale == 1)
    #expect(BoardLimits.t4.computeScale == 1)
    #expect(Self.cached.map(\.memoryScale) == [8, 8, 4])
    #expect((Self.boards + Self.cached).map(\.computeScale) == [2, 1, 4, 4, 2, 4, 1])
  }

  @Test func `every file with a family is in the list`() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../calibration/Kernels/Families").standardized
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) }
    #expect(files.sorted() == KernelList.families.map { "\($0)" }.sorted())
  }

  @Test func `every class has an essential kernel`() {
    let essential = KernelList.kernels(on: .t4).filter(\.isEssential)
    // Gradients are what libraries are asked for; of sweeps the time is enough.
    #expect(
      Set(essential.map(\.kernelClass))
        == Set(KernelClass.allCases).subtracting([
          .inputGradient, .weightGradient, .softmaxSweep, .normalizationSweep,
        ]))
  }

  @Test(arguments: boards)
  func `names and geometries are sound`(board: BoardLimits) {
    let kernels = KernelList.kernels(on: board)
    #expect(Set(kernels.map(\.name)).count == kernels.count)
    for kernel in kernels {
      #expect(kernel.program.target <= board.target)
      // The limits of every generation, from the CUDA programming guide's table of compute capabilities.
      #expect((1...Int(Int32.max)).contains(kernel.grid.x), "\(kernel.name)")
      #expect((1...65535).contains(kernel.grid.y), "\(kernel.name)")
      #expect((1...65535).contains(kernel.grid.z), "\(kernel.name)")
      #expect((1...1024).contains(kernel.block.count) && kernel.block.count % 32 == 0)
      guard case .buffer(let result) = kernel.arguments[kernel.check.result] else {
        Issue.record("\(kernel.name): the result is no buffer")
        continue
      }
      #expect(result.contents == .result)
      #expect(kernel.buffers.count { $0.buffer.contents == .result } == 1)
      // Byte offsets within a vector, and numbers of vectors, are counted in 32 bits.
      for (_, buffer) in kernel.buffers { #expect(buffer.byteCount / 16 < 1 << 32) }
    }
  }

  @Test(arguments: boards)
  func `compulsory bytes are those of the buffers`(board: BoardLimits) {
    let partial: Set<KernelClass> = [
      // The table of a gather is larger than what is fetched; the others work from registers.
      .gather, .launch, .arithmetic, .transcendental, .sharedMemory, .cacheRead,
    ]
    for kernel in KernelList.kernels(on: board) where !partial.contains(kernel.kernelClass) {
      #expect(kernel.work.bytes == kernel.memoryBytes, "\(kernel.name)")
    }
  }

  @Test func `a board with little memory gets the small kernels`() {
    var board = BoardLimits.t4
    board.memoryBytes = 256 << 20
    let kernels = KernelList.kernels(on: board)
    #expect(!kernels.isEmpty)
    #expect(kernels.allSatisfy { $0.memoryBytes <= 128 << 20 })
  }

  @Test func `every text is well formed and no entry point has two texts`() throws {
    var texts: [String: String] = [:]
    for program in KernelList.programs() {
      let assembly = try Assembly(program.text)
      #expect(assembly.entry == program.entry)
      #expect(assembly.target == program.target.name)
      #expect(assembly.threads == program.threads)
      let key = "\(program.entry) \(program.target)"
      #expect(texts.updateValue(program.text, forKey: key) == nil, "\(key) twice")
    }
    for board in Self.boards {
      for kernel in KernelList.kernels(on: board) {
        #expect(texts["\(kernel.program.entry) \(kernel.program.target)"] == kernel.program.text)
        let assembly = try Assembly(kernel.program.text)
        let kinds = kernel.arguments.map { argument in
          if case .buffer = argument { ".u64" } else { ".u32" }
        }
        #expect(assembly.parameters == kinds, "\(kernel.name)")
      }
    }
  }

  @Test func `a board runs the latest generation that is not newer than it`() {
    #expect(Target.latest(major: 6, minor: 1) == nil)
    #expect(Target.latest(major: 7, minor: 0) == .sm70)
    #expect(Target.latest(major: 7, minor: 2) == .sm70)
    #expect(Target.latest(major: 7, minor: 5) == .sm75)
    #expect(Target.latest(major: 8, minor: 9) == .sm80)
    #expect(Target.latest(major: 12, minor: 0) == .sm80)
  }
}
