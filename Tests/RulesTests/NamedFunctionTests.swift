import Cost
import Graph
import Testing

@testable import Rules

/// What pieces compute is told by its values, however they are arranged.
@Suite struct NamedFunctionTests {
  /// A graph of `lines` over one tensor, each of whose numbers is a constant of its own.
  private func subject(_ lines: String, type: String = "float", weights: String = "") throws
    -> Subject
  {
    // As the type rounds them.
    let isHalf = type == "float16"
    let root = isHalf ? "1.4140625" : "1.4142135"
    let cubes = isHalf ? "0.044708252" : "0.044715"
    let scale = isHalf ? "0.79785156" : "0.7978845608"
    let text = """
      g (\(type)[2,8,64] x) => (y)
        <\(type) half = {0.5}, \(type) one = {1.0}, \(type) two = {2.0}, \(type) three = {3.0},
        \(type) six = {6.0}, \(type) zero = {0.0}, \(type) e = {0.00001}, \(type) root = {\(root)},
        \(type) k = {\(cubes)}, \(type) b = {\(scale)}, \(type) q = {1.702},
        int64[1] last = {-1}\(weights)> {
      \(lines)
      }
      """
    let device = try #require(try Device.named("t4"))
    return Subject(
      Estimate(
        try Analysis(try ONNXTextFormat.parse(text)), on: device,
        under: Scenario(runtime: .eager)))
  }

  /// What the smallest region that ends in the last node and has a name is called, and the largest.
  private func titles(_ subject: Subject) -> [String] {
    FunctionRegion.all(endingIn: subject.steps.count - 1, subject).compactMap { region in
      guard let type = subject.tensor(region.operand)?.type,
        let rows = NumberRows(region, subject)
      else { return nil }
      return NamedFunction(rows, type)?.title
    }
  }

  @Test(arguments: [
    ("d = Div(x, root) e1 = Erf(d) a = Add(e1, one) h = Mul(x, half) y = Mul(h, a)", "a GELU"),
    (
      "c = Mul(x, x) d = Mul(c, x) f = Mul(d, k) a = Add(f, x) i = Mul(b, a) t = Tanh(i) p = Add(one, t) m = Mul(x, p) y = Mul(m, half)",
      "a GELU by tanh"
    ),
    // What phi and bloom factor out.
    (
      "c = Mul(x, x) f = Mul(c, k) a = Add(f, one) g = Mul(x, b) i = Mul(g, a) t = Tanh(i) p = Add(one, t) m = Mul(x, half) y = Mul(m, p)",
      "a GELU by tanh"
    ),
    ("s = Sigmoid(x) y = Mul(s, x)", "a SiLU"),
    ("n = Neg(x) e1 = Exp(n) a = Add(e1, one) y = Div(x, a)", "a SiLU"),
    ("m = Mul(q, x) s = Sigmoid(m) y = Mul(x, s)", "a quick GELU"),
    ("m = Mul(two, x) s = Sigmoid(m) y = Mul(x, s)", "a swish"),
    ("s = Softplus(x) t = Tanh(s) y = Mul(x, t)", "a Mish"),
    ("e1 = Exp(x) a = Add(e1, one) l = Log(a) t = Tanh(l) y = Mul(t, x)", "a Mish"),
    ("e1 = Exp(x) a = Add(one, e1) y = Log(a)", "a softplus"),
    ("n = Neg(x) e1 = Exp(n) a = Add(e1, one) y = Reciprocal(a)", "a sigmoid"),
    ("a = Add(x, three) c = Clip(a, zero, six) d = Div(c, six) y = Mul(d, x)", "a hard swish"),
    ("a = Add(x, three) r = Relu(a) c = Min(r, six) d = Mul(x, c) y = Div(d, six)", "a hard swish"),
    ("a = Add(x, three) c = Clip(a, zero, six) y = Div(c, six)", "a hard sigmoid"),
    ("e1 = Exp(x) s = ReduceSum <keepdims = 1> (e1, last) y = Div(e1, s)", "a softmax"),
    ("s = Softmax <axis = -1> (x) y = Log(s)", "a logarithm of a softmax"),
    ("l = ReduceLogSumExp <keepdims = 1> (x, last) y = Sub(x, l)", "a logarithm of a softmax"),
    (
      "s = Mul(x, x) m = ReduceMean <keepdims = 1> (s, last) a = Add(m, e) r = Sqrt(a) y = Div(x, r)",
      "an RMS normalisation"
    ),
    (
      "m = ReduceMean <keepdims = 1> (x, last) d = Sub(x, m) s = Pow(d, two) v = ReduceMean <keepdims = 1> (s, last) a = Add(v, e) r = Sqrt(a) y = Div(d, r)",
      "a layer normalisation"
    ),
    // Axes that are left out and put back.
    (
      "s = Mul(x, x) m = ReduceMean <keepdims = 0> (s, last) u = Unsqueeze(m, last) a = Add(u, e) r = Sqrt(a) y = Div(x, r)",
      "an RMS normalisation"
    ),
  ])
  func `a function has one name in every form`(_ lines: String, _ title: String) throws {
    #expect(titles(try subject(lines)).last == title)
  }

