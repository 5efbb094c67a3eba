/// A kernel at one size: what to launch, what that does, and what must come out.
///
/// Launched again it does the same again: no kernel reads what it wrote.
package struct BenchmarkKernel: Checkable, Sendable {
  /// Unlike that of any other kernel and size, and the same on every board: `gemm-float16-4096x4096x4096`.
  package let name: String
  package let kernelClass: KernelClass
  /// The type of the operands.
  package let type: NumberType
  package let program: Program
  package let problem: Problem
  package let grid: Extent
  package let block: Extent
  /// What the entry point is called with, in order.
  package let arguments: [Argument]
  package let work: KernelWork
  package let check: Check
  /// Whether it belongs to the few that a quick measurement runs.
  package let isEssential: Bool

  /// Blocks, or threads of a block, along each axis.
  package struct Extent: Sendable, Hashable {
    package var x: Int
    package var y: Int
    package var z: Int

    package init(_ x: Int, _ y: Int = 1, _ z: Int = 1) {
      self.x = x
      self.y = y
      self.z = z
    }

    package var count: Int { x * y * z }
  }

  /// One parameter of the entry point.
  package enum Argument: Sendable {
    /// The address of a buffer, `.u64`.
    case buffer(Buffer)
    /// A `.u32`.
    case number(UInt32)
  }

  package init(
    name: String, _ kernelClass: KernelClass, _ type: NumberType, _ program: Program,
    _ problem: Problem, grid: Extent, arguments: [Argument], work: KernelWork, check: Check,
    isEssential: Bool = false
  ) {
    self.name = name
    self.kernelClass = kernelClass
    self.type = type
    self.program = program
    self.problem = problem
    self.grid = grid
    self.block = Extent(program.threads)
    self.arguments = arguments
    self.work = work
    self.check = check
    self.isEssential = isEssential
  }
}

/// PTX with one entry point, which kernels of several sizes share.
package struct Program: Sendable, Hashable {
  /// The entry point; no two programs have the same.
  package let entry: String
  package let target: Target
  /// The threads of a block, for which the text is written.
  package let threads: Int
  /// Ends with a line feed; C wants a zero byte behind it.
  package let text: String
}
