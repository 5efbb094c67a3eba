import BenchmarkKernels

/// What describes a convolution to cuDNN, freed when the value goes away.
@safe struct ConvolutionDescription: ~Copyable {
  private let images: CUDNN.Handle
  private let weights: CUDNN.Handle
  private let outputs: CUDNN.Handle
  private let convolution: CUDNN.Handle
  private let destroyTensor: CUDNN.Destroy
  private let destroyFilter: CUDNN.Destroy
  private let destroyConvolution: CUDNN.Destroy
  private let pass: ConvolutionPass
  /// The factor's and the results' types differ from the operands' for whole numbers only.
  private let functions: CUDNN.Calls.Pass
  private let handle: CUDNN.Handle
  private let isExact: Bool
  private let setMath: @convention(c) (CUDNN.Handle, CInt) -> CInt

  /// How the library does the convolution.
  struct Algorithm {
    let number: CInt
    let workspaceBytes: Int
  }

  /// Types of operands, sums and results, and the kind of arithmetic, as the library numbers them.
  private struct Types {
    let operand: CInt
    let sum: CInt
    let result: CInt
    let math: CInt

    init?(_ type: NumberType, majorVersion: Int) {
      switch type {
      // Version 8 and later do 32 bits in tensor cores unless told not to.
      case .float32: (operand, sum, result, math) = (0, 0, 0, majorVersion >= 8 ? 3 : 0)
      // Version 8 is the first that has it, and does it in what the framework takes for 32 bits.
      case .tensorFloat32 where majorVersion >= 8: (operand, sum, result, math) = (0, 0, 0, 0)
      case .float16: (operand, sum, result, math) = (2, 0, 2, 1)
      case .bfloat16: (operand, sum, result, math) = (9, 0, 9, 1)
      case .int8: (operand, sum, result, math) = (3, 4, 0, 1)
      case .tensorFloat32, .int32, .uint32: return nil
      }
    }
  }

  /// Nil for what is no convolution, or of a type that the library does not have.
  init?(_ call: LibraryCall, _ library: borrowing CUDNN) throws(DriverFailure) {
    guard case .convolution(let extents) = call.problem, let pass = call.pass,
      let types = Types(call.type, majorVersion: library.majorVersion)
    else { return nil }
    func number(_ count: Int) -> CInt { CInt(clamping: count) }
    var made: [CUDNN.Handle?] = unsafe [nil, nil, nil, nil]
    var codes = [
      unsafe library.calls.createTensor(&made[0]), unsafe library.calls.createFilter(&made[1]),
      unsafe library.calls.createTensor(&made[2]), unsafe library.calls.createConvolution(&made[3]),
    ]
    let format: CInt = call.layout == .channelsFirst ? 0 : 1
    if let images = unsafe made[0], let weights = unsafe made[1], let outputs = unsafe made[2],
      let convolution = unsafe made[3]
    {
      let (size, kernel, outputSize) = (
        number(extents.size), number(extents.kernel), number(extents.outputSize)
      )
      let (padding, stride) = (number(extents.padding), number(extents.stride))
      codes += unsafe [
        library.calls.setTensor(
          images, format, types.operand, number(extents.batch), number(extents.inputChannels), size,
          size),
        library.calls.setFilter(
          weights, types.operand, format, number(extents.outputChannels),
          number(extents.inputChannels / extents.groups), kernel, kernel),
        library.calls.setTensor(
          outputs, format, types.result, number(extents.batch), number(extents.outputChannels),
          outputSize, outputSize),
        // Networks correlate: mode 1.
        library.calls.setConvolution(
          convolution, padding, padding, stride, stride, 1, 1, 1, types.sum),
        library.calls.setGroups(convolution, number(extents.groups)),
        library.calls.setMath(convolution, types.math),
      ]
    }
    guard let images = unsafe made[0], let weights = unsafe made[1], let outputs = unsafe made[2],
      let convolution = unsafe made[3], codes.allSatisfy({ $0 == 0 })
    else {
      if let made = unsafe made[0] { _ = unsafe library.calls.destroyTensor(made) }
      if let made = unsafe made[1] { _ = unsafe library.calls.destroyFilter(made) }
      if let made = unsafe made[2] { _ = unsafe library.calls.destroyTensor(made) }
      if let made = unsafe made[3] { _ = unsafe library.calls.destroyConvolution(made) }
      let failed = CUDNN.Status(rawValue: codes.first { $0 != 0 } ?? 1)
      // A kind of convolution that the library lacks is no failure.
      if failed.isMissing { return nil }
      throw .refused("to describe \(call.name)", reason: failed.description)
    }
    unsafe self.images = images
    unsafe self.weights = weights
    unsafe self.outputs = outputs
    unsafe self.convolution = convolution
    unsafe destroyTensor = library.calls.destroyTensor
    unsafe destroyFilter = library.calls.destroyFilter
    unsafe destroyConvolution = library.calls.destroyConvolution
    self.pass = pass
    functions = library.calls.functions(of: pass)
    unsafe handle = library.handle
    isExact = types.math == 3
    unsafe setMath = library.calls.setMath
  }

