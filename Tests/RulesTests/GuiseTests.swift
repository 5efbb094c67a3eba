import Cost
import Graph
import Testing

@testable import Rules

/// The same waste as other exporters and other authors write it, and what only looks like it.
@Suite struct GuiseTests {
  private func findings(_ text: String, _ runtime: Runtime = .eager) throws -> [Finding] {
    let device = try #require(try Device.named("t4"))
    var settings = Settings()
    settings.minimumJoules = 0
    settings.minimumShare = 0
    let model = try ONNXTextFormat.parse(text)
    return Linter(settings: settings)
      .lint(Estimate(try Analysis(model), on: device, under: Scenario(runtime: runtime))).findings
  }

  private func finding(_ code: String, _ text: String, _ runtime: Runtime = .eager) throws
    -> Finding?
  {
    try findings(text, runtime).first { $0.code == code }
  }

  @Test func `an enlarged picture is told by its rows and columns, whatever the layout`() throws {
    let text = """
      g (float[1,28,28,1] x) => (y)
        <float[4] s = {1, 1, 8, 8}, float[64,1,7,7] w, float[10,64] v> {
        t = Transpose <perm = [0, 3, 1, 2]> (x)
        u = Resize <mode = "linear"> (t, , s)
        c = Conv <pads = [3, 3, 3, 3], strides = [2, 2]> (u, w)
        p = GlobalAveragePool(c)
        f = Flatten(p)
        y = Gemm <transB = 1> (f, v)
      }
      """
    let message = try #require(try finding("NNC550", text)?.message)
    #expect(message.hasPrefix("a picture of 28x28 is enlarged to 224x224, 64.0 times"))
  }

  @Test func `maps are known by their rows and columns behind a transpose too`() throws {
    let channelsLast = """
      g (float[1,256,256,3] x) => (y) <float[64,3,3,3] a, float[64,64,3,3] b, float[64,64,2,2] u, float[2,64,1,1] o> {
        t = Transpose <perm = [0, 3, 1, 2]> (x)
        c = Conv <pads = [1, 1, 1, 1]> (t, a)
        r = Relu(c)
        p = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (r)
        d = Conv <pads = [1, 1, 1, 1]> (p, b)
        e = ConvTranspose <strides = [2, 2]> (d, u)
        f = Conv <pads = [1, 1, 1, 1]> (e, b)
        h = Conv(f, o)
        y = Transpose <perm = [0, 2, 3, 1]> (h)
      }
      """
    #expect(try finding("NNC514", channelsLast) != nil)
  }

  @Test func `what is taken from a picture of full size counts as computed at full size`() throws {
    let layers = (1...8).map {
      "  c\($0) = Conv <pads = [1, 1, 1, 1]> (r\($0 - 1), v) r\($0) = Relu(c\($0))"
    }
    let text = """
      g (float[1,1,256,256] x) => (y) <float[64,1,3,3] a, float[64,64,3,3] v, float[1,64,3,3] b> {
        c0 = Conv <pads = [1, 1, 1, 1]> (x, a) r0 = Relu(c0)
      \(layers.joined(separator: "\n"))
        n = Conv <pads = [1, 1, 1, 1]> (r8, b)
        y = Sub(x, n)
      }
      """
    #expect(try finding("NNC514", text) != nil)
  }

  @Test func `a head that makes a vector for one picture is a head too`() throws {
    let text = """
      g (float[1,3,64,64] x) => (y) <float[64,3,3,3] w, float[262144,4096] d, float[4096,1000] e> {
        a = Conv <pads = [1, 1, 1, 1]> (x, w)
        b = Relu(a)
        s = Constant <value_ints = [-1]> ()
        c = Reshape(b, s)
        f = MatMul(c, d)
        h = Relu(f)
        y = MatMul(h, e)
      }
      """
    #expect(try finding("NNC501", text) != nil)
  }

  @Test func `a dense layer written as a convolution is no large kernel`() throws {
    let text = """
      g (float[1,3,56,56] x) => (y) <float[256,3,8,8] w, float[1024,256,7,7] v> {
        c = Conv <strides = [8, 8]> (x, w)
        r = Relu(c)
        y = Conv(r, v)
      }
      """
    #expect(try finding("NNC511", text) == nil)
    #expect(try finding("NNC501", text) != nil)
  }

  @Test func `a tensor that is normalised beside convolutions of it can be folded`() throws {
    let block = """
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
        d = BatchNormalization(x, s, o, m, v)
        e = Add(c, d)
        y = Relu(e)
      """
    let text = """
      g (float[1,64,56,56] x0) => (y)
        <float[64,64,3,3] w, float[64] s, float[64] o, float[64] m, float[64] v> {
        x = Relu(x0)
      \(block)
      }
      """
    #expect(try finding("NNC220", text) != nil)
    #expect(try finding("NNC330", text) == nil)
  }

