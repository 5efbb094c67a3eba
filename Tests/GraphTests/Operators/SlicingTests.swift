import Testing

@testable import Graph

struct SlicingTests {
  /// What Python makes of `numbers[start:end:step]`.
  private func naive(_ numbers: [Int], _ start: Int, _ end: Int, _ step: Int) -> [Int] {
    let count = numbers.count
    func place(_ place: Int, _ lowest: Int, _ highest: Int) -> Int {
      min(max(place < 0 ? place + count : place, lowest), highest)
    }
    return step > 0
      ? stride(from: place(start, 0, count), to: place(end, 0, count), by: step)
        .map { numbers[$0] }
      : stride(from: place(start, -1, count - 1), to: place(end, -1, count - 1), by: step)
        .map { numbers[$0] }
  }

  @Test func `a slice is what Python makes of it, on all small ranges`() throws {
    for extent in 0...4 {
      let numbers = Array(0..<extent)
      for start in -6...6 {
        for end in -6...6 {
          // Below the first element, ONNX brings a backward start to it, and Python to before it.
          for step in [-3, -2, -1, 1, 2, 3] where step > 0 || start >= -extent {
            let node = try OneNode(
              "Slice",
              [
                .integers(numbers), .integers([start]), .integers([end]), .absent,
                .integers([step]),
              ]
            )
            let wanted = naive(numbers, start, end, step)
            #expect(try node.shapes() == [[wanted.count]], "\(extent) \(start):\(end):\(step)")
            if extent > 0 { #expect(try node.integers() == wanted) }
          }
        }
      }
    }
  }

  @Test func `before opset 10 places are attributes`() throws {
    let node = try OneNode(
      "Slice", [.integers([1, 2, 3, 4, 5, 6], [2, 3])],
      ["starts": [1], "ends": [1000], "axes": [-1]], opset: 7)
    #expect(try node.tensor() == TensorInfo(.int64, [2, 2], value: .integers([2, 3, 5, 6])))
  }

  @Test func `several axes are cut at once`() throws {
    let node = try OneNode(
      "Slice",
      [
        .integers(Array(0..<24), [2, 3, 4]), .integers([-1, 3]), .integers([.min, 0]),
        .integers([1, 2]), .integers([-1, -2]),
      ])
    #expect(
      try node.tensor()
        == TensorInfo(
          .int64, [2, 3, 2], value: .integers([11, 9, 7, 5, 3, 1, 23, 21, 19, 17, 15, 13])))
  }

  @Test func `only what is kept is read`() throws {
    let node = try OneNode("Slice", [.tensor([1000]), .integers([0]), .integers([10])])
    #expect(try node.work() == Work(bytesRead: 40, bytesWritten: 40))
  }

  @Test func `places that depend on data leave a bound`() throws {
    let node = try OneNode(
      "Slice", [.tensor([8, 9]), .integers([2]), .tensor([1], .int64), .integers([1])])
    let bound = try #require(try node.tensor())
    #expect(bound.dims == [8, 9] && bound.isEstimated)
  }

  @Test func `axes that depend on data bound every axis`() throws {
    let node = try OneNode(
      "Slice", [.tensor([8, 9]), .integers([2]), .integers([3]), .tensor([1], .int64)])
    #expect(try node.tensor()?.isEstimated == true)
  }

  @Test func `lists that do not fit are an error`() throws {
    for (ends, axes, steps) in [
      ([1, 2], [0], [1]), ([1], [0, 1], [1]), ([1], [0], [0]), ([1], [3], [1]),
    ] {
      let node = try OneNode(
        "Slice",
        [.tensor([2, 2]), .integers([0]), .integers(ends), .integers(axes), .integers(steps)])
      #expect(throws: OperatorError.self) { try node.shapes() }
    }
  }
}
