extension ONNXTextParser {
  /// Reads the elements of a tensor, `{1, 2}`, or where they lie, `["location": "weights.bin"]`.
  func literal(_ text: inout TextReader, _ name: String, _ type: DeclaredType?) throws(FormatError)
    -> Literal
  {
    _ = text.peek()
    let place = FormatError.Place.byte(text.offset)
    guard case .tensor(let element, let dims?) = type else {
      throw FormatError(
        "the elements of '\(name)' need the type of a tensor before them", at: place)
    }
    var tensor = TensorDraft()
    tensor.name = name
    tensor.type = element.rawValue
    for dim in dims {
      guard case .fixed(let extent) = dim else {
        throw FormatError("the extents of '\(name)' need to be numbers", at: place)
      }
      tensor.dims.append(extent)
    }
    let info = try tensor.info(at: place)
    switch text.peek() {
    case UInt8(ascii: "["):
      _ = try metadata(&text)
      tensor.isExternal = true
    // What ONNX's printer cannot print, it leaves out.
    case UInt8(ascii: "."): try text.expect("...")
    default:
      let (numbers, count) = try elements(&text, info)
      tensor.entryCount = count
      tensor.value = info.value(numbers)
      if count == info.shape.count { tensor.entryCount = info.type.entries(for: count) }
      guard count == 0 || tensor.entryCount <= info.type.entries(for: info.shape.count) else {
        throw FormatError(
          "tensor '\(name)' says \(info.shape.count) elements, but \(count) are there", at: place)
      }
    }
    return try tensor.finished(at: place)
  }

  /// Reads `{1, 2}`: how many elements there are, and those that are followed.
  private func elements(_ text: inout TextReader, _ info: TensorInfo) throws(FormatError)
    -> (numbers: [TextReader.Number], count: Int)
  {
    var numbers: [TextReader.Number] = []
    var count = 0
    try text.list("{", "}") { (text) throws(FormatError) in
      count += 1
      if info.type == .string {
        _ = try text.string()
      } else {
        let number = try text.number()
        if info.isFollowed { numbers.append(number) }
      }
    }
    return (numbers, count)
  }
}

extension TensorInfo {
  /// The elements that `numbers` stand for; integers are the bits of real numbers of half the width.
  fileprivate func value(_ numbers: [TextReader.Number]) -> TensorValue? {
    guard isFollowed, !numbers.isEmpty else { return nil }
    var ints: [Int] = []
    for case .int(let value) in numbers { ints.append(value) }
    let isInteger = ints.count == numbers.count
    if type.isInteger {
      guard isInteger else { return nil }
      if type.bitWidth < 8, ints.count == shape.count {
        return TensorValue(type, ints.map { UInt64(bitPattern: Int64($0)) })
      }
      return TensorValue(self, entries: ints)
    }
    if isInteger, type == .float16 || type == .bfloat16 { return TensorValue(self, entries: ints) }
    return .reals(numbers.map { type == .float32 ? Double(Float($0.real)) : $0.real })
  }
}

extension ElementType {
  /// How many entries the elements take where those of less than a byte share one.
  fileprivate func entries(for count: Int) -> Int {
    switch self {
    case .complex64, .complex128: 2 * count
    case .int4, .uint4, .float4e2m1: (count + 1) / 2
    case .int2, .uint2: (count + 3) / 4
    default: count
    }
  }
}
