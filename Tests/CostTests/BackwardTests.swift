import Graph
import Testing

@testable import Cost

@Suite struct BackwardTests {
  /// The kernels that carry gradients back through `body`, which is given what a product made, 64 rows of 96 numbers.
  private func gradients(_ body: (inout NetworkBuilder, Value.ID) throws -> Value.ID) throws
    -> [Kernel]
  {
    var net = NetworkBuilder()
    let x = net.input("x", [64, 96])
    let product = net.node("MatMul", [x, try net.weights([96, 96])])
    let y = try body(&net, product)
    return Backward.kernels(of: try net.analysis(returning: [y]), precision: nil)
      .filter { $0.contractions.isEmpty }
  }

  private let bytes = 64 * 96 * 4

  private func number(_ net: inout NetworkBuilder) throws -> Value.ID {
    net.body.add(Value("c", initializer: Literal(try TensorInfo(.float32, []))))
  }

  @Test func `GELU spelled out has one derivative, as the operator has`() throws {
    let spelled = try gradients { net, x in
      let scaled = net.node("Div", [x, try number(&net)])
      let error = net.node("Erf", [scaled])
      let sum = net.node("Add", [error, try number(&net)])
      let product = net.node("Mul", [x, sum])
      return net.node("Mul", [product, try number(&net)])
    }
    let whole = try gradients { net, x in net.node("Gelu", [x]) }
    #expect(spelled.map(\.work.traffic) == [3 * bytes])
    #expect(spelled.map(\.members.count) == [5])
    #expect(spelled.map(\.parts.count) == [5])
    #expect(whole.map(\.work.traffic) == [3 * bytes])
  }

  @Test
  func `normalisation spelled out has the derivative of the operator, and sums for its gains`()
    throws
  {
    let spelled = try gradients { net, x in
      let axes = [Attribute("axes", .ints([-1]))]
      let difference = net.node("Sub", [x, net.node("ReduceMean", [x], axes)])
      let square = net.node("Mul", [difference, difference])
      let variance = net.node(
        "Add", [net.node("ReduceMean", [square], axes), try number(&net)])
      let quotient = net.node("Div", [difference, net.node("Sqrt", [variance])])
      let scaled = net.node("Mul", [quotient, try net.weights([96])])
      return net.node("Add", [scaled, try net.weights([96])])
    }
    let whole = try gradients { net, x in
      net.node("LayerNormalization", [x, try net.weights([96]), try net.weights([96])])
    }
    #expect(spelled.map(\.operation) == [.normalization, .reduction])
    #expect(spelled.map(\.work.traffic) == [3 * bytes, 2 * bytes + 2 * 96 * 4])
    #expect(whole.map(\.operation) == spelled.map(\.operation))
    // The operator reads its gains.
    #expect(whole[0].work.traffic - spelled[0].work.traffic == 2 * 96 * 4)
  }

  @Test(arguments: [
    // What moves elements moves their gradients, and needs none of them.
    ("Transpose", 2), ("Neg", 2), ("Relu", 3), ("Softmax", 3), ("Tanh", 3), ("Erf", 3),
  ])
  func `a derivative reads the gradient, and what the forward pass kept for it`(
    name: String, tensors: Int
  ) throws {
    let kernels = try gradients { net, x in net.node(OperatorName(name), [x]) }
    #expect(kernels.map(\.work.traffic) == [tensors * bytes])
  }

  @Test func `the gradient of a product by a number needs no operand, that of two tensors both`()
    throws
  {
    for name in ["Mul", "Div"] {
      let scaled = try gradients { net, x in
        net.node(OperatorName(name), [x, try number(&net)])
      }
      #expect(scaled.map(\.work.bytesWritten) == [bytes])
      #expect(scaled.map(\.work.bytesRead) == [bytes + 4])
    }
    let gated = try gradients { net, x in
      net.node("Mul", [net.node("Neg", [x]), net.node("Neg", [x])])
    }
    #expect(gated.first?.work.traffic == 2 * bytes)
    #expect(gated.count { $0.work.traffic == 3 * bytes } == 3)
  }

  @Test func `the gradient of a gain is a product, summed over what the gain was stretched over`()
    throws
  {
    let gained = try gradients { net, x in net.node("Mul", [x, try net.weights([96])]) }
    #expect(gained.map(\.operation) == [.elementwise, .elementwise, .reduction])
    #expect(gained.map(\.work.bytesWritten) == [bytes, bytes, 96 * 4])
    #expect(gained.map(\.work.bytesRead) == [bytes + 96 * 4, 2 * bytes, bytes])
  }

  @Test func `the gradient of a power is a power, times the exponent, times the gradient`() throws {
    let cubed = try gradients { net, x in net.node("Pow", [x, try number(&net)]) }
    #expect(cubed.map(\.work.traffic) == [2 * bytes, 2 * bytes, 3 * bytes])
  }

  @Test func `of a lookup all of the table is written, and only the results' gradients are read`()
    throws
  {
    var net = NetworkBuilder()
    let id = net.body.add(Value("ids", declared: .tensor(.int64, dims: [.fixed(32)])))
    net.body.inputs.append(id)
    let y = net.node("Gather", [try net.weights([5000, 16]), id])
    let kernels = Backward.kernels(of: try net.analysis(returning: [y]), precision: nil)
    #expect(kernels.map(\.work.bytesWritten) == [5000 * 16 * 4])
    #expect(kernels.map(\.work.bytesRead) == [32 * 16 * 4])
  }
}
