import Graph
import Testing

@testable import Cost

/// What a framework runs as one operator of its own, though the file has it in pieces.
@Suite struct CompositeTests {
  private func groups(_ analysis: Analysis) -> [[Int]] {
    Fusion.kernels(of: analysis, under: Scenario(runtime: .eager)).map(\.members)
  }

  @Test func `a framework runs GELU by tanh and Mish as the one operator they were`() throws {
    let text = """
      g (float[8,64] x) => (y)
        <float half = {0.5}, float k = {0.044715}, float b = {0.7978845608}, float one = {1}> {
        s = Mul(x, x)
        c = Mul(x, s)
        m = Mul(k, c)
        a = Add(x, m)
        i = Mul(b, a)
        t = Tanh(i)
        p = Add(one, t)
        h = Mul(x, p)
        z = Mul(half, h)
        u = Softplus(z)
        v = Tanh(u)
        y = Mul(z, v)
      }
      """
    let analysis = try Analysis(try ONNXTextFormat.parse(text))
    #expect(groups(analysis) == [Array(0...8), [9, 10, 11]])
  }

  @Test func `a function that its author wrote in pieces stays in pieces`() throws {
    let text = """
      g (float[8,64] x) => (y)
        <float half = {0.5}, float three = {3}, float k = {0.044715}, float b = {0.7978845608}, float one = {1}> {
        h = Mul(x, half)
        c = Pow(x, three)
        m = Mul(c, k)
        a = Add(x, m)
        i = Mul(a, b)
        t = Tanh(i)
        p = Add(t, one)
        y = Mul(h, p)
      }
      """
    let analysis = try Analysis(try ONNXTextFormat.parse(text))
    #expect(groups(analysis) == (0..<8).map { [$0] })
  }

  @Test func `layer normalisation whose moments have more bits is one kernel too`() throws {
    let text = """
      g (float16[8,64] x) => (y) <float two = {2}, float e = {0.00001}, float16[64] w, float16[64] b> {
        m = ReduceMean <axes = [-1]> (x)
        d = Sub(x, m)
        f = Cast <to = 1> (d)
        s = Pow(f, two)
        v = ReduceMean <axes = [-1]> (s)
        a = Add(v, e)
        r = Sqrt(a)
        n = Div(f, r)
        c = Cast <to = 10> (n)
        g = Mul(c, w)
        y = Add(g, b)
      }
      """
    let analysis = try Analysis(try ONNXTextFormat.parse(text))
    #expect(groups(analysis) == [Array(0...10)])
  }

  @Test func `a framework takes the reciprocal of a square root in one kernel`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [8, 16])
    let root = net.node("Sqrt", [net.node("Neg", [x])])
    let y = net.node("Div", [try net.weights([]), root])
    #expect(groups(try net.analysis(returning: [y])) == [[0], [1, 2]])
    let z = net.node("Div", [x, net.node("Sqrt", [net.node("Neg", [x])])])
    #expect(groups(try net.analysis(returning: [z])).suffix(3) == [[3], [4], [5]])
  }

  @Test func `a framework runs layer normalisation and GELU as the one operator they were`() throws
  {
    var net = NetworkBuilder()
    let x = net.input("x", [8, 16, 32])
    let axes = [Attribute("axes", .ints([-1]))]
    let centred = net.node("Sub", [x, net.node("ReduceMean", [x], axes)])
    let squares = net.node("Pow", [centred, try net.weights([])])
    let variance = net.node(
      "Add", [net.node("ReduceMean", [squares], axes), try net.weights([])])
    let normal = net.node("Div", [centred, net.node("Sqrt", [variance])])
    let scaled = net.node("Mul", [normal, try net.weights([32])])
    let y = net.node("Add", [scaled, try net.weights([32])])
    let erf = net.node("Erf", [net.node("Div", [y, try net.weights([])])])
    let gate = net.node("Mul", [y, net.node("Add", [erf, try net.weights([])])])
    let z = net.node("Mul", [gate, try net.weights([])])
    let kernels = Fusion.kernels(
      of: try net.analysis(returning: [z]), under: Scenario(runtime: .eager))
    #expect(kernels.map(\.members) == [[0, 1, 2, 3, 4, 5, 6, 7, 8], [9, 10, 11, 12, 13]])
    #expect(kernels.map(\.operation) == [.normalization, .elementwise])
    #expect(kernels[0].rowBytes == 128)
  }
}
