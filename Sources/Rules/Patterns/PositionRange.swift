import Graph

/// The elements wanted along one axis, in the terms of ONNX's `Slice`.
struct PositionRange: Hashable, Sendable {
  /// The first element, counted from the end of the axis where it is negative.
  var start: Int
  /// The element after the last, counted likewise; `Int.max` for the end of the axis.
  var end: Int
  /// Every how manyth element; at least 1.
  var step: Int
  /// How many elements that is.
  var count: Int

  /// Every `step`th element of an axis, from its first to its end.
  static func every(_ step: Int, of extent: Int) -> PositionRange {
    let count = step > 0 && extent > 0 ? (extent - 1) / step + 1 : 0
    return PositionRange(start: 0, end: .max, step: step, count: count)
  }

  /// One element.
  static func single(_ index: Int) -> PositionRange {
    PositionRange(start: index, end: index == -1 ? .max : index + 1, step: 1, count: 1)
  }

  /// Whether the elements are counted off from the first to the end of the axis.
  var isRegular: Bool { start == 0 && end == .max }

  /// The range where `factor` elements stand for each; of single steps.
  func times(_ factor: Int) -> PositionRange? {
    guard step == 1, factor > 0 else { return nil }
    return PositionRange(
      start: saturatingProduct(start, factor),
      end: end == .max ? .max : saturatingProduct(end, factor), step: 1,
      count: saturatingProduct(count, factor))
  }

  /// The range where one element stands for `factor` of them; nil where it would begin or end within one.
  func divided(by factor: Int) -> PositionRange? {
    guard step == 1, factor > 0, start % factor == 0, count % factor == 0,
      end == .max || end % factor == 0
    else { return nil }
    return PositionRange(
      start: start / factor, end: end == .max ? .max : end / factor, step: 1,
      count: count / factor)
  }

  /// The elements of the axis that this selects among every `stride`th; nil where that is no range.
  func strided(by stride: Int) -> PositionRange? {
    guard stride != 1 else { return self }
    let (step, overflow) = step.multipliedReportingOverflow(by: stride)
    guard isRegular, !overflow else { return nil }
    return PositionRange(start: 0, end: .max, step: step, count: count)
  }
}

/// What is wanted of a tensor along each of its axes, nil for all of an axis; empty for the whole tensor.
typealias Part = [PositionRange?]

extension Part {
  /// What two readers want between them: an axis stays cut where both want the same of it.
  func joined(with other: Part) -> Part {
    guard count == other.count else { return [] }
    return zip(self, other).map { $0 == $1 ? $0 : nil }.wholeIfUncut
  }

  /// The same, empty where no axis is cut.
  var wholeIfUncut: Part { contains { $0 != nil } ? self : [] }

  /// What is wanted along an axis; nil for all of it.
  func range(_ axis: Int) -> PositionRange? { indices.contains(axis) ? self[axis] : nil }
}
