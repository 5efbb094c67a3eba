import BenchmarkKernels

/// A matrix product that cuBLASLt does, with its operands on the board.
///
/// Rows of `result[r, c] = Σ left[r, k] · right[c, k]` are columns to the library, so it multiplies the transposed
/// right matrix by the left one, and finds all three as they lie.
@safe struct PreparedProduct: ~Copyable, CheckedLoad {
  /// The types of operands, sums, scale factors and results, as the library numbers them.
  private struct Types {
    let operand: CInt
    let sum: CInt
    let scale: CInt
    let result: CInt

    init?(_ type: NumberType) {
      switch type {
      case .float32: (operand, sum, scale, result) = (0, 68, 0, 0)
      case .tensorFloat32: (operand, sum, scale, result) = (0, 77, 0, 0)
      case .float16: (operand, sum, scale, result) = (2, 68, 0, 2)
      case .bfloat16: (operand, sum, scale, result) = (14, 68, 0, 14)
      case .int8: (operand, sum, scale, result) = (3, 72, 10, 10)
      case .int32, .uint32: return nil
      }
    }
  }

  private static let workspaceBytes = 32 << 20
  /// A `cublasLtMatmulHeuristicResult_t`: eight words of algorithm, bytes of workspace, a status, and what is not needed.
  private static let resultWords = 12

  private let stream: CUDACalls.Handle
  private let handle: CUBLASLt.Handle
  private let multiply: CUBLASLt.Multiply
  private let resources: Resources
  private let memory: GPUMemory
  private let left: UInt64
  private let right: UInt64
  private let result: UInt64
  private let workspace: UInt64
  /// The algorithm's words, 1 and 0 as the scale factors' type has them.
  private let algorithm: UnsafeMutablePointer<UInt64>
  private let factors: UnsafeMutablePointer<UInt32>

  /// Nil where the library has no product of that kind or size.
  init?(
    _ call: LibraryCall, on gpu: borrowing GPU, _ library: borrowing CUBLASLt,
    _ patterns: inout PatternCache
  ) throws(DriverFailure) {
    guard let types = Types(call.type), let resources = try Resources(call, library),
      let found = try resources.algorithm(call.name, library)
    else { return nil }
    var memory = GPUMemory(on: gpu)
    for (_, buffer) in call.buffers {
      let address = try memory.allocate(buffer.byteCount)
      try memory.fill(address, buffer.byteCount, with: patterns.bytes(of: buffer))
    }
    let workspace = try memory.allocate(Self.workspaceBytes)

    unsafe stream = gpu.stream
    unsafe handle = library.handle
    unsafe multiply = library.multiply
    self.resources = resources
    (left, right, result) = (memory.addresses[0], memory.addresses[1], memory.addresses[2])
    self.workspace = workspace
    self.memory = memory
    unsafe algorithm = .allocate(capacity: 8)
    for index in 0..<8 { unsafe (algorithm + index).initialize(to: found[index]) }
    unsafe factors = .allocate(capacity: 2)
    unsafe factors.initialize(to: types.scale == 0 ? Float(1).bitPattern : 1)
    unsafe (factors + 1).initialize(to: 0)
  }

  deinit {
    unsafe algorithm.deallocate()
    unsafe factors.deallocate()
  }

  func launch() throws(DriverFailure) {
    let code = unsafe multiply(
      handle, resources.description, factors, right, resources.right, left, resources.left,
      factors + 1, result, resources.result, result, resources.result, algorithm, workspace,
      Self.workspaceBytes, stream)
    try CUBLASLt.check("to multiply", code)
  }

  func resultBytes(_ range: Range<Int>) throws(DriverFailure) -> [UInt8] {
    try memory.bytes(at: result + UInt64(range.lowerBound), count: range.count)
  }