  @Test(arguments: [
    // Other factors than the function's.
    "d = Div(x, two) e1 = Erf(d) a = Add(e1, one) h = Mul(x, half) y = Mul(h, a)",
    "a = Add(x, two) c = Clip(a, zero, six) d = Div(c, six) y = Mul(d, x)",
    "s = Softplus(x) t = Tanh(s) y = Mul(t, t)",
    // The deviation plus an epsilon, not the root of the variance plus one.
    "s = Mul(x, x) m = ReduceMean <keepdims = 1> (s, last) r = Sqrt(m) a = Add(r, half) y = Div(x, a)",
    // Over the positions, not over each row.
    "s = Mul(x, x) m = ReduceMean <axes = [1], keepdims = 1> (s) a = Add(m, e) r = Sqrt(a) y = Div(x, r)",
    "a = Add(x, one) y = Mul(a, x)",
  ])
  func `what differs in a number or an axis has none`(_ lines: String) throws {
    #expect(titles(try subject(lines)).isEmpty)
  }

  @Test func `numbers rounded to sixteen bits still make the function, and the closer form holds`()
    throws
  {
    let erf = "d = Div(x, root) e1 = Erf(d) a = Add(e1, one) h = Mul(x, half) y = Mul(h, a)"
    #expect(titles(try subject(erf, type: "float16")) == ["a GELU"])
    let power =
      "c = Pow(x, three) m = Mul(c, k) a = Add(x, m) i = Mul(a, b) t = Tanh(i) p = Add(t, one) h = Mul(x, half) y = Mul(h, p)"
    #expect(titles(try subject(power, type: "float16")) == ["a GELU by tanh"])
  }

  /// What a path gives for the numbers that functions are told by first, and what its rows give for them.
  private func probed(_ lines: String) throws -> (numbers: [Double], rows: [Double]) {
    let subject = try subject(lines)
    let region = try #require(
      FunctionRegion.all(endingIn: subject.steps.count - 1, subject).last)
    #expect(region.isPath)
    var numbers = NamedFunction.probes
    for node in region.nodes {
      numbers = numbers.map(try #require(NumberRows.piece(of: subject.steps[node])))
    }
    let rows = try #require(NumberRows(region, subject))
    let places = NamedFunction.probes.compactMap { NumberRows.samples.firstIndex(of: $0) }
    return (numbers, places.map { rows.result[$0] })
  }

  @Test(arguments: [
    "n = Neg(x) e1 = Exp(n) a = Add(e1, one) y = Reciprocal(a)",
    "n = Neg(x) e1 = Exp(n) a = Add(one, e1) y = Div(one, a)",
    "e1 = Exp(x) a = Add(e1, one) y = Log(a)",
    "a = Add(x, three) c = Clip(a, zero, six) y = Div(c, six)",
    "h = Mul(half, x) t = Tanh(h) m = Mul(t, half) y = Add(m, half)",
  ])
  func `two numbers do not rule out a path that has a name`(_ lines: String) throws {
    let (numbers, rows) = try probed(lines)
    #expect(numbers == rows)
    #expect(NamedFunction.mayBe(numbers, .float32))
  }

