import Cost
import Foundation
import Graph
import Testing

@testable import Rules

/// What the rules say of the real networks in `examples`, at batch 1 on a T4.
@Suite struct ExamplesTests {
  private func codes(_ name: String) throws -> [String: Double] {
    let model = try ModelFile.read(root.appending(path: "examples/\(name).onnx").path)
    let device = try #require(try Device.named("t4"))
    let estimate = Estimate(try Analysis(model), on: device, under: Scenario())
    #expect(estimate.analysis.totals.coverage.share == 1)
    let findings = Linter().lint(estimate).findings
    return Dictionary(findings.map { ($0.code, $0.share) }, uniquingKeysWith: max)
  }

  @Test func `VGG-16's dense head is oversized, and mending it saves energy`() throws {
    #expect(try codes("vgg16")["NNC501"] ?? 0 > 0.1)
  }

  @Test(arguments: ["resnet50", "bert_base", "mobilenet_v2"])
  func `small heads are left alone`(_ name: String) throws {
    #expect(try codes(name)["NNC501"] == nil)
  }

  @Test(arguments: ["vgg16", "resnet50", "bert_base", "mobilenet_v2"])
  func `networks of useful depth are left alone`(_ name: String) throws {
    #expect(try codes(name)["NNC506"] == nil)
  }
}
