/// Memory on the board that a kernel reads or writes.
package struct Buffer: Sendable {
  package let type: NumberType
  /// How many numbers it holds.
  package let count: Int
  package let contents: Contents

  /// What is in the buffer before the kernel runs.
  package enum Contents: Sendable, Hashable {
    /// Random numbers of mean 0: constant data would draw up to 40 % less.
    case normal(deviation: Double, seed: UInt64)
    /// Random whole numbers from 0 up to, not including, `limit`.
    case indices(limit: Int, seed: UInt64)
    /// Nothing yet: the kernel writes every number.
    case result
  }

  package init(_ type: NumberType, _ count: Int, _ contents: Contents) {
    self.type = type
    self.count = count
    self.contents = contents
  }

  /// The memory it takes.
  package var byteCount: Int { count * type.byteCount }

  /// The numbers after which the contents repeat: odd, so that rows of a matrix differ.
  ///
  /// So a host makes and sends a few MiB, and the board copies them on. Indices repeat later, since rows of a table that
  /// are fetched again would be found in a cache.
  package var period: Int {
    if case .indices = contents { min(count, 1 << 22 - 1) } else { min(count, 1 << 20 - 1) }
  }

  /// The first ``period`` numbers, as the type holds them; empty for results.
  package func pattern() -> [Double] {
    switch contents {
    case .normal(let deviation, let seed):
      var random = RandomNumbers(seed: seed)
      return (0..<period).map { _ in type.rounded(storing: random.nextNormal() * deviation) }
    case .indices(let limit, let seed):
      var random = RandomNumbers(seed: seed)
      return (0..<period).map { _ in Double(random.next() % UInt64(max(1, limit))) }
    case .result:
      return []
    }
  }

  /// The bytes of ``pattern()``, to be repeated until the buffer is full; empty for results.
  package func patternBytes() -> [UInt8] {
    let numbers = pattern()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(numbers.count * type.byteCount)
    for number in numbers {
      var bits = type.bits(number)
      for _ in 0..<type.byteCount {
        bytes.append(UInt8(truncatingIfNeeded: bits))
        bits >>= 8
      }
    }
    return bytes
  }
}
