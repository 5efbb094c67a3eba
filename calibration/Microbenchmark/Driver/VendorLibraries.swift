import BenchmarkKernels

/// NVIDIA's libraries, on machines that have them.
struct VendorLibraries: ~Copyable {
  private let products: Products
  private let convolutions: Convolutions

  private enum Products: ~Copyable {
    case none
    case cuBLASLt(CUBLASLt)
  }

  private enum Convolutions: ~Copyable {
    case none
    case cuDNN(CUDNN)
  }

  /// Opens the first of each list that the machine has; a context must be current.
  init(products: [String], convolutions: [String]) {
    self.products = Self.firstProducts(products)
    self.convolutions = Self.firstConvolutions(convolutions)
  }

  private static func firstProducts(_ names: [String]) -> Products {
    for name in names {
      if let library = try? CUBLASLt(library: name) { return .cuBLASLt(library) }
    }
    return .none
  }

  private static func firstConvolutions(_ names: [String]) -> Convolutions {
    for name in names {
      if let library = try? CUDNN(library: name) { return .cuDNN(library) }
    }
    return .none
  }

  /// Who multiplies matrices; nil without a library.
  var productProvider: String? {
    switch products {
    case .none: nil
    case .cuBLASLt(let library): library.provider
    }
  }

  /// Who convolves; nil without a library.
  var convolutionProvider: String? {
    switch convolutions {
    case .none: nil
    case .cuDNN(let library): library.provider
    }
  }

  /// The library that does `call` on this board; nil where none does.
  func provider(of call: LibraryCall) -> String? {
    guard call.kernelClass == .gemm else {
      switch convolutions {
      case .none: return nil
      case .cuDNN(let library): return library.offers(call) ? library.provider : nil
      }
    }
    switch products {
    case .none: return nil
    case .cuBLASLt(let library): return library.offers(call) ? library.provider : nil
    }
  }

  func product(
    _ call: LibraryCall, on gpu: borrowing GPU, _ patterns: inout PatternCache
  ) throws(DriverFailure) -> PreparedProduct? {
    switch products {
    case .none: nil
    case .cuBLASLt(let library): try PreparedProduct(call, on: gpu, library, &patterns)
    }
  }

  func convolution(
    _ call: LibraryCall, on gpu: borrowing GPU, _ patterns: inout PatternCache
  ) throws(DriverFailure) -> PreparedConvolution? {
    switch convolutions {
    case .none: nil
    case .cuDNN(let library): try PreparedConvolution(call, on: gpu, library, &patterns)
    }
  }
}
