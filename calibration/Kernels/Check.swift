/// How the result of a kernel is held against the host's own.
package struct Check: Sendable {
  /// Which argument the result is in.
  package let result: Int
  /// Numbers as far apart as this, or as this share of the expected one, agree.
  package let absolute: Double
  package let relative: Double
  /// The number that the result must have at a place, from what the buffers hold.
  package let expected: @Sendable (Inputs, Int) -> Double

  package init(
    result: Int, absolute: Double = 0, relative: Double = 0,
    expected: @escaping @Sendable (Inputs, Int) -> Double
  ) {
    self.result = result
    self.absolute = absolute
    self.relative = relative
    self.expected = expected
  }

  /// Whether `found` is close enough to `expected`; what is no number agrees with nothing.
  package func agrees(_ found: Double, _ expected: Double) -> Bool {
    abs(found - expected) <= max(absolute, relative * abs(expected))
  }
}

/// The numbers that are in a kernel's buffers before it runs.
package struct Inputs: Sendable {
  private let patterns: [[Double]]

  package init(_ arguments: [BenchmarkKernel.Argument]) {
    patterns = arguments.map {
      if case .buffer(let buffer) = $0 { buffer.pattern() } else { [] }
    }
  }

  /// The number at `index` of the buffer that is argument `argument`; no number where there is none.
  package subscript(argument: Int, index: Int) -> Double {
    guard patterns.indices.contains(argument), !patterns[argument].isEmpty, index >= 0 else {
      return .nan
    }
    return patterns[argument][index % patterns[argument].count]
  }
}

/// A place where a kernel's result is not the host's.
package struct Disagreement: Sendable, Hashable, CustomStringConvertible {
  package let kernel: String
  package let index: Int
  package let found: Double
  package let expected: Double

  package var description: String {
    "\(kernel): element \(index) is \(found), but \(expected) is right"
  }
}

extension Checkable {
  /// The places of the result that are checked: the first, the last, and random ones, at most `limit` or ``checkedCount``.
  package func checkedElements(limit: Int? = nil) -> [Int] {
    let limit = limit ?? checkedCount
    guard case .buffer(let buffer) = arguments[check.result], buffer.count > 0 else { return [] }
    guard buffer.count > limit else { return Array(0..<buffer.count) }
    var random = RandomNumbers(seed: 1)
    let chosen = (2..<max(2, limit)).map { _ in Int.random(in: 0..<buffer.count, using: &random) }
    return [0, buffer.count - 1] + chosen
  }

  /// The first checked place where the result is wrong, given a way to read some bytes of it.
  package func firstDisagreement<Failure: Error>(
    at elements: [Int]? = nil, reading read: (Range<Int>) throws(Failure) -> [UInt8]
  ) throws(Failure) -> Disagreement? {
    guard case .buffer(let buffer) = arguments[check.result] else { return nil }
    let inputs = Inputs(arguments)
    let size = buffer.type.byteCount
    for index in elements ?? checkedElements() {
      let found = buffer.type.value(try read(index * size..<(index + 1) * size)) ?? .nan
      let expected = check.expected(inputs, index)
      if !check.agrees(found, expected) {
        return Disagreement(kernel: name, index: index, found: found, expected: expected)
      }
    }
    return nil
  }
}
