/// The fields of ONNX's `TensorProto`, whose elements are kept only where they are few.
struct TensorDraft {
  var name = ""
  var dims: [Int] = []
  /// The element type as ONNX numbers it.
  var type = 0
  /// Whether the elements lie in another file.
  var isExternal = false
  /// The bytes of `raw_data`.
  var rawByteCount = 0
  /// The entries of the typed list that elements of this type go to, or more where they were not counted.
  var entryCount = 0
  var value: TensorValue?

  /// Throws where there is no such element type, or where the extents are impossible.
  func info(at place: FormatError.Place) throws(FormatError) -> TensorInfo {
    guard let type = ElementType(rawValue: type) else {
      throw FormatError(
        "\(title) has elements of type \(type), which ONNX does not have", at: place)
    }
    guard let shape = try? Shape(dims) else {
      throw FormatError("\(title) has the impossible extents \(dims)", at: place)
    }
    return TensorInfo(type, shape)
  }

  /// The tensor, or an error where the file holds some of its elements but not all.
  ///
  /// One that holds none is as good as any other: models are passed around without their weights.
  func finished(at place: FormatError.Place) throws(FormatError) -> Literal {
    var info = try info(at: place)
    let count = info.shape.count
    if count == 0, info.isFollowed { info.value = info.type.isInteger ? .integers([]) : .reals([]) }
    guard !isExternal, rawByteCount > 0 || entryCount > 0 else {
      return Literal(name: name, info, isExternal: count > 0)
    }
    let held =
      rawByteCount > 0
      ? rawByteCount * 8 / info.type.bitWidth : entryCount * info.type.elementsPerTwoEntries / 2
    guard held >= count || info.type == .string && rawByteCount > 0 else {
      throw FormatError("\(title) says \(count) elements, but \(held) are there", at: place)
    }
    if let value, value.count == count { info.value = value }
    return Literal(name: name, info)
  }

  /// Keeps the elements that a typed list holds, unless there are raw bytes as well.
  mutating func keep(_ ints: [Int], _ reals: [Double], _ info: TensorInfo) {
    entryCount += ints.count + reals.count
    guard info.isFollowed, rawByteCount == 0, entryCount > 0 else { return }
    value =
      info.type.isInteger || reals.isEmpty
      ? TensorValue(info, entries: ints) : .reals(Array(reals.prefix(info.shape.count)))
  }

  static func segmented(at place: FormatError.Place) -> FormatError {
    FormatError(
      "a tensor is stored in segments, which nothing reads; save the model again with whole "
        + "tensors", at: place)
  }

  private var title: String { name.isEmpty ? "a tensor" : "tensor '\(name)'" }
}

extension TensorInfo {
  /// Whether the elements are few enough to be kept: shapes and the work of operators may depend on them.
  var isFollowed: Bool {
    switch type {
    // More real numbers than this are weights.
    case .float32, .float64, .float16, .bfloat16: shape.count <= 64
    default: type.isInteger && shape.count <= TensorValue.maximumCount
    }
  }
}

extension ElementType {
  /// How many elements two entries of a typed list hold, such as `int32_data`.
  fileprivate var elementsPerTwoEntries: Int {
    switch self {
    case .complex64, .complex128: 1
    case .int4, .uint4, .float4e2m1: 4
    case .int2, .uint2: 8
    default: 2
    }
  }
}