  /// What describes the product to the library, freed when the value goes away.
  @safe fileprivate struct Resources: ~Copyable {
    let description: CUBLASLt.Handle
    let right: CUBLASLt.Handle
    let left: CUBLASLt.Handle
    let result: CUBLASLt.Handle
    let preference: CUBLASLt.Handle
    private let destroyDescription: CUBLASLt.Destroy
    private let destroyLayout: CUBLASLt.Destroy
    private let destroyPreference: CUBLASLt.Destroy

    /// Nil for what is no product, or of a type that the library does not have.
    init?(_ call: LibraryCall, _ library: borrowing CUBLASLt) throws(DriverFailure) {
      guard case .product(let height, let width, let length) = call.problem,
        let types = Types(call.type), call.buffers.count == 3
      else { return nil }
      let (rows, columns, depth) = (UInt64(height), UInt64(width), UInt64(length))
      var made: [CUBLASLt.Handle?] = unsafe [nil, nil, nil, nil, nil]
      var codes: [CInt] = []
      codes.append(unsafe library.createDescription(&made[0], types.sum, types.scale))
      codes.append(
        unsafe library.createLayout(&made[1], types.operand, depth, columns, Int64(depth)))
      codes.append(
        unsafe library.createLayout(&made[2], types.operand, depth, rows, Int64(depth)))
      codes.append(
        unsafe library.createLayout(&made[3], types.result, columns, rows, Int64(columns)))
      codes.append(unsafe library.createPreference(&made[4]))
      if let description = unsafe made[0], let preference = unsafe made[4] {
        // Attribute 3 says whether the first matrix is transposed, and 1 how much memory an algorithm may take.
        var transposed: CInt = 1
        var bytes = UInt64(PreparedProduct.workspaceBytes)
        codes.append(unsafe library.setDescription(description, 3, &transposed, 4))
        codes.append(unsafe library.setPreference(preference, 1, &bytes, 8))
      }
      guard let description = unsafe made[0], let right = unsafe made[1],
        let left = unsafe made[2], let result = unsafe made[3], let preference = unsafe made[4],
        codes.allSatisfy({ $0 == 0 })
      else {
        if let made = unsafe made[0] { _ = unsafe library.destroyDescription(made) }
        for index in 1...3 {
          if let made = unsafe made[index] { _ = unsafe library.destroyLayout(made) }
        }
        if let made = unsafe made[4] { _ = unsafe library.destroyPreference(made) }
        let failed = CUBLASLt.Status(rawValue: codes.first { $0 != 0 } ?? 1)
        throw .refused("to describe a product", reason: failed.description)
      }
      unsafe self.description = description
      unsafe self.right = right
      unsafe self.left = left
      unsafe self.result = result
      unsafe self.preference = preference
      unsafe destroyDescription = library.destroyDescription
      unsafe destroyLayout = library.destroyLayout
      unsafe destroyPreference = library.destroyPreference
    }

    /// How the library does the product, in eight words; nil where it has none of that kind or size.
    func algorithm(_ name: String, _ library: borrowing CUBLASLt) throws(DriverFailure)
      -> [UInt64]?
    {
      var found = [UInt64](repeating: 0, count: PreparedProduct.resultWords)
      var count: CInt = 0
      let code = unsafe library.findAlgorithms(
        library.handle, description, right, left, result, result, preference, 1, &found, &count)
      // A kind of product that the library lacks is no failure.
      guard code != 15, code != 7, code != 8 else { return nil }
      try CUBLASLt.check("an algorithm for \(name)", code)
      return count > 0 ? found : nil
    }

    deinit {
      _ = unsafe destroyPreference(preference)
      _ = unsafe destroyLayout(result)
      _ = unsafe destroyLayout(left)
      _ = unsafe destroyLayout(right)
      _ = unsafe destroyDescription(description)
    }
  }
}

extension CUBLASLt {
  /// Whether the library does `call` on this board.
  func offers(_ call: LibraryCall) -> Bool {
    guard let resources = try? PreparedProduct.Resources(call, self) else { return false }
    return (try? resources.algorithm(call.name, self)) != nil
  }
}
