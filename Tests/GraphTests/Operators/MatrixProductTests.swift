import Testing

@testable import Graph

struct MatrixProductTests {
  @Test func `the broadcast batch counts`() throws {
    let node = try OneNode("MatMul", [.tensor([4, 1, 64, 64]), .tensor([1, 1, 64, 64])])
    #expect(try node.work().macs == 1_048_576)
  }

  @Test func `stacks of both sides broadcast`() throws {
    let node = try OneNode("MatMul", [.tensor([2, 1, 8, 16]), .tensor([3, 16, 4])])
    #expect(try node.shapes() == [[2, 3, 8, 4]])
    #expect(try node.work().macs == 6 * 8 * 16 * 4)
    #expect(try node.contractions().map(\.batch) == [6])
  }

  @Test func `weights shared by a stack make one tall product`() throws {
    let node = try OneNode("MatMul", [.tensor([2, 128, 768]), .weights([768, 3072])])
    #expect(
      try node.contractions() == [Contraction(rows: 256, columns: 3072, depth: 768, type: .float32)]
    )
  }

  @Test(arguments: [
    ([3], [3], []), ([3], [3, 4], [4]), ([2, 3], [3], [2]), ([5, 2, 3], [3], [5, 2]),
    ([3], [5, 3, 2], [5, 2]),
  ])
  func `a vector gains an axis that the result drops`(a: [Int], b: [Int], shape: [Int]) throws {
    #expect(try OneNode("MatMul", [.tensor(a), .tensor(b)]).shapes() == [shape])
  }

  @Test func `depths that differ are an error`() throws {
    let node = try OneNode("MatMul", [.tensor([2, 3]), .tensor([4, 2])])
    #expect(throws: OperatorError.self) { try node.shapes() }
  }

  @Test func `Gemm transposes, and its bias is elementwise`() throws {
    let node = try OneNode(
      "Gemm", [.tensor([16, 8]), .weights([32, 16]), .weights([32])], ["transA": 1, "transB": 1])
    #expect(try node.shapes() == [[8, 32]])
    #expect(try node.work().macs == 8 * 16 * 32)
    #expect(try node.work().elementwise == 8 * 32)
  }

  @Test func `a fused product counts, with axes moved`() throws {
    let node = try OneNode(
      "com.microsoft::FusedMatMul", [.tensor([8, 4, 2, 16]), .tensor([4, 2, 32, 16])],
      ["transBatchA": 1, "transB": 1])
    #expect(try node.shapes() == [[4, 2, 8, 32]])
    #expect(try node.work().macs == 4 * 2 * 8 * 16 * 32)
  }

  @Test func `a fused activation is elementwise`() throws {
    let node = try OneNode(
      "com.microsoft::FusedGemm", [.tensor([2, 3]), .weights([3, 4]), .weights([4])],
      ["activation": "Relu"])
    #expect(try node.work().elementwise == 16)
  }
}

struct IntegerMatrixProductTests {
  @Test func `integers are multiplied as integers`() throws {
    let node = try OneNode("MatMulInteger", [.tensor([4, 3], .uint8), .weights([3, 2], .int8)])
    #expect(try node.tensor()?.type == .int32)
    #expect(try node.shapes() == [[4, 2]])
    #expect(try node.contractions().map(\.type) == [.uint8])
    #expect(try node.work().elementwise == 0)
  }

  @Test func `a quantised product has its right operand at 3`() throws {
    let (scale, zero) = (try Operand.reals([0.1], []), try Operand.integers([0], [], .int8))
    let node = try OneNode(
      "QLinearMatMul",
      [
        .tensor([2, 2, 4], .int8), scale, zero, .weights([2, 4, 3], .int8), scale, zero, scale,
        zero,
      ])
    #expect(try node.shapes() == [[2, 2, 3]])
    #expect(try node.work().macs == 2 * 2 * 4 * 3)
    #expect(try node.tensor()?.type == .int8)
  }

  @Test func `a left operand is quantised on the way, and the product is of integers`() throws {
    let node = try OneNode(
      "com.microsoft::DynamicQuantizeMatMul",
      [.tensor([2, 8, 16]), .weights([16, 4], .int8), .reals([0.1], [])])
    #expect(try node.tensor()?.type == .float32)
    #expect(try node.contractions().map(\.type) == [.int8])
    #expect(try node.work().macs == 16 * 16 * 4)
  }
}

