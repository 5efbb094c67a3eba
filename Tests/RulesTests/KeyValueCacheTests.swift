import Cost
import Graph
import Testing

@testable import Rules

@Suite struct KeyValueCacheTests {
  /// One layer of a decoder that reads a cache; the layers of keys and values end in what `projections` says.
  private func decoder(
    heads: Int = 8, keyHeads: Int? = nil, batch: Int = 8, past: Int = 2047, layout: Layout = .apart
  ) -> String {
    let kept = keyHeads ?? heads
    let width = heads * 64
    let projections =
      switch layout {
      case .apart:
        """
          q = MatMul(x, wq)
          k = MatMul(x, wk)
          v = MatMul(x, wv)
        """
      case .together:
        """
          m = MatMul(x, w)
          n = Add(m, b)
          q, k, v = Split <axis = -1> (n, e)
        """
      }
    let weights =
      switch layout {
      case .apart:
        "float[\(width),\(width)] wq, float[\(width),\(kept * 64)] wk, float[\(width),\(kept * 64)] wv"
      case .together:
        "float[\(width),\(3 * width)] w, float[\(3 * width)] b, int64[3] e = {\(width), \(width), \(width)}"
      }
    return """
      g (float[\(batch),1,\(width)] x, float[\(batch),\(kept),\(past),64] past_key, float[\(batch),\(kept),\(past),64] past_value) => (y, key, value)
        <\(weights), float[\(width),\(width)] wo, int64[4] s = {\(batch), 1, \(heads), 64},
        int64[4] t = {\(batch), 1, \(kept), 64}, int64[3] j = {\(batch), 1, \(width)}> {
      \(projections)
        qr = Reshape(q, s)
        kr = Reshape(k, t)
        vr = Reshape(v, t)
        qt = Transpose <perm = [0, 2, 1, 3]> (qr)
        kt = Transpose <perm = [0, 2, 1, 3]> (kr)
        vt = Transpose <perm = [0, 2, 1, 3]> (vr)
        key = Concat <axis = 2> (past_key, kt)
        value = Concat <axis = 2> (past_value, vt)
        f = Transpose <perm = [0, 1, 3, 2]> (key)
        a = MatMul(qt, f)
        p = Softmax <axis = -1> (a)
        z = MatMul(p, value)
        zt = Transpose <perm = [0, 2, 1, 3]> (z)
        zr = Reshape(zt, j)
        y = MatMul(zr, wo)
      }
      """
  }

  private enum Layout: CaseIterable { case apart, together }

  private func subject(_ text: String, _ runtime: Runtime = .fused) throws -> Subject {
    let device = try #require(try Device.named("t4"))
    return Subject(
      Estimate(
        try Analysis(try ONNXTextFormat.parse(text)), on: device,
        under: Scenario(runtime: runtime)))
  }

  private func reports(_ subject: Subject) -> [Report] {
    var all: [Report] = []
    KVHeadRedundancy().check(subject) { all.append($0) }
    return all
  }

  @Test(arguments: [8: 2, 12: 3, 32: 8, 64: 8, 40: 8, 6: 1, 25: 5, 2: 1])
  func `eight heads are kept, or a quarter`(_ heads: Int, _ kept: Int) {
    #expect(KVHeadRedundancy.kept(of: heads) == kept)
  }

  @Test func `one head is shared already`() { #expect(KVHeadRedundancy.kept(of: 1) == nil) }

  @Test(arguments: [true, false])
  func `the network after is that with fewer heads, priced alike`(_ isTogether: Bool) throws {
    for runtime in [Runtime.fused, .eager] {
      let before = try subject(decoder(layout: isTogether ? .together : .apart), runtime)
      let report = try #require(reports(before).first)
      let after = try #require(before.estimate(after: [report.remedy]))
      #expect(after.analysis.totals.coverage.uncounted == [])
      // The cache that is returned is a quarter of what it was.
      let returned = after.analysis.scope.outputs.dropFirst().compactMap { $0?.tensor?.dims }
      #expect(returned == [[8, 2, 2048, 64], [8, 2, 2048, 64]])
      // As many products of scores, and layers for two heads.
      let macs = after.analysis.totals.work.macs
      #expect(macs == 8 * (2 * 512 * 512 + 2 * 512 * 128) + 2 * 8 * 8 * 2048 * 64)
      #expect(after.joules.value < before.estimate.joules.value)
    }
  }

  @Test func `heads that are shared already are left alone`() throws {
    let text = decoder(keyHeads: 2).replacing(
      "f = Transpose <perm = [0, 1, 3, 2]> (key)",
      with: """
        i = Constant <value_ints = [2]> ()
          ku = Unsqueeze(key, i)
          e = Constant <value_ints = [8, 2, 4, 2048, 64]> ()
          ke = Expand(ku, e)
          h = Constant <value_ints = [8, 8, 2048, 64]> ()
          kh = Reshape(ke, h)
          f = Transpose <perm = [0, 1, 3, 2]> (kh)
        """
    ).replacing(
      "z = MatMul(p, value)",
      with: """
        vu = Unsqueeze(value, i)
          ve = Expand(vu, e)
          vh = Reshape(ve, h)
          z = MatMul(p, vh)
        """)
    #expect(reports(try subject(text)).isEmpty)
  }

  @Test func `queries that are stacked up to share heads are left alone`() throws {
    let text = decoder(keyHeads: 2)
      .replacing(
        "a = MatMul(qt, f)",
        with: """
          i = Constant <value_ints = [8, 2, 4, 64]> ()
            qs = Reshape(qt, i)
            a = MatMul(qs, f)
          """
      )
      .replacing(
        "zt = Transpose <perm = [0, 2, 1, 3]> (z)",
        with: """
          h = Constant <value_ints = [8, 8, 1, 64]> ()
            zs = Reshape(z, h)
            zt = Transpose <perm = [0, 2, 1, 3]> (zs)
          """)
    #expect(reports(try subject(text)).isEmpty)
  }

  @Test func `a cache that is little beside the weights is not told of`() throws {
    #expect(reports(try subject(decoder(batch: 1, past: 63))).isEmpty)
    #expect(!reports(try subject(decoder(batch: 1, past: 4095))).isEmpty)
  }

  @Test func `a layer that cannot be told leaves its heads to be cut`() throws {
    // What is read elsewhere too stays as wide as it is.
    let text = decoder().replacing("=> (y, key, value)", with: "=> (y, key, value, k)")
    let before = try subject(text)
    let report = try #require(reports(before).first)
    let after = try #require(before.estimate(after: [report.remedy]))
    #expect(after.analysis.scope.steps.contains { $0.node.op == "Slice" })
    #expect(after.analysis.scope.outputs.last??.tensor?.dims == [8, 1, 512])
  }

  @Test func `no file is written with what nobody has trained`() throws {
    let before = try subject(decoder())
    let findings = Linter(rules: [KVHeadRedundancy.self]).lint(before.estimate).findings
    #expect(findings.map(\.code) == ["NNC524"])
    #expect(findings.allSatisfy { !$0.isExact && !$0.isFixable })
  }
}
