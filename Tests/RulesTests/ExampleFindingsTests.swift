import Cost
import Foundation
import Graph
import Testing

@testable import Rules

/// Every finding on the networks in `examples`, for a reader to judge line by line.
///
/// Without figures, since a new device table moves those.
@Suite struct ExampleFindingsTests {
  @Test func `the findings on the examples are those recorded`() throws {
    let device = try #require(try Device.named("t4"))
    var lines: [String] = []
    for name in ["bert_base", "mobilenet_v2", "resnet50", "vgg16"] {
      let model = try ModelFile.read(root.appending(path: "examples/\(name).onnx").path)
      for (runtime, batch) in [(Runtime.eager, 1), (.eager, 32), (.fused, 1), (.fused, 32)] {
        let analysis = try Analysis(model, binding: Binding.Request(batch: batch))
        let estimate = Estimate(analysis, on: device, under: Scenario(runtime: runtime))
        let findings = Linter().lint(estimate).findings.sorted { $0.code < $1.code }
        lines += findings.map { finding in
          """
          \(name) \(runtime.rawValue) batch \(batch): \(finding.level.rawValue) \(finding.code) \(finding.name), \
          \(counted(finding.places.count, "place")), first \(finding.landmarks.first ?? "nowhere")
            fix: \(finding.fix)
          """
        }
      }
    }
    try expectFile(
      "Tests/RulesTests/Snapshots/examples.txt", holds: lines.joined(separator: "\n") + "\n")
  }
}
