import Testing

@testable import Graph

struct FourierTransformTests {
  @Test(arguments: [
    (0, 0, [1, 16, 2], [1, 16, 2]), (0, 1, [1, 16, 1], [1, 9, 2]), (1, 0, [1, 16, 2], [1, 16, 2]),
    (1, 1, [1, 9, 2], [1, 16, 1]),
  ])
  func `one side of a spectrum is half of it and one`(
    inverse: Int, onesided: Int, input: [Int], shape: [Int]
  ) throws {
    let node = try OneNode(
      "DFT", [.tensor(input)], ["inverse": .int(inverse), "onesided": .int(onesided)])
    #expect(try node.shapes() == [shape])
  }

  @Test func `the axis was an attribute, then an operand`() throws {
    let input = try Operand.tensor([2, 5, 8, 1])
    #expect(try OneNode("DFT", [input], opset: 17).shapes() == [[2, 5, 8, 2]])
    let node = try OneNode("DFT", [input, .integers([4], []), .integers([1], [])], opset: 20)
    #expect(try node.shapes() == [[2, 4, 8, 2]])
  }

  @Test func `a fast transform takes five operations for each point and level`() throws {
    let node = try OneNode("DFT", [.tensor([3, 1024, 2])])
    #expect(try node.work().elementwise == 3 * 5 * 1024 * 10)
    #expect(try node.work().macs == 0)
  }

  @Test func `frames overlap as their step says`() throws {
    let node = try OneNode(
      "STFT", [.tensor([1, 128, 1]), .integers([8], []), .weights([16])])
    #expect(try node.shapes() == [[1, 15, 9, 2]])
  }
}

struct SignalWindowTests {
  @Test(arguments: ["BlackmanWindow", "HammingWindow", "HannWindow"])
  func `a window is as long as it is asked for`(name: String) throws {
    let node = try OneNode(OperatorName(name), [.integers([10], [])])
    #expect(try node.shapes() == [[10]])
  }

  @Test func `mel weights join bins to bands`() throws {
    let node = try OneNode(
      "MelWeightMatrix",
      [
        .integers([8], []), .integers([16], []), .integers([8192], []), .reals([0], []),
        .reals([4096], []),
      ])
    #expect(try node.shapes() == [[9, 8]])
  }
}

struct RandomNumbersTests {
  @Test func `what is drawn anew is never folded away`() throws {
    let node = try OneNode("RandomNormal", [], ["shape": [2, 3]])
    #expect(try node.shapes() == [[2, 3]])
    #expect(!node.op.isDeterministic)
  }

  @Test func `a shape that is lent is not read`() throws {
    let node = try OneNode(
      "RandomUniformLike", [.tensor([2, 3])], ["dtype": .int(ElementType.float16.rawValue)])
    #expect(try node.tensor()?.type == .float16)
    #expect(try node.work().bytesRead == 0)
    #expect(try OneNode("Bernoulli", [.tensor([2, 3])]).work().bytesRead == 24)
  }

  @Test func `samples are drawn for each row`() throws {
    let node = try OneNode("Multinomial", [.tensor([2, 10])], ["sample_size": 5])
    #expect(try node.shapes() == [[2, 5]])
    #expect(try node.tensor()?.type == .int32)
  }
}

struct LossTests {
  @Test(arguments: [("none", [3, 6]), ("sum", []), ("mean", [])])
  func `losses are one for each target, or one for all`(reduction: String, shape: [Int]) throws {
    for name in ["NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"] {
      let node = try OneNode(
        OperatorName(name), [.tensor([3, 5, 6]), .tensor([3, 6], .int64)],
        ["reduction": .string(reduction)])
      #expect(try node.shapes() == [shape])
    }
  }

  @Test func `logarithms of probabilities come on the side`() throws {
    let node = try OneNode(
      "SoftmaxCrossEntropyLoss", [.tensor([3, 5]), .tensor([3], .int64)], results: 2)
    #expect(try node.shapes() == [[], [3, 5]])
  }
}

struct LinearAlgebraTests {
  @Test func `a determinant eliminates, an inverse does so three times`() throws {
    let matrices = try Operand.tensor([2, 6, 6])
    let determinant = try OneNode("Det", [matrices])
    #expect(try determinant.shapes() == [[2]])
    #expect(try determinant.work().elementwise == 2 * 2 * 216 / 3)
    let inverse = try OneNode("com.microsoft::Inverse", [matrices])
    #expect(try inverse.shapes() == [[2, 6, 6]])
    #expect(try inverse.work().elementwise == 2 * 2 * 216)
  }
}

struct OptimizerStepTests {
  @Test(arguments: [("Momentum", 1), ("Adagrad", 1), ("Adam", 2)])
  func `weights come first, then their moments`(name: String, moments: Int) throws {
    let first = try Operand.tensor([4, 3])
    let second = try Operand.tensor([5])
    let operands = (0..<(moments + 2)).flatMap { _ in [first, second] }
    let node = try OneNode(
      OperatorName(name, domain: "ai.onnx.preview.training"),
      [.tensor([]), .tensor([], .int64)] + operands, results: 2 * (moments + 1))
    #expect(try node.shapes() == (0...moments).flatMap { _ in [[4, 3], [5]] })
  }
}
