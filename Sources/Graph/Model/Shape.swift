/// The extents of a tensor, outermost first.
///
/// Symbols such as `batch` are bound to numbers before inference, so every extent is a number here.
package struct Shape: Hashable, Sendable {
  /// The most elements a tensor may have: its size in bits still fits in an `Int`.
  package static let maximumCount = 1 << 55

  package let dims: [Int]
  /// The number of elements: the product of `dims`, 1 for a scalar.
  package let count: Int

  /// Throws where an extent is negative or the number of elements exceeds `maximumCount`.
  package init(_ dims: [Int]) throws(OperatorError) {
    self.count = try product(dims)
    guard count <= Self.maximumCount else { throw .tooLarge(dims) }
    self.dims = dims
  }

  private init(scalar: Void) { (dims, count) = ([], 1) }
  package static let scalar = Shape(scalar: ())

  package var rank: Int { dims.count }
  package subscript(axis: Int) -> Int { dims[axis] }

  /// `axis` counted from the front, where ONNX counts negative ones from the back.
  ///
  /// Throws where there is no such axis; with `orEnd`, the axis past the last is allowed too.
  package func axis(_ axis: Int, orEnd: Bool = false) throws(OperatorError) -> Int {
    guard axis >= -rank, axis < rank + (orEnd ? 1 : 0) else {
      throw .axisOutOfRange(axis, rank: rank)
    }
    return axis < 0 ? axis + rank : axis
  }

  /// The axes named by `axes`, each counted from the front, in ascending order without repeats.
  package func axes(_ axes: [Int]) throws(OperatorError) -> [Int] {
    var named = [Bool](repeating: false, count: rank)
    for axis in axes { named[try self.axis(axis)] = true }
    return named.indices.filter { named[$0] }
  }

  /// NumPy's multidirectional broadcasting: aligned at the last axis, extents of 1 stretch.
  package static func broadcast(_ shapes: [Shape]) throws(OperatorError) -> Shape {
    if let first = shapes.first, shapes.allSatisfy({ $0 == first }) { return first }
    var result = [Int](repeating: 1, count: shapes.map(\.rank).max() ?? 0)
    for shape in shapes {
      for (axis, extent) in zip(result.indices.suffix(shape.rank), shape.dims) where extent != 1 {
        guard result[axis] == 1 || result[axis] == extent else { throw .notBroadcastable(shapes) }
        result[axis] = extent
      }
    }
    return try Shape(result)
  }
}

extension Shape: CustomStringConvertible {
  /// The extents as a user writes them: `1x3x224x224`, or `scalar`.
  package var description: String {
    dims.isEmpty ? "scalar" : dims.map(String.init).joined(separator: "x")
  }
}

/// The product of `factors`, which throws where one is negative or it would not fit in an `Int`.
package func product(_ factors: some Sequence<Int>) throws(OperatorError) -> Int {
  var total = 1
  var hasZero = false
  for factor in factors {
    guard factor >= 0 else { throw .tooLarge(Array(factors)) }
    if factor == 0 {
      hasZero = true
      continue
    }
    let (partial, overflow) = total.multipliedReportingOverflow(by: factor)
    guard !overflow else { throw .tooLarge(Array(factors)) }
    total = partial
  }
  return hasZero ? 0 : total
}
