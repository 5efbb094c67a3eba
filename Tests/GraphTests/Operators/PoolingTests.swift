import Testing

@testable import Graph

struct PoolingTests {
  @Test func `each result takes one operation for each tap`() throws {
    let node = try OneNode(
      "MaxPool", [.tensor([1, 64, 112, 112])],
      ["kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]], results: 2)
    #expect(try node.shapes() == [[1, 64, 56, 56], [1, 64, 56, 56]])
    #expect(try node.tensors().map { $0?.type } == [.float32, .int64])
    #expect(try node.work().elementwise == 64 * 56 * 56 * 9)
    #expect(try node.work().macs == 0)
  }

  // What ONNX Runtime answers for one axis; a last window must start within the input.
  @Test(arguments: [
    (5, 3, 2, 0, [0, 0], 2), (5, 3, 2, 1, [0, 0], 2), (6, 3, 2, 0, [0, 0], 2),
    (6, 3, 2, 1, [0, 0], 3), (6, 2, 3, 1, [0, 0], 2), (7, 3, 3, 1, [0, 0], 3),
    (8, 3, 2, 1, [1, 0], 4), (8, 3, 2, 1, [1, 1], 5),
  ])
  func `windows at the end count as ceil_mode says`(
    extent: Int, kernel: Int, stride: Int, ceil: Int, pads: [Int], count: Int
  ) throws {
    let node = try OneNode(
      "MaxPool", [.tensor([1, 1, extent])],
      [
        "kernel_shape": .ints([kernel]), "strides": .ints([stride]), "ceil_mode": .int(ceil),
        "pads": .ints(pads),
      ])
    #expect(try node.shapes() == [[1, 1, count]])
  }

  @Test func `dilations widen the window`() throws {
    let node = try OneNode(
      "AveragePool", [.tensor([1, 1, 10])], ["kernel_shape": [3], "dilations": [3]])
    #expect(try node.shapes() == [[1, 1, 4]])
  }

  @Test func `channels may come last`() throws {
    let node = try OneNode(
      "com.microsoft::NhwcMaxPool", [.tensor([1, 8, 8, 4], .int8)],
      ["kernel_shape": [2, 2], "strides": [2, 2]])
    #expect(try node.shapes() == [[1, 4, 4, 4]])
  }

  @Test func `a norm takes a power for each tap as well`() throws {
    let node = try OneNode("LpPool", [.tensor([1, 1, 4])], ["kernel_shape": [2]])
    #expect(try node.work().elementwise == 3 * 4)
  }

  @Test func `a global pool leaves one element for each channel`() throws {
    let node = try OneNode("GlobalAveragePool", [.tensor([2, 16, 7, 7])])
    #expect(try node.shapes() == [[2, 16, 1, 1]])
    #expect(try node.work().elementwise == 2 * 16 * 49)
  }

  @Test func `a quantised global pool may have its channels last`() throws {
    let scale = try Operand.reals([0.1], [])
    let zero = try Operand.integers([0], [], .uint8)
    let node = try OneNode(
      "com.microsoft::QLinearGlobalAveragePool",
      [.tensor([1, 9, 9, 4], .uint8), scale, zero, scale, zero], ["channels_last": 1])
    #expect(try node.shapes() == [[1, 1, 1, 4]])
  }

  @Test func `unpooling puts elements back where they were`() throws {
    let operands: [Operand] = [try .tensor([1, 1, 2, 2]), try .tensor([1, 1, 2, 2], .int64)]
    let node = try OneNode(
      "MaxUnpool", operands, ["kernel_shape": [2, 2], "strides": [2, 2]])
    #expect(try node.shapes() == [[1, 1, 4, 4]])
    let asked = try OneNode(
      "MaxUnpool", operands + [.integers([1, 1, 5, 5])],
      ["kernel_shape": [2, 2], "strides": [2, 2]])
    #expect(try asked.shapes() == [[1, 1, 5, 5]])
  }

  @Test func `regions are resampled to one size`() throws {
    let node = try OneNode(
      "RoiAlign",
      [.tensor([1, 256, 50, 50]), .tensor([100, 4]), .tensor([100], .int64)],
      ["output_height": 7, "output_width": 7, "sampling_ratio": 2])
    #expect(try node.shapes() == [[100, 256, 7, 7]])
    #expect(try node.work().elementwise == 100 * 256 * 49 * 4 * 10)
    let pool = try OneNode(
      "MaxRoiPool", [.tensor([1, 3, 6, 6]), .tensor([2, 5])], ["pooled_shape": [2, 3]])
    #expect(try pool.shapes() == [[2, 3, 2, 3]])
    let crop = try OneNode(
      "com.microsoft::CropAndResize",
      [.tensor([2, 3, 8, 8]), .tensor([4, 4]), .tensor([4], .int32), .integers([5, 6])])
    #expect(try crop.shapes() == [[4, 3, 5, 6]])
  }
}
