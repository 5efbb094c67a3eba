/// What a vendor's library is asked to do, on what operands, and what must come out.
///
/// The operands are the first two arguments and the result is the third: for a product the left matrix, the right one as a linear layer's
/// weights lie, and the product; for a convolution what ``ConvolutionPass`` says.
package struct LibraryCall: Checkable, Sendable {
  /// Unlike that of any other call, and the same on every board.
  package let name: String
  package let kernelClass: KernelClass
  /// The type of the operands.
  package let type: NumberType
  package let problem: Problem
  package let layout: ImageLayout
  package let arguments: [BenchmarkKernel.Argument]
  package let work: KernelWork
  package let check: Check
  /// Whether its energy is measured.
  package let isEssential: Bool

  package init(
    name: String, _ kernelClass: KernelClass, _ type: NumberType, _ problem: Problem,
    _ layout: ImageLayout = .channelsLast, operands: (Buffer, Buffer), result: Buffer,
    work: KernelWork, check: Check, isEssential: Bool = false
  ) {
    self.name = name
    self.kernelClass = kernelClass
    self.type = type
    self.problem = problem
    self.layout = layout
    arguments = [.buffer(operands.0), .buffer(operands.1), .buffer(result)]
    self.work = work
    self.check = check
    self.isEssential = isEssential
  }

  /// Fewer where each element is the sum of many: a host takes a second for ten million multiply-accumulates.
  package var checkedCount: Int {
    let count = buffers.last?.buffer.count ?? 1
    return min(256, max(16, 1_000_000 / max(1, work.operations / 2 / max(1, count))))
  }

  /// A product that this project has a kernel for; nil for what is no product.
  package init?(_ kernel: BenchmarkKernel) {
    let buffers = kernel.buffers.map(\.buffer)
    guard kernel.kernelClass == .gemm, buffers.count == 3 else { return nil }
    self.init(
      name: kernel.name, .gemm, kernel.type, kernel.problem, operands: (buffers[0], buffers[1]),
      result: buffers[2], work: kernel.work, check: kernel.check, isEssential: kernel.isEssential)
  }
}

extension KernelList {
  /// What libraries are asked on `board`, where it has them.
  package static func libraryCalls(on board: BoardLimits) -> [LibraryCall] {
    (Gemm.kernels(on: board).compactMap(LibraryCall.init) + LibraryProduct.calls(on: board)
      + LibraryConvolution.calls(on: board))
      .filter { $0.memoryBytes <= board.memoryBytes / 2 }
  }
}