  @Test(arguments: [
    "a = Add(x, half) r = Relu(a) b1 = Sub(one, r) y = Mul(b1, two)",
    "n = Neg(x) e1 = Exp(n) a = Add(e1, two) y = Reciprocal(a)",
  ])
  func `two numbers rule out a path that has none`(_ lines: String) throws {
    let (numbers, rows) = try probed(lines)
    #expect(numbers == rows)
    #expect(!NamedFunction.mayBe(numbers, .float32))
  }

  @Test func `a node that reads one value twice works on each element`() throws {
    let subject = try subject("s = Mul(x, x) d = Add(s, s) y = Mul(d, x)")
    let square = try #require(NumberRows.piece(of: subject.steps[0]))
    let double = try #require(NumberRows.piece(of: subject.steps[1]))
    #expect(square(3) == 9)
    #expect(double(9) == 18)
    #expect(NumberRows.piece(of: subject.steps[2]) == nil)
  }

  @Test func `the gain and the bias are told apart, whichever is written first`() throws {
    let lines = """
      m = ReduceMean <keepdims = 1> (x, last)
      d = Sub(x, m)
      s = Mul(d, d)
      v = ReduceMean <keepdims = 1> (s, last)
      a = Add(v, e)
      r = Sqrt(a)
      n = Div(d, r)
      h = Mul(g, n)
      y = Add(c, h)
      """
    let subject = try subject(lines, weights: ", float[64] c, float[64] g")
    let region = try #require(FunctionRegion.all(endingIn: 8, subject).last)
    let rows = try #require(NumberRows(region, subject))
    let function = try #require(NamedFunction(rows, .float32))
    #expect(function.op == "LayerNormalization")
    let names = function.weights.map { place in
      place.map { subject.scope.body.values[rows.weights[$0]].name }
    }
    #expect(names == ["g", "c"])
    #expect(function.attributes.map(\.name) == ["axis", "epsilon"])
  }

  @Test func `what only passes its operand on is no part of a function`() throws {
    let rule = Linter(rules: [DecomposedCompositeOp.self])
    // One kernel of the framework, behind a product with 1.
    let plain = try subject("m = Mul(x, one) s = Sigmoid(m) y = Mul(m, s)")
    #expect(rule.lint(plain.estimate).findings.isEmpty)
  }

  @Test func `rows along an axis that the operand does not have are none of its`() throws {
    let lines = """
      f = Constant <value_ints = [0, 1]> ()
      u = Unsqueeze(x, f)
      m = ReduceMean <keepdims = 1> (u, last)
      d = Sub(u, m)
      s = Squeeze(d, f)
      y = Mul(s, half)
      """
    #expect(titles(try subject(lines)) == [])
  }

  @Test func `a scale that a function lacks takes no memory, however long its rows claim to be`()
    throws
  {
    let model = try ONNXTextFormat.parse(
      """
      <opset_import: ["": 24]>
      g (float[64,100000000000] x) => (y) <float e = {0.00001}, int64[1] last = {-1}> {
        s = Mul(x, x) m = ReduceMean(s, last) a = Add(m, e) r = Sqrt(a) y = Div(x, r)
      }
      """)
    let device = try #require(try Device.named("t4"))
    let eager = Estimate(try Analysis(model), on: device, under: Scenario(runtime: .eager))
    let result = Linter(rules: [DecomposedCompositeOp.self]).lint(eager)
    #expect(result.findings.map(\.code) == ["NNC331"])
  }

  @Test func `an engine joins pieces by itself`() throws {
    let pieces =
      "c = Pow(x, three) m = Mul(c, k) a = Add(x, m) i = Mul(a, b) t = Tanh(i) p = Add(t, one) h = Mul(x, half) y = Mul(h, p)"
    let eager = try subject(pieces).estimate
    let rule = Linter(rules: [DecomposedCompositeOp.self])
    #expect(rule.lint(eager).findings.map(\.code) == ["NNC331"])
    let fused = Estimate(eager.analysis, on: eager.device, under: Scenario())
    #expect(rule.lint(fused).findings.isEmpty)
  }
}
