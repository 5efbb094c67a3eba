extension Literal {
  /// Reads ONNX's `TensorProto`, stepping over weights.
  init(onnx wire: Wire) throws(FormatError) {
    let place = FormatError.Place.byte(wire.offset)
    var draft = TensorDraft()
    var fields = wire
    while let field = try fields.field() {
      switch field.number {
      case 1: try fields.ints(field, to: &draft.dims)
      case 2: draft.type = try fields.int(field)
      case 3:
        throw TensorDraft.segmented(at: .byte(field.offset))
      case 8: draft.name = try fields.string(field)
      case 14: draft.isExternal = try fields.int(field) == 1
      default: try fields.skip(field)
      }
    }
    try draft.readElements(wire, at: place)
    self = try draft.finished(at: place)
  }

  /// Reads ONNX's `SparseTensorProto`, of which the dense extent is kept.
  init(onnxSparse wire: Wire) throws(FormatError) {
    let place = FormatError.Place.byte(wire.offset)
    var draft = TensorDraft()
    var fields = wire
    while let field = try fields.field() {
      switch field.number {
      case 1:
        let values = try Literal(onnx: try fields.message(field))
        draft.name = values.name
        draft.type = values.info.type.rawValue
      case 3: try fields.ints(field, to: &draft.dims)
      default: try fields.skip(field)
      }
    }
    self = try draft.finished(at: place)
    isExternal = false
  }
}

extension TensorDraft {
  /// Reads the fields that hold elements, once it is known of which type and how many they are.
  fileprivate mutating func readElements(_ wire: Wire, at place: FormatError.Place)
    throws(FormatError)
  {
    let info = try info(at: place)
    var ints: [Int] = []
    var reals: [Double] = []
    var fields = wire
    while let field = try fields.field() {
      guard field.number == info.type.entryField else {
        if field.number == 9 {
          let raw = try fields.content(field)
          rawByteCount = raw.count
          value = TensorValue(info, raw: raw)
        } else {
          try fields.skip(field)
        }
        continue
      }
      var next = fields
      try next.skip(field)
      // Lists that are longer than the extents allow are stepped over like weights.
      let isRead = info.isFollowed && next.offset - fields.offset <= 10 * (info.shape.count + 1)
      switch (field.number, isRead) {
      case (4, true): try fields.floats(field, to: &reals)
      case (10, true): try fields.doubles(field, to: &reals)
      case (5, true), (7, true), (11, true): try fields.ints(field, to: &ints)
      default:
        if field.kind == .delimited && field.number != 6 {
          entryCount += try fields.content(field).count / (info.type.entryByteCount)
        } else {
          entryCount += 1
        }
      }
      fields = next
    }
    keep(ints, reals, info)
  }
}

extension ElementType {
  /// The field of `TensorProto` that lists elements of this type where they are not raw bytes.
  var entryField: Int {
    switch self {
    case .float32, .complex64: 4
    case .string: 6
    case .int64: 7
    case .float64, .complex128: 10
    case .uint32, .uint64: 11
    default: 5
    }
  }

  /// The fewest bytes that an entry of that list takes.
  fileprivate var entryByteCount: Int {
    switch entryField {
    case 4: 4
    case 10: 8
    default: 1
    }
  }
}
