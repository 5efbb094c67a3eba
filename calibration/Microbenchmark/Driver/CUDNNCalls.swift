import BenchmarkKernels

extension CUDNN {
  /// The functions that convolve, looked up once; they are valid while the library is loaded.
  @safe struct Calls {
    typealias Create = @convention(c) (Out) -> CInt
    /// A handle, descriptions of two operands, of the convolution and of the result, how many algorithms are wanted, how many
    /// there are, and those.
    typealias Heuristic =
      @convention(c) (
        Handle, Handle, Handle, Handle, Handle, CInt, UnsafeMutablePointer<CInt>,
        UnsafeMutableRawPointer
      ) -> CInt
    typealias WorkspaceSize =
      @convention(c) (
        Handle, Handle, Handle, Handle, Handle, CInt, UnsafeMutablePointer<Int>
      ) -> CInt
    /// A factor, two operands with their descriptions, the convolution's, the algorithm, memory for it, a factor, and the result.
    typealias Convolve =
      @convention(c) (
        Handle, UnsafeRawPointer, Handle, UInt64, Handle, UInt64, Handle, CInt, UInt64, Int,
        UnsafeRawPointer, Handle, UInt64
      ) -> CInt

    /// What differs from pass to pass.
    @safe struct Pass {
      let findAlgorithms: Heuristic
      let workspaceBytes: WorkspaceSize
      let convolve: Convolve
    }

    let setStream: @convention(c) (Handle, Handle) -> CInt
    let createTensor: Create
    /// Format, type, images, channels, rows, columns.
    let setTensor: @convention(c) (Handle, CInt, CInt, CInt, CInt, CInt, CInt) -> CInt
    let destroyTensor: Destroy
    let createFilter: Create
    /// Type, format, output channels, input channels of a group, rows, columns.
    let setFilter: @convention(c) (Handle, CInt, CInt, CInt, CInt, CInt, CInt) -> CInt
    let destroyFilter: Destroy
    let createConvolution: Create
    /// Padding, strides and dilations of rows and columns, mode, type of the sums.
    let setConvolution:
      @convention(c) (Handle, CInt, CInt, CInt, CInt, CInt, CInt, CInt, CInt) -> CInt
    let setGroups: @convention(c) (Handle, CInt) -> CInt
    let setMath: @convention(c) (Handle, CInt) -> CInt
    let destroyConvolution: Destroy
    private let forward: Pass
    private let inputGradient: Pass
    private let weightGradient: Pass

    init(_ library: borrowing DynamicLibrary) throws(DriverFailure) {
      unsafe setStream = try library.required("cudnnSetStream")
      unsafe createTensor = try library.required("cudnnCreateTensorDescriptor")
      unsafe setTensor = try library.required("cudnnSetTensor4dDescriptor")
      unsafe destroyTensor = try library.required("cudnnDestroyTensorDescriptor")
      unsafe createFilter = try library.required("cudnnCreateFilterDescriptor")
      unsafe setFilter = try library.required("cudnnSetFilter4dDescriptor")
      unsafe destroyFilter = try library.required("cudnnDestroyFilterDescriptor")
      unsafe createConvolution = try library.required("cudnnCreateConvolutionDescriptor")
      unsafe setConvolution = try library.required("cudnnSetConvolution2dDescriptor")
      unsafe setGroups = try library.required("cudnnSetConvolutionGroupCount")
      unsafe setMath = try library.required("cudnnSetConvolutionMathType")
      unsafe destroyConvolution = try library.required("cudnnDestroyConvolutionDescriptor")
      forward = try Self.pass("Forward", in: library)
      inputGradient = try Self.pass("BackwardData", in: library)
      weightGradient = try Self.pass("BackwardFilter", in: library)
    }

    func functions(of pass: ConvolutionPass) -> Pass {
      switch pass {
      case .forward: forward
      case .inputGradient: inputGradient
      case .weightGradient: weightGradient
      }
    }

    private static func pass(_ name: String, in library: borrowing DynamicLibrary)
      throws(DriverFailure) -> Pass
    {
      unsafe Pass(
        findAlgorithms: try library.required("cudnnGetConvolution\(name)Algorithm_v7"),
        workspaceBytes: try library.required("cudnnGetConvolution\(name)WorkspaceSize"),
        convolve: try library.required("cudnnConvolution\(name)"))
    }
  }
}
