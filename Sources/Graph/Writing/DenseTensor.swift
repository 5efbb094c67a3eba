/// A constant with all its elements, as recipes compute with it: in double precision, in row-major order.
struct DenseTensor: Sendable, Equatable {
  var dims: [Int]
  var elements: [Double]

  /// More elements than this are not held in memory.
  static let maximumCount = 1 << 28
  /// More elements than this are not made where no weights in the file bear them out.
  private static let largestMade = 1 << 24

  /// Nil where extents and elements do not go together.
  init?(_ dims: [Int], _ elements: [Double]) {
    guard Self.count(dims) == elements.count else { return nil }
    self.dims = dims
    self.elements = elements
  }

  /// The elements of a tensor of these extents that are made by `element` from the index along each axis.
  private init?(_ dims: [Int], _ element: ([Int]) -> Double) {
    guard let count = Self.count(dims), let shape = try? Shape(dims) else { return nil }
    var elements: [Double] = []
    elements.reserveCapacity(count)
    shape.forEachPosition { elements.append(element($0)) }
    self.init(dims, elements)
  }

  /// The number of elements; nil where there is none or it is too large.
  private static func count(_ dims: [Int]) -> Int? {
    guard let shape = try? Shape(dims), shape.count <= maximumCount else { return nil }
    return shape.count
  }

  private var strides: [Int] { (try? Shape(dims))?.strides ?? [] }

  static func identity(rows: Int, columns: Int) -> DenseTensor? {
    guard columns > 0, let count = count([rows, columns]), count <= largestMade else { return nil }
    return DenseTensor([rows, columns]) { $0[0] % columns == $0[1] ? 1 : 0 }
  }

  static func filled(_ number: Double, _ dims: [Int]) -> DenseTensor? {
    guard let count = count(dims), count <= largestMade else { return nil }
    return DenseTensor(dims, [Double](repeating: number, count: count))
  }

  func broadcast(to other: [Int]) -> DenseTensor? {
    if dims == other { return self }
    guard let old = try? Shape(dims), let new = try? Shape(other),
      (try? Shape.broadcast([old, new])) == new
    else { return nil }
    if elements.count == 1 {
      return Self.count(other).flatMap {
        DenseTensor(other, [Double](repeating: elements[0], count: $0))
      }
    }
    let strides = old.strides(broadcastTo: new)
    return DenseTensor(other) { elements[$0.offset(strides)] }
  }

  func combined(with other: DenseTensor, _ operation: (Double, Double) -> Double) -> DenseTensor? {
    guard let a = try? Shape(dims), let b = try? Shape(other.dims),
      let both = try? Shape.broadcast([a, b]).dims,
      let left = broadcast(to: both), let right = other.broadcast(to: both)
    else { return nil }
    return DenseTensor(both, zip(left.elements, right.elements).map(operation))
  }

  func reshaped(_ new: [Int]) -> DenseTensor? { DenseTensor(new, elements) }

  func transposed(_ order: [Int]) -> DenseTensor? {
    guard order.sorted() == Array(dims.indices) else { return nil }
    let strides = strides
    let picked = order.map { strides[$0] }
    return DenseTensor(order.map { dims[$0] }) { elements[$0.offset(picked)] }
  }

  func sliced(axis: Int, from: Int, to: Int, step: Int) -> DenseTensor? {
    guard dims.indices.contains(axis), from >= 0, from <= to, to <= dims[axis], step > 0 else {
      return nil
    }
    var new = dims
    new[axis] = (to - from + step - 1) / step
    let strides = strides
    return DenseTensor(new) { position in
      var position = position
      position[axis] = from + position[axis] * step
      return elements[position.offset(strides)]
    }
  }

  func padded(axis: Int, before: Int, after: Int) -> DenseTensor? {
    guard dims.indices.contains(axis), before >= 0, after >= 0 else { return nil }
    let extent = dims[axis]
    var new = dims
    new[axis] = saturatingSum(extent, saturatingSum(before, after))
    let strides = strides
    return DenseTensor(new) { position in
      var position = position
      position[axis] -= before
      guard (0..<extent).contains(position[axis]) else { return 0 }
      return elements[position.offset(strides)]
    }
  }