  deinit {
    _ = unsafe destroyConvolution(convolution)
    _ = unsafe destroyTensor(outputs)
    _ = unsafe destroyFilter(weights)
    _ = unsafe destroyTensor(images)
  }

  /// Two operands and the result, in the order in which the library takes them.
  private var parts: (first: CUDNN.Handle, second: CUDNN.Handle, result: CUDNN.Handle) {
    switch pass {
    case .forward: unsafe (images, weights, outputs)
    case .inputGradient: unsafe (weights, outputs, images)
    case .weightGradient: unsafe (images, outputs, weights)
    }
  }

  /// The algorithm that the library takes to be the fastest of those that work in `workspaceLimit` bytes; nil where there is none.
  ///
  /// Frameworks choose in the same way unless they are told to try.
  func algorithm(_ name: String, workspaceLimit: Int) throws(DriverFailure) -> Algorithm? {
    // A cudnnConvolutionFwdAlgoPerf_t, and its like for the gradients: algorithm and status, milliseconds, bytes, determinism and
    // arithmetic, three words for later and one to fill up.
    let words = 6
    let wanted = 8
    var found = [UInt64](repeating: 0, count: words * wanted)
    var count: CInt = 0
    let parts = unsafe parts
    let code = unsafe functions.findAlgorithms(
      handle, parts.first, parts.second, convolution, parts.result, CInt(wanted), &count, &found)
    if CUDNN.Status(rawValue: code).isMissing { return nil }
    try CUDNN.check("an algorithm for \(name)", code)
    for index in 0..<min(wanted, max(0, Int(count))) {
      let first = found[index * words]
      guard first >> 32 == 0, found[index * words + 2] <= UInt64(workspaceLimit) else { continue }
      let number = CInt(truncatingIfNeeded: first)
      // Of 16 bits and fewer it says what arithmetic it chose; 32 bits stay what they are.
      if !isExact {
        let math = CInt(truncatingIfNeeded: found[index * words + 3] >> 32)
        try CUDNN.check("the arithmetic of \(name)", unsafe setMath(convolution, math))
      }
      var bytes = 0
      let code = unsafe functions.workspaceBytes(
        handle, parts.first, parts.second, convolution, parts.result, number, &bytes)
      guard code == 0, bytes <= workspaceLimit else { continue }
      return Algorithm(number: number, workspaceBytes: max(0, bytes))
    }
    return nil
  }

  /// Puts the convolution into the queue; addresses are in the order of the call's arguments.
  func convolve(
    _ algorithm: Algorithm, _ addresses: (UInt64, UInt64, result: UInt64), workspace: UInt64,
    factors: UnsafePointer<Float>
  ) throws(DriverFailure) {
    let parts = unsafe parts
    let (first, second) =
      pass == .inputGradient ? (addresses.1, addresses.0) : (addresses.0, addresses.1)
    let code = unsafe functions.convolve(
      handle, factors, parts.first, first, parts.second, second, convolution, algorithm.number,
      workspace, algorithm.workspaceBytes, factors + 1, parts.result, addresses.result)
    try CUDNN.check("to convolve", code)
  }
}

extension LibraryCall {
  /// Which of its tensors a convolution is asked for; nil for what is none.
  fileprivate var pass: ConvolutionPass? {
    switch kernelClass {
    case .convolution, .depthwiseConvolution, .groupedConvolution: .forward
    case .inputGradient: .inputGradient
    case .weightGradient: .weightGradient
    default: nil
    }
  }
}
