import BenchmarkKernels
import Cost
import Graph

/// What was measured: a kernel of one size, and who made it.
struct Subject: Hashable {
  /// Unlike that of any other, the provider's included: `gemm-float16-4096x4096x4096`.
  var name: String
  var kernelClass: KernelClass
  var type: NumberType
  /// Who wrote the kernel: `nncost`, `cublaslt 12.4`, `cudnn 9.1`.
  var provider: String
  var problem: Problem
  var work: KernelWork

  /// The provider of this project's own kernels.
  static let ownProvider = "nncost"

  init(_ kernel: BenchmarkKernel) {
    name = kernel.name
    kernelClass = kernel.kernelClass
    type = kernel.type
    provider = Self.ownProvider
    problem = kernel.problem
    work = kernel.work
  }

  /// What a library of `provider`, its name and version, does.
  init(_ call: LibraryCall, by provider: String) {
    name = (provider.split(separator: " ").first.map { "\($0)-" } ?? "") + call.name
    kernelClass = call.kernelClass
    type = call.type
    self.provider = provider
    problem = call.problem
    work = call.work
  }

  init(
    name: String, _ kernelClass: KernelClass, _ type: NumberType, provider: String,
    _ problem: Problem, _ work: KernelWork
  ) {
    self.name = name
    self.kernelClass = kernelClass
    self.type = type
    self.provider = provider
    self.problem = problem
    self.work = work
  }

  /// The operation whose rate the kernel shows; nil for those that show a property of the board.
  var operation: Kernel.Operation? {
    switch kernelClass {
    case .inputGradient, .weightGradient: .convolution
    case .softmaxSweep: .softmax
    case .normalizationSweep: .normalization
    default: Kernel.Operation(rawValue: kernelClass.rawValue)
    }
  }

  /// Whether rows are read from memory for each step over them, as the equation of time has it.
  var sweepsRows: Bool { [.softmaxSweep, .normalizationSweep].contains(kernelClass) }

  /// `rate` as this kernel meets it: this project's softmax and normalisation read their rows once.
  func met(_ rate: Rate) -> Rate {
    var rate = rate
    if !sweepsRows { rate.rows = nil }
    return rate
  }

  /// What the products are for.
  var pass: Kernel.Pass {
    switch kernelClass {
    case .inputGradient: .inputGradient
    case .weightGradient: .weightGradient
    default: .forward
    }
  }

  /// What the arithmetic of networks is done in; nil where a table has no rate for it.
  var format: NumberFormat? {
    switch type {
    case .float32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .int8: .int8
    case .tensorFloat32: .tensorFloat32
    case .int32, .uint32: nil
    }
  }

  /// The kernel as the equations of time and energy take it; nil where they have no such operation or type.
  ///
  /// Launched again and again, a kernel finds everything in a cache of `cacheBytes` if all fits there; else nothing,
  /// since what goes through in a stream has been displaced before it comes again.
  func kernel(cacheBytes: Int) -> Kernel? {
    guard let operation, let format else { return nil }
    var contractions: [Contraction] = []
    var macs = 0
    var rowBytes = 0
    switch problem {
    case .none, .elements: break
    case .rows(_, let columns): rowBytes = saturatingProduct(columns, type.byteCount)
    case .product(let rows, let columns, let depth):
      contractions = [Contraction(rows: rows, columns: columns, depth: depth, type: format.storage)]
      macs = contractions.macs
    // A pooling has the extents of a convolution too, and multiplies nothing.
    case .convolution(let extents) where operation.hasProducts:
      contractions = [
        Contraction(
          .convolution(
            kernel: [extents.kernel, extents.kernel], strides: [extents.stride, extents.stride],
            positions: [extents.outputSize, extents.outputSize], groups: extents.groups),
          batch: extents.groups, rows: extents.positions,
          columns: extents.outputChannels / max(1, extents.groups), depth: extents.depth,
          type: format.storage)
      ]
      macs = contractions.macs
    case .convolution: break
    }
    switch pass {
    case .forward: break
    case .inputGradient: contractions = contractions.map(\.inputGradient)
    case .weightGradient: contractions = contractions.map(\.weightGradient)
    }
    let bytes = saturatingSum(work.bytes, work.cachedBytes)
    // What goes over its rows writes as much as it reads.
    let written = [.softmax, .normalization].contains(operation) ? bytes / 2 : 0
    // The products are counted as such; what is left are operations on elements.
    let elementwise =
      contractions.isEmpty ? saturatingSum(work.operations, work.transcendentals) : 0
    var kernel = Kernel(
      members: [], operation: operation, type: format,
      parts: [
        Work(
          macs: macs, elementwise: elementwise, bytesRead: bytes - written, bytesWritten: written)
      ],
      contractions: contractions,
      weightBytes: contractions.isEmpty && bytes > cacheBytes ? bytes : 0,
      rowBytes: rowBytes)
    kernel.pass = pass
    return kernel
  }
}
