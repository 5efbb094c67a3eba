extension Literal {
  /// Reads ONNX's `TensorProto`, stepping over weights.
  init(json reader: inout JSONReader) throws(FormatError) {
    let place = FormatError.Place.byte(reader.offset)
    var draft = TensorDraft()
    var lists: [ElementList] = []
    var raw: Int?
    try reader.message { (field, reader) throws(FormatError) in
      switch field {
      case "dims":
        try reader.array { (reader) throws(FormatError) in draft.dims.append(try reader.int()) }
      case "dataType": draft.type = try reader.int()
      case "name": draft.name = try reader.string()
      case "dataLocation":
        draft.isExternal = try reader.number { ["DEFAULT", "EXTERNAL"].firstIndex(of: $0) } == 1
      case "segment": throw TensorDraft.segmented(at: .byte(reader.offset))
      case "rawData":
        raw = reader.offset
        draft.rawByteCount = try reader.byteCount()
      default:
        if let list = try ElementList.skip(field, &reader) {
          lists.append(list)
        } else {
          try reader.skip()
        }
      }
    }
    let info = try draft.info(at: place)
    if let raw, info.isFollowed, draft.rawByteCount <= 16 * TensorValue.maximumCount {
      var elements = reader.at(raw)
      let bytes = try elements.bytes()
      draft.value = TensorValue(info, raw: bytes.span)
    }
    for list in lists where list.number == info.type.entryField {
      var elements = reader.at(list.offset)
      try draft.readEntries(list, info, &elements)
    }
    self = try draft.finished(at: place)
  }

  /// Reads ONNX's `SparseTensorProto`, of which the dense extent is kept.
  init(jsonSparse reader: inout JSONReader) throws(FormatError) {
    let place = FormatError.Place.byte(reader.offset)
    var draft = TensorDraft()
    try reader.message { (field, reader) throws(FormatError) in
      switch field {
      case "values":
        let values = try Literal(json: &reader)
        draft.name = values.name
        draft.type = values.info.type.rawValue
      case "dims":
        try reader.array { (reader) throws(FormatError) in draft.dims.append(try reader.int()) }
      default: try reader.skip()
      }
    }
    self = try draft.finished(at: place)
    isExternal = false
  }
}

/// One of the typed lists of `TensorProto`, which is read once it is known which of them counts.
private struct ElementList {
  /// The number of the field.
  let number: Int
  let offset: Int
  let count: Int

  private static let numbers = [
    "floatData": 4, "int32Data": 5, "stringData": 6, "int64Data": 7, "doubleData": 10,
    "uint64Data": 11,
  ]

  /// Steps over the list called `field`; nil where there is none of that name.
  static func skip(_ field: String, _ reader: inout JSONReader) throws(FormatError) -> ElementList?
  {
    guard let number = numbers[field] else { return nil }
    let offset = reader.offset
    var count = 0
    try reader.array { (reader) throws(FormatError) in
      count += 1
      try reader.skip()
    }
    return ElementList(number: number, offset: offset, count: count)
  }
}

extension TensorDraft {
  fileprivate mutating func readEntries(
    _ list: ElementList, _ info: TensorInfo, _ reader: inout JSONReader
  ) throws(FormatError) {
    guard list.number != 6, info.isFollowed, list.count <= 10 * (info.shape.count + 1) else {
      entryCount += list.count
      return
    }
    var ints: [Int] = []
    var reals: [Double] = []
    try reader.array { (reader) throws(FormatError) in
      switch list.number {
      case 4: reals.append(try reader.float())
      case 10: reals.append(try reader.real())
      default: ints.append(try reader.int())
      }
    }
    keep(ints, reals, info)
  }
}
