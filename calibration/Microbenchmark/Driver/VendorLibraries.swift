import BenchmarkKernels

/// NVIDIA's libraries, on machines that have them.
struct VendorLibraries: ~Copyable {
  private let products: Products
  private let convolutions: Convolutions
  /// Why a library is not used, as clauses.
  let absences: [String]

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
    var absences: [String] = []
    self.products = Self.firstProducts(products, &absences)
    self.convolutions = Self.firstConvolutions(convolutions, &absences)
    self.absences = absences
  }

  private static func firstProducts(_ names: [String], _ absences: inout [String]) -> Products {
    var failures: [DriverFailure] = []
    for name in names {
      do throws(DriverFailure) { return .cuBLASLt(try CUBLASLt(library: name)) } catch {
        failures.append(error)
      }
    }
    absences.append(absence(of: "cuBLASLt", failures))
    return .none
  }

  private static func firstConvolutions(_ names: [String], _ absences: inout [String])
    -> Convolutions
  {
    var failures: [DriverFailure] = []
    for name in names {
      do throws(DriverFailure) { return .cuDNN(try CUDNN(library: name)) } catch {
        failures.append(error)
      }
    }
    absences.append(absence(of: "cuDNN", failures))
    return .none
  }

  /// A library that is there and does not work says why; one that is not there is no news on most machines.
  private static func absence(of library: String, _ failures: [DriverFailure]) -> String {
    for failure in failures {
      switch failure {
      // The loader names what it did not find, which may be something that the library needs.
      case .notInstalled(let name, let reason) where !reason.hasPrefix("\(name):"):
        return "\(library) cannot be loaded: \(reason)"
      case .notInstalled: continue
      case .refused(let request, let reason): return "\(library) refused \(request): \(reason)"
      default: return "\(library): \(failure.description)"
      }
    }
    return "\(library) is not there; frameworks use it, so a table is better with it"
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
