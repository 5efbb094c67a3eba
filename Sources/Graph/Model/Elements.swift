extension TensorInfo {
  /// The elements where they are known; those of a tensor that has none always are.
  package var elements: TensorValue? {
    if let value { return value }
    guard shape.count == 0 else { return nil }
    return type.isInteger ? .integers([]) : type.isFloatingPoint ? .reals([]) : nil
  }
}

extension TensorValue {
  /// Integers as a tensor of `type` holds them; nil where one is missing or has no such form.
  init?(_ numbers: [Int?], as type: ElementType) {
    if type.isInteger {
      let held = numbers.compactMap { $0.flatMap { type.wrapping($0) } }
      guard held.count == numbers.count else { return nil }
      self = .integers(held)
    } else {
      self.init(numbers.map { $0.map(Double.init) }, as: type)
    }
  }

  /// Real numbers as a tensor of `type` holds them; nil where one is missing or has no such form.
  init?(_ numbers: [Double?], as type: ElementType) {
    if type.isInteger {
      let held = numbers.compactMap { $0.flatMap { type.truncating($0) } }
      guard held.count == numbers.count else { return nil }
      self = .integers(held)
    } else {
      let held = numbers.compactMap { $0.flatMap { type.rounding($0) } }
      guard held.count == numbers.count else { return nil }
      self = .reals(held)
    }
  }

  /// `number` as the one element of a tensor of `type`.
  init?(_ number: Int, as type: ElementType) { self.init([number], as: type) }

  /// The same numbers in another type.
  func converted(to type: ElementType) -> TensorValue? {
    switch self {
    case .integers(let values): TensorValue(values.map(Optional.some), as: type)
    case .reals(let values): TensorValue(values.map(Optional.some), as: type)
    }
  }

  /// These elements and then those of `other`; nil where one are integers and the others are not.
  func joined(with other: TensorValue) -> TensorValue? {
    switch (self, other) {
    case (.integers(let a), .integers(let b)): .integers(a + b)
    case (.reals(let a), .reals(let b)): .reals(a + b)
    default: nil
    }
  }

  /// The elements of a tensor of `shape`, taken from here at the offset of each position.
  ///
  /// Nil where there are too many to follow, or where an offset is missing or out of bounds.
  func picking(_ shape: Shape, _ offset: ([Int]) -> Int?) -> TensorValue? {
    guard shape.isFollowed else { return nil }
    var offsets: [Int] = []
    offsets.reserveCapacity(shape.count)
    shape.forEachPosition { position in
      if let offset = offset(position), offset >= 0, offset < count { offsets.append(offset) }
    }
    return offsets.count == shape.count ? picking(offsets) : nil
  }

  /// The elements of a tensor of shape `old`, stretched to `new` by NumPy's broadcasting.
  func broadcast(from old: Shape, to new: Shape) -> TensorValue? {
    if old == new { return self }
    let strides = old.strides(broadcastTo: new)
    return picking(new) { $0.offset(strides) }
  }

  /// `operation` on the elements of the two, pairwise, as a tensor of `type` holds the results.
  func combined(with other: TensorValue, _ operation: Arithmetic, as type: ElementType)
    -> TensorValue?
  {
    switch (self, other) {
    case (.integers(let a), .integers(let b)):
      TensorValue(zip(a, b).map { operation.integers($0, $1) }, as: type)
    case (.reals(let a), .reals(let b)):
      TensorValue(zip(a, b).map { operation.reals($0, $1) }, as: type)
    default: nil
    }
  }

  /// The same with one element replaced by the one of `other`; nil where they are of different kinds.
  func replacing(_ index: Int, with other: TensorValue) -> TensorValue? {
    switch (self, other) {
    case (.integers(var values), .integers(let new)):
      values[index] = new[0]
      return .integers(values)
    case (.reals(var values), .reals(let new)):
      values[index] = new[0]
      return .reals(values)
    default: return nil
    }
  }

  /// All elements taken together from left to right, as one of a tensor of `type`; nil where there are none.
  func folded(_ operation: Arithmetic, as type: ElementType) -> TensorValue? {
    guard count > 0 else { return nil }
    return (1..<count).reduce(picking([0])) { result, index in
      result?.combined(with: picking([index]), operation, as: type)
    }
  }
}

extension Shape {
  /// Whether the elements of a tensor of this shape are few enough to be followed.
  var isFollowed: Bool { count <= TensorValue.maximumCount }

  /// How many elements apart the neighbours along each axis lie.
  var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in dims.indices.dropLast().reversed() {
      strides[axis] = saturatingProduct(strides[axis + 1], dims[axis + 1])
    }
    return strides
  }

  /// The strides along the axes of `other`, which this shape broadcasts to: 0 along the axes stretched.
  func strides(broadcastTo other: Shape) -> [Int] {
    [Int](repeating: 0, count: max(0, other.rank - rank))
      + zip(strides, dims).map { $1 == 1 ? 0 : $0 }
  }

  /// Calls `body` with the index along each axis of every element, in row-major order.
  func forEachPosition(_ body: ([Int]) -> Void) {
    guard count > 0 else { return }
    var position = [Int](repeating: 0, count: rank)
    for _ in 1..<count {
      body(position)
      for axis in dims.indices.reversed() {
        position[axis] += 1
        if position[axis] < dims[axis] { break }
        position[axis] = 0
      }
    }
    body(position)
  }
}

extension [Int] {
  /// The offset of the element at this position, of a tensor with these strides.
  ///
  /// Strides of a tensor without elements may be anything, so this wraps and whoever picks looks at the bounds.
  func offset(_ strides: [Int]) -> Int {
    zip(self, strides).reduce(0) { $0 &+ $1.0 &* $1.1 }
  }
}
