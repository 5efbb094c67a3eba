/// What is known of a tensor before the model runs: its type, its shape, its value when that is small.
package struct TensorInfo: Hashable, Sendable {
  package var type: ElementType
  package var shape: Shape
  /// Whether `shape` or `value` is an upper bound or a guess, because the true one depends on data.
  package var isEstimated = false
  /// `choice`, small: above 0 for numbers of classes, below 0 for marks of them, 0 where there is none.
  private var classes: Int32 = 0
  /// The elements in row-major order, for the few small tensors that shapes are computed from.
  package var value: TensorValue?

  package init(_ type: ElementType, _ shape: Shape, value: TensorValue? = nil) {
    self.type = type
    self.shape = shape
    self.value = value.flatMap { $0.count == shape.count ? $0 : nil }
  }

  package init(_ type: ElementType, _ dims: [Int], value: TensorValue? = nil)
    throws(OperatorError)
  {
    self.init(type, try Shape(dims), value: value)
  }

  /// The choice among classes that the elements express; nil where none is known of, or there are too many classes.
  package var choice: Choice? {
    get {
      if classes == 0 { return nil }
      return classes > 0 ? .number(of: Int(classes)) : .mark(of: -Int(classes))
    }
    set {
      switch newValue {
      case .number(let count): classes = Int32(exactly: max(0, count)) ?? 0
      case .mark(let count): classes = -(Int32(exactly: max(0, count)) ?? 0)
      case nil: classes = 0
      }
    }
  }

  /// The bytes that the elements take.
  package var byteCount: Int { type.byteCount(shape.count) }
  package var rank: Int { shape.rank }
  package var dims: [Int] { shape.dims }
}

/// The elements of a small tensor, as far as shape arithmetic needs them.
package enum TensorValue: Hashable, Sendable {
  /// More elements than this are not followed: shapes are computed from a handful.
  package static let maximumCount = 1024

  /// Elements of an integer type; booleans are 0 and 1.
  case integers([Int])
  /// Elements of a floating-point type.
  case reals([Double])

  package var count: Int {
    switch self {
    case .integers(let values): values.count
    case .reals(let values): values.count
    }
  }

  package var integers: [Int]? {
    if case .integers(let values) = self { values } else { nil }
  }

  /// The elements as real numbers, whatever their type.
  package var reals: [Double] {
    switch self {
    case .integers(let values): values.map(Double.init)
    case .reals(let values): values
    }
  }

  /// The element at each of `indices`, which must be within bounds.
  package func picking(_ indices: [Int]) -> TensorValue {
    switch self {
    case .integers(let values): .integers(indices.map { values[$0] })
    case .reals(let values): .reals(indices.map { values[$0] })
    }
  }
}

/// What is known of a value that flows along an edge.
///
/// Most are tensors. A sequence whose length is known lists its elements.
package indirect enum ValueInfo: Hashable, Sendable {
  case tensor(TensorInfo)
  case sequence([TensorInfo])
  /// An optional that holds a value, or nothing.
  case optional(ValueInfo?)
  /// A map from keys to values, which only classical machine learning operators use.
  case map(key: ElementType, value: ElementType)

  package static func tensor(_ type: ElementType, _ shape: Shape, value: TensorValue? = nil)
    -> ValueInfo
  {
    .tensor(TensorInfo(type, shape, value: value))
  }

  package static func tensor(_ type: ElementType, _ dims: [Int], value: TensorValue? = nil)
    throws(OperatorError) -> ValueInfo
  {
    .tensor(try TensorInfo(type, dims, value: value))
  }

  package var tensor: TensorInfo? { if case .tensor(let info) = self { info } else { nil } }

  /// The bytes of everything held.
  package var byteCount: Int {
    switch self {
    case .tensor(let info): info.byteCount
    case .sequence(let elements):
      elements.reduce(0) { saturatingSum($0, $1.byteCount) }
    case .optional(let held): held?.byteCount ?? 0
    case .map: 0
    }
  }

  package var isEstimated: Bool {
    switch self {
    case .tensor(let info): info.isEstimated
    case .sequence(let elements): elements.contains { $0.isEstimated }
    case .optional(let held): held?.isEstimated ?? false
    case .map: true
    }
  }

  /// The same, marked as an upper bound.
  package var estimated: ValueInfo {
    switch self {
    case .tensor(var info):
      info.isEstimated = true
      return .tensor(info)
    case .sequence(let elements):
      return .sequence(
        elements.map { element in
          var element = element
          element.isEstimated = true
          return element
        })
    case .optional(let held): return .optional(held?.estimated)
    case .map: return self
    }
  }

  /// The same, of which only types and shapes are known.
  package var withoutValue: ValueInfo {
    switch self {
    case .tensor(var info):
      info.value = nil
      return .tensor(info)
    case .sequence(let elements):
      return .sequence(
        elements.map { element in
          var element = element
          element.value = nil
          return element
        })
    case .optional(let held): return .optional(held?.withoutValue)
    case .map: return self
    }
  }
}