  static func concatenated(_ parts: [DenseTensor], axis: Int) -> DenseTensor? {
    guard let first = parts.first, first.dims.indices.contains(axis) else { return nil }
    var new = first.dims
    new[axis] = 0
    // For each index along the axis, the part it lies in and where that starts.
    var homes: [(part: Int, start: Int)] = []
    for (number, part) in parts.enumerated() {
      guard part.dims.count == new.count,
        part.dims.indices.allSatisfy({ $0 == axis || part.dims[$0] == new[$0] })
      else { return nil }
      homes += [(Int, Int)](repeating: (number, new[axis]), count: part.dims[axis])
      new[axis] = saturatingSum(new[axis], part.dims[axis])
    }
    let strides = parts.map(\.strides)
    return DenseTensor(new) { position in
      var position = position
      let home = homes[position[axis]]
      position[axis] -= home.start
      return parts[home.part].elements[position.offset(strides[home.part])]
    }
  }

  func summed(axis: Int) -> DenseTensor? {
    guard dims.indices.contains(axis) else { return nil }
    var new = dims
    new[axis] = 1
    let strides = strides
    return DenseTensor(new) { position in
      let start = position.offset(strides)
      return (0..<dims[axis]).reduce(0) { $0 + elements[start + $1 * strides[axis]] }
    }
  }

  func product(with other: DenseTensor) -> DenseTensor? {
    guard dims.count == 2, other.dims.count == 2, dims[1] == other.dims[0] else { return nil }
    let (depth, columns) = (dims[1], other.dims[1])
    return DenseTensor([dims[0], columns]) { position in
      (0..<depth).reduce(0) { sum, index in
        sum + elements[position[0] * depth + index]
          * other.elements[index * columns + position[1]]
      }
    }
  }
}

extension Recipe {
  /// The elements that the recipe stands for; nil where a step does not fit its operands.
  ///
  /// `constant` gives those of a constant of the model, and throws where they cannot be had.
  func evaluated<Failure: Error>(_ constant: (Value.ID) throws(Failure) -> DenseTensor)
    throws(Failure) -> DenseTensor?
  {
    func both(_ a: Recipe, _ b: Recipe) throws(Failure) -> (DenseTensor, DenseTensor)? {
      guard let a = try a.evaluated(constant), let b = try b.evaluated(constant) else { return nil }
      return (a, b)
    }
    switch self {
    case .constant(let id): return try constant(id)
    case .numbers(let elements, let dims): return DenseTensor(dims, elements)
    case .filled(let number, let dims): return .filled(number, dims)
    case .identity(let rows, let columns): return .identity(rows: rows, columns: columns)
    case .combined(let operation, let a, let b):
      guard let (a, b) = try both(a, b) else { return nil }
      return a.combined(with: b, operation.apply)
    case .squareRoot(let a):
      guard let a = try a.evaluated(constant) else { return nil }
      return DenseTensor(a.dims, a.elements.map { $0.squareRoot() })
    case .reshaped(let a, let dims): return try a.evaluated(constant)?.reshaped(dims)
    case .transposed(let a, let order): return try a.evaluated(constant)?.transposed(order)
    case .sliced(let a, let axis, let from, let to, let step):
      return try a.evaluated(constant)?.sliced(axis: axis, from: from, to: to, step: step)
    case .padded(let a, let axis, let before, let after):
      return try a.evaluated(constant)?.padded(axis: axis, before: before, after: after)
    case .concatenated(let recipes, let axis):
      var parts: [DenseTensor] = []
      for recipe in recipes {
        guard let part = try recipe.evaluated(constant) else { return nil }
        parts.append(part)
      }
      return .concatenated(parts, axis: axis)
    case .summed(let a, let axis): return try a.evaluated(constant)?.summed(axis: axis)
    case .product(let a, let b):
      guard let (a, b) = try both(a, b) else { return nil }
      return a.product(with: b)
    }
  }
}

extension Recipe.Operation {
  fileprivate func apply(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .sum: a + b
    case .difference: a - b
    case .product: a * b
    case .quotient: a / b
    }
  }
}