  @Test func `many small kernels beside a few layers are counted as kernels`() throws {
    let towers = (0..<60).map { "  e\($0) = Gather(t\($0), i)" }
    let tables = (0..<60).map { "float[1000,32] t\($0)" }
    let text = """
      g (int64[1] i) => (y) <\(tables.joined(separator: ", ")), float[1920,64] w> {
      \(towers.joined(separator: "\n"))
        c = Concat <axis = 1> (\((0..<60).map { "e\($0)" }.joined(separator: ", ")))
        y = MatMul(c, w)
      }
      """
    let message = try #require(try finding("NNC507", text)?.message)
    #expect(message.contains("kernels hold less work"))
    #expect(!message.contains("layers"))
  }

  @Test func `a frozen normalisation behind a layer is one finding, not two`() throws {
    let text = """
      g (float[1,64,56,56] x) => (y)
        <float[64,64,3,3] w, float[64] s, float[64] b, float[64] m, float[64] v, float[1,64,1,1] g> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
        n = BatchNormalization(c, s, b, m, v)
        k = Mul(n, g)
        y = Relu(k)
      }
      """
    let found = try findings(text).filter { $0.code == "NNC228" }
    #expect(found.count == 1)
    #expect(found.first?.nodes.count == 2)
    #expect(found.first?.isFixable == true)
  }

  @Test(arguments: [(2304, false), (64, true)])
  func `attention whose scores are few beside its operands is none worth a kernel`(
    _ depth: Int, _ isReported: Bool
  ) throws {
    let text = """
      g (float[4,64,\(depth)] q, float[4,\(depth),64] k, float[4,64,\(depth)] v) => (y) {
        s = MatMul(q, k)
        p = Softmax <axis = -1> (s)
        y = MatMul(p, v)
      }
      """
    #expect(try (finding("NNC322", text) != nil) == isReported)
  }

  @Test func `a mask drawn without a division is not known to be a dropout`() throws {
    let text = """
      g (float[8,128,256] x) => (y) <float half = {0.5}> {
        r = RandomUniformLike(x)
        l = Less(r, half)
        m = Cast <to = 1> (l)
        y = Mul(x, m)
      }
      """
    #expect(try finding("NNC234", text) == nil)
  }

  @Test func `a shift before a padded convolution stays, and a shift by nothing goes`() throws {
    func network(_ shift: Double) -> String {
      """
      g (float[8,3,224,224] x) => (y) <float[64,3,7,7] w, float s = {0.004}, float h = {\(shift)}> {
        a = Mul(x, s)
        b = Add(a, h)
        y = Conv <pads = [3, 3, 3, 3], strides = [2, 2]> (b, w)
      }
      """
    }
    #expect(try finding("NNC251", network(0.5)) == nil)
    #expect(try finding("NNC251", network(0))?.nodes.count == 2)
  }

  @Test func `heads that share their first layer are two places, each with a node of its own`()
    throws
  {
    let text = """
      g (float[1,3,32,32] x) => (m, v)
        <float[64,3,3,3] w, float[256,65536] a, float[64,256] b, float[64,256] c> {
        k = Conv <pads = [1, 1, 1, 1]> (x, w)
        f = Flatten(k)
        h = Gemm <transB = 1> (f, a)
        r = Relu(h)
        m = Gemm <transB = 1> (r, b)
        v = Gemm <transB = 1> (r, c)
      }
      """
    let found = try #require(try finding("NNC501", text))
    #expect(found.places.count == 2)
    #expect(Set(found.nodes).count == 3)
  }

  @Test func `findings that one engine mends name the one that saves the same joules`() throws {
    let lines = (0..<60).map { index in
      """
        c\(index) = Conv <group = 32, pads = [1, 1, 1, 1]> (\(index == 0 ? "x" : "s\(index - 1)"), w)
        g\(index) = Sigmoid(c\(index))
        h\(index) = Mul(c\(index), g\(index))
        i\(index) = Tanh(h\(index))
        j\(index) = Softplus(i\(index))
        k\(index) = Erf(j\(index))
        l\(index) = Sigmoid(k\(index))
        m\(index) = Tanh(l\(index))
        s\(index) = Mul(m\(index), h\(index))
      """
    }
    let text = """
      g (float[1,32,8,8] x) => (s59) <float[32,1,3,3] w> {
      \(lines.joined(separator: "\n"))
      }
      """
    let found = try findings(text).filter { ["NNC332", "NNC507"].contains($0.code) }
    #expect(found.count == 2)
    #expect(found.first?.sameSavingAs == nil)
    #expect(found.last?.sameSavingAs == found.first?.code)
    #expect(found.first?.saving == found.last?.saving)
  }
}