struct PackedMatrixProductTests {
  @Test func `four-bit weights are unpacked and multiplied as real numbers`() throws {
    let node = try OneNode(
      "com.microsoft::MatMulNBits",
      [.tensor([1, 128, 768]), .weights([3072, 24, 16], .uint8), .weights([3072 * 24])],
      ["K": 768, "N": 3072, "bits": 4, "block_size": 32])
    #expect(try node.shapes() == [[1, 128, 3072]])
    #expect(try node.work().macs == 128 * 768 * 3072)
    #expect(try node.work().elementwise == 2 * 768 * 3072)
    #expect(node.op.role(1, node.inputs) == .packed(elements: 768 * 3072))
    #expect(node.op.role(2, node.inputs) == .setting)
  }

  @Test func `weights may say their shape in an operand`() throws {
    let node = try OneNode(
      "com.microsoft::MatMulFpQ4",
      [.tensor([2, 64]), .weights([4096], .uint8), .integers([64, 32])], ["blk_quant_type": 1])
    #expect(try node.shapes() == [[2, 32]])
  }

  @Test func `one input may go through several packed products`() throws {
    let packed = try Operand.weights([32, 2, 16], .uint8)
    let scales = try Operand.weights([64])
    let mlp = try OneNode(
      "com.microsoft::MatMulNBitsMlp",
      [.tensor([2, 5, 64]), .absent, .weights([64]), packed, scales, .absent, packed, scales],
      ["K": 64, "N": 32])
    #expect(try mlp.shapes() == [[2, 5, 32]])
    #expect(try mlp.work().macs == 2 * 10 * 64 * 32)
    #expect(mlp.op.role(6, mlp.inputs) == .packed(elements: 2048))
    #expect(mlp.op.role(7, mlp.inputs) == .setting)
    let qkv = try OneNode(
      "com.microsoft::MatMulNBitsQkv", [.tensor([2, 5, 64])], ["K": 64, "Nq": 32, "Nkv": 16],
      results: 3)
    #expect(try qkv.shapes() == [[2, 5, 32], [2, 5, 16], [2, 5, 16]])
  }
}

struct EinsumTests {
  @Test(arguments: [
    ("ij,jk->ik", [[2, 3], [3, 4]], [2, 4], 24),
    ("ij,jk", [[2, 3], [3, 4]], [2, 4], 24),
    ("bij, bjk -> bik", [[5, 2, 3], [5, 3, 4]], [5, 2, 4], 120),
    ("...ij,...jk->...ik", [[7, 5, 2, 3], [5, 3, 4]], [7, 5, 2, 4], 7 * 5 * 24),
    ("bhid,bhjd->bhij", [[2, 8, 16, 64], [2, 8, 16, 64]], [2, 8, 16, 16], 2 * 8 * 16 * 16 * 64),
    ("i,i", [[5], [5]], [], 5),
    ("ij->ji", [[2, 3]], [3, 2], 0),
    ("ij->i", [[2, 3]], [2], 0),
    ("ii->i", [[3, 3]], [3], 0),
    ("...ii->...i", [[4, 3, 3]], [4, 3], 0),
    ("i,j->ij", [[2], [3]], [2, 3], 0),
    ("ij,ij->ij", [[2, 3], [2, 3]], [2, 3], 0),
  ])
  func `labels are contracted in pairs`(
    equation: String, inputs: [[Int]], shape: [Int], macs: Int
  ) throws {
    let node = try OneNode(
      "Einsum", inputs.map { try .tensor($0) }, ["equation": .string(equation)])
    #expect(try node.shapes() == [shape])
    #expect(try node.work().macs == macs)
  }

  @Test func `three operands are contracted in the cheapest order`() throws {
    let node = try OneNode(
      "Einsum", [.tensor([10, 100]), .tensor([100, 5]), .tensor([5, 50])],
      ["equation": "ij,jk,kl->il"])
    #expect(try node.shapes() == [[10, 50]])
    #expect(try node.work().macs == 10 * 100 * 5 + 10 * 5 * 50)
  }

  @Test func `products without a sum are elementwise`() throws {
    let node = try OneNode(
      "Einsum", [.tensor([2]), .tensor([3])], ["equation": "i,j->ij"])
    #expect(try node.work().elementwise == 6)
  }

  @Test func `an operand of one element under a label broadcasts`() throws {
    let node = try OneNode(
      "Einsum", [.tensor([1, 3]), .tensor([4, 3])], ["equation": "bi,bi->b"])
    #expect(try node.shapes() == [[4]])
    #expect(try node.work().macs == 12)
  }

  @Test(arguments: ["ij,jk=>ik", "i..j->i", "ij,j", "ij,jk->iz", "ij,jk->ii"])
  func `a broken equation is an error`(equation: String) throws {
    #expect(throws: OperatorError.self) {
      let node = try OneNode(
        "Einsum", [.tensor([2, 3]), .tensor([3, 4])], ["equation": .string(equation)])
      _ = try node.shapes()
    }
  }
}
