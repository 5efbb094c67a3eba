import Testing

@testable import Graph

struct ConvolutionTests {
  @Test func `padding taps count as multiply-accumulates`() throws {
    let node = try OneNode(
      "Conv", [.tensor([1, 3, 224, 224]), .weights([64, 3, 7, 7])],
      ["pads": [3, 3, 3, 3], "strides": [2, 2]])
    #expect(try node.shapes() == [[1, 64, 112, 112]])
    #expect(try node.work().macs == 64 * 112 * 112 * 3 * 7 * 7)
    #expect(try node.work().elementwise == 0)
  }

  @Test func `a bias is an addition for each result, and no multiply-accumulate`() throws {
    let node = try OneNode(
      "Conv", [.tensor([2, 8, 10]), .weights([4, 8, 3]), .weights([4])])
    #expect(try node.shapes() == [[2, 4, 8]])
    #expect(try node.work().macs == 2 * 4 * 8 * 8 * 3)
    #expect(try node.work().elementwise == 2 * 4 * 8)
  }

  @Test func `groups divide the depth`() throws {
    let node = try OneNode(
      "Conv", [.tensor([1, 32, 8, 8]), .weights([32, 1, 3, 3])],
      ["group": 32, "pads": [1, 1, 1, 1]])
    #expect(try node.work().macs == 32 * 8 * 8 * 9)
    #expect(try node.contractions().map(\.batch) == [32])
  }

  @Test(arguments: [
    ("SAME_UPPER", [1, 1, 3, 3]), ("SAME_LOWER", [1, 1, 3, 3]), ("VALID", [1, 1, 2, 2]),
  ])
  func `auto_pad decides the extents`(padding: String, shape: [Int]) throws {
    let node = try OneNode(
      "Conv", [.tensor([1, 1, 5, 5]), .weights([1, 1, 3, 3])],
      ["auto_pad": .string(padding), "strides": [2, 2]])
    #expect(try node.shapes() == [shape])
  }

  @Test func `channels that do not fit are an error`() throws {
    let node = try OneNode("Conv", [.tensor([1, 4, 8, 8]), .weights([8, 3, 3, 3])])
    #expect(throws: OperatorError.self) { try node.shapes() }
  }

  @Test func `channels may come last`() throws {
    let node = try OneNode(
      "com.microsoft::NhwcConv",
      [.tensor([1, 8, 8, 3], .float16), .weights([16, 3, 3, 3], .float16)],
      ["pads": [1, 1, 1, 1]])
    #expect(try node.shapes() == [[1, 8, 8, 16]])
    #expect(try node.work().macs == 16 * 64 * 27)
  }

  @Test func `a fused convolution adds and activates`() throws {
    let node = try OneNode(
      "com.microsoft::FusedConv",
      [.tensor([1, 3, 8, 8]), .weights([4, 3, 1, 1]), .weights([4]), .tensor([1, 4, 8, 8])],
      ["activation": "Relu"])
    #expect(try node.work().elementwise == 3 * 4 * 64)
  }

  @Test func `an integer convolution gives 32 bits`() throws {
    let node = try OneNode(
      "ConvInteger", [.tensor([1, 1, 3, 3], .uint8), .weights([1, 1, 2, 2], .uint8)])
    #expect(try node.tensor()?.type == .int32)
    #expect(try node.shapes() == [[1, 1, 2, 2]])
    #expect(try node.contractions().map(\.type) == [.uint8])
  }

  @Test func `a quantised convolution has its weights at 3 and its type from the last zero point`()
    throws
  {
    let scale = try Operand.reals([0.1])
    let node = try OneNode(
      "QLinearConv",
      [
        .tensor([1, 4, 6, 6], .uint8), scale, .integers([0], [], .uint8),
        .weights([8, 4, 3, 3], .int8), scale, .integers([0], [], .int8),
        scale, .integers([0], [], .int8), .weights([8], .int32),
      ])
    #expect(try node.shapes() == [[1, 8, 4, 4]])
    #expect(try node.tensor()?.type == .int8)
    #expect(try node.work().macs == 8 * 16 * 36)
    #expect(node.op.role(3, node.inputs) == .data)
    #expect(node.op.role(1, node.inputs) == .setting)
  }

  @Test func `parameters fit themselves to another width`() throws {
    let node = try OneNode("Conv", [.tensor([1, 6, 8, 8]), .weights([8, 3, 3, 3])])
    #expect(node.op.fitted(node.inputs)[1]?.dims == [8, 6, 3, 3])
  }

  @Test(arguments: [(32, 32, false), (30, 32, false), (24, 32, true), (4, 16, true)])
  func `blocks of channels are filled up`(channels: Int, filled: Int, isGuess: Bool) throws {
    let node = try OneNode(
      "com.microsoft.nchwc::ReorderInput", [.tensor([1, 7, 7, channels])], ["channels_last": 1])
    #expect(try node.shapes() == [[1, filled, 7, 7]])
    #expect(try node.tensor()?.isEstimated == isGuess)
  }
}

struct TransposedConvolutionTests {
  @Test func `the work is that of the input's grid`() throws {
    let node = try OneNode(
      "ConvTranspose", [.tensor([1, 16, 16, 16]), .weights([16, 8, 4, 4])],
      ["strides": [2, 2], "pads": [1, 1, 1, 1]])
    #expect(try node.shapes() == [[1, 8, 32, 32]])
    #expect(try node.work().macs == 524_288)
  }

  @Test func `output padding lengthens the result`() throws {
    let node = try OneNode(
      "ConvTranspose", [.tensor([1, 1, 3, 3]), .weights([1, 2, 3, 3])],
      ["strides": [3, 2], "output_padding": [1, 1]])
    #expect(try node.shapes() == [[1, 2, 10, 8]])
  }

  @Test func `an output shape that is given holds`() throws {
    let node = try OneNode(
      "ConvTranspose", [.tensor([1, 1, 3, 3]), .weights([1, 2, 3, 3])],
      ["strides": [3, 2], "output_shape": [10, 8]])
    #expect(try node.shapes() == [[1, 2, 10, 8]])
  }

  @Test(arguments: ["SAME_UPPER", "SAME_LOWER"])
  func `same padding multiplies the extents by the strides`(padding: String) throws {
    let node = try OneNode(
      "ConvTranspose", [.tensor([1, 1, 3, 3]), .weights([1, 2, 3, 3])],
      ["auto_pad": .string(padding), "strides": [2, 2]])
    #expect(try node.shapes() == [[1, 2, 6, 6]])
  }

  @Test func `groups and dilations are followed`() throws {
    let node = try OneNode(
      "ConvTranspose", [.tensor([1, 4, 3, 3]), .weights([4, 2, 2, 2])],
      ["group": 2, "dilations": [2, 2]])
    #expect(try node.shapes() == [[1, 4, 5, 5]])
    #expect(try node.work().macs == 4 * 9 * 2 * 4)
  }
}

struct DeformableConvolutionTests {
  @Test func `taps are interpolated and then multiplied`() throws {
    let node = try OneNode(
      "DeformConv", [.tensor([1, 1, 3, 3]), .weights([1, 1, 2, 2]), .tensor([1, 8, 4, 4])],
      ["pads": [1, 1, 1, 1]])
    #expect(try node.shapes() == [[1, 1, 4, 4]])
    #expect(try node.work().macs == 16 * 4)
    #expect(try node.work().elementwise == 16 * 4 * 9)
  }
}
