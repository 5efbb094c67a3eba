import Testing

@testable import Graph

struct ElementsTests {
  @Test func `every position of a shape is visited once, in row-major order`() throws {
    for dims in [[], [0], [1], [3], [2, 3], [2, 0, 2], [2, 3, 2]] {
      let shape = try Shape(dims)
      var offsets: [Int] = []
      shape.forEachPosition { offsets.append($0.offset(shape.strides)) }
      #expect(offsets == Array(0..<shape.count))
    }
  }

  /// NumPy's broadcasting of two small shapes, written out by hand.
  private func naive(_ a: [Int], _ b: [Int]) -> [Int]? {
    let rank = max(a.count, b.count)
    let (x, y) = (
      [Int](repeating: 1, count: rank - a.count) + a, [Int](repeating: 1, count: rank - b.count) + b
    )
    var result: [Int] = []
    for (p, q) in zip(x, y) {
      guard p == q || p == 1 || q == 1 else { return nil }
      result.append(p == 1 ? q : p)
    }
    return result
  }

  @Test func `broadcasting agrees with its definition on all small shapes`() throws {
    let shapes =
      [[]] + (0...3).map { [$0] } + (0...3).flatMap { a in (0...3).map { [a, $0] } } + [[2, 1, 3]]
    for a in shapes {
      for b in shapes {
        let expected = naive(a, b)
        let shape = try? Shape.broadcast([Shape(a), Shape(b)])
        #expect(shape?.dims == expected, "\(a) with \(b)")
        guard let shape, shape.count > 0 else { continue }
        // An element of the result comes from the same place of the operand, or from 0 where it was stretched.
        let old = try Shape(a)
        let value = TensorValue.integers(Array(0..<old.count))
        let stretched = try #require(value.broadcast(from: old, to: shape)?.integers)
        var wanted: [Int] = []
        shape.forEachPosition { position in
          let own = zip(position.suffix(a.count), a).map { $1 == 1 ? 0 : $0 }
          wanted.append(own.offset(old.strides))
        }
        #expect(stretched == wanted, "\(a) to \(shape)")
      }
    }
  }

  @Test func `an element taken from outside has no result`() throws {
    let value = TensorValue.integers([1, 2])
    #expect(try value.picking(Shape([1])) { _ in 2 } == nil)
    #expect(try value.picking(Shape([1])) { _ in -1 } == nil)
    #expect(try value.picking(Shape([1])) { _ in nil } == nil)
    #expect(try value.picking(Shape([3])) { _ in 1 } == .integers([2, 2, 2]))
  }

  @Test func `too many elements are not followed`() throws {
    let value = TensorValue.integers([1])
    #expect(try value.picking(Shape([TensorValue.maximumCount])) { _ in 0 } != nil)
    #expect(try value.picking(Shape([TensorValue.maximumCount + 1])) { _ in 0 } == nil)
  }
}
