import Cost
import Foundation
import Testing

@testable import Graph
@testable import Rules

/// What a rewrite does not reach is taken over, and everything is as if analysed anew.
@Suite struct ReuseTests {
  private func expectSame(_ model: Model, _ runtime: Runtime) throws {
    let device = try #require(try Device.named("t4"))
    let before = Estimate(try Analysis(model), on: device, under: Scenario(runtime: runtime))
    let subject = Subject(before)
    var rewrites: [Rewrite] = []
    for rule in allRules {
      rule.init().check(subject) { report in
        if case .rewrite(let rewrite) = report.remedy { rewrites.append(rewrite) }
      }
    }
    // All places of a big network would take for ever; these are as good as any.
    for rewrite in rewrites.prefix(12) + rewrites.suffix(12) {
      let quick = try Analysis(before.analysis, applying: rewrite)
      let whole = try Analysis(
        before.analysis.model.applying(rewrite), binding: before.analysis.binding.request,
        isFitting: true)
      #expect(quick.placements == whole.placements)
      for (a, b) in zip(quick.scopes, whole.scopes) {
        #expect(a.infos == b.infos)
        #expect(a.constants == b.constants)
        #expect(a.steps.map(\.state) == b.steps.map(\.state))
        #expect(a.steps.map(\.work) == b.steps.map(\.work))
      }
      #expect(quick.totals == whole.totals)
      let (priced, anew) = (
        Estimate(quick, on: device, under: before.scenario),
        Estimate(whole, on: device, under: before.scenario)
      )
      #expect(priced.joules.value.bitPattern == anew.joules.value.bitPattern)
      #expect(priced.seconds.value.bitPattern == anew.seconds.value.bitPattern)
    }
  }

  @Test(arguments: allRules.map { $0.page.code }) func `examples`(_ code: String) throws {
    let page = try #require(allRules.first { $0.page.code == code }?.page)
    for example in page.triggers + page.passes {
      let model = try ONNXTextFormat.parse(example.text.replacing("↓", with: " "))
      try expectSame(model, page.runtime)
    }
  }

  @Test(arguments: ["vgg16", "resnet50", "bert_base", "mobilenet_v2"])
  func `networks`(_ name: String) throws {
    try expectSame(
      try ModelFile.read(root.appending(path: "examples/\(name).onnx").path), .eager)
  }

  /// `NNCOST_SHARED` names the folder with the test data; without one there is nothing to look at.
  @Test func `networks of the test data`() throws {
    guard let data = ProcessInfo.processInfo.environment["NNCOST_SHARED"] else { return }
    let folder = URL(filePath: data).appending(path: "corpus/models")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      guard name.hasSuffix(".onnx") else { continue }
      try expectSame(try ModelFile.read(folder.appending(path: name).path), .fused)
    }
  }

  @Test func `a value that nobody computes any more is unknown`() throws {
    let model = try ONNXTextFormat.parse(
      "g (float[4] x) => (y) { a = Relu(x)  b = Exp(a)  y = Tanh(b) }")
    var rewrite = Rewrite()
    rewrite.removed = [0]
    let after = try Analysis(Analysis(model), applying: rewrite)
    #expect(after.scope.steps.map { $0.error == nil } == [false, false])
  }
}
