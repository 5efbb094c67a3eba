import Foundation
import Testing

@testable import CLI

/// One model on several devices.
@Suite struct DeviceMatrixTests {
  private func run(_ words: [String]) -> Reply {
    Program.run(words, on: Terminal(isInteractive: false) { _ in nil })
  }

  @Test func `cost runs each model on each device, in the order of the command line`() throws {
    let project = try Project(["a.onnxtxt": productModel(512), "b.onnxtxt": productModel(64)])
    let reply = run(
      ["cost", project.root.path, "-d", "l4", "--device=t4", "-d", "h100", "-f", "json"])
    #expect(reply.exit == .clean && reply.messages.isEmpty)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(reply.output)) as? [String: Any])
    let models = try #require(json["models"] as? [[String: Any]])
    let names = models.map { model in
      let path = (model["path"] as? String ?? "").split(separator: "/").last ?? ""
      return "\(path) \((model["assumptions"] as? [String: Any])?["device"] as? String ?? "")"
    }
    #expect(
      names == [
        "a.onnxtxt l4", "a.onnxtxt t4", "a.onnxtxt h100", "b.onnxtxt l4", "b.onnxtxt t4",
        "b.onnxtxt h100",
      ])
    func joules(_ index: Int) -> Double? {
      ((models[index]["cost"] as? [String: Any])?["joules"] as? [String: Double])?["value"]
    }
    #expect(joules(0) != nil && joules(0) != joules(1) && joules(1) != joules(2))
    // As if each had been asked for alone.
    let alone = run(["cost", project.path("a.onnxtxt"), "-d", "t4", "-f", "csv"]).output
    let both = run(["cost", project.path("a.onnxtxt"), "-d", "t4", "-d", "l4", "-f", "csv"]).output
    #expect(both.starts(with: alone))
  }

  @Test func `a page names all boards, and counts a model once`() throws {
    let project = try Project(["a.onnxtxt": productModel(512)])
    let reply = run(["cost", project.path("a.onnxtxt"), "-d", "t4", "-d", "l4", "-f", "html"])
    let text = String(decoding: reply.output, as: UTF8.self)
    #expect(
      text.contains(
        "<p>1 model on NVIDIA Tesla T4 (published measurements), NVIDIA L4 (data sheet); "))
  }

  @Test func `what cannot be read is said once`() throws {
    let project = try Project(["a.onnxtxt": productModel(512), "b.onnx": "no model"])
    let reply = run(["cost", project.root.path, "-d", "t4", "-d", "l4"])
    #expect(reply.exit == .input)
    #expect(reply.messages.count == 1)
    #expect(String(decoding: reply.output, as: UTF8.self).split(separator: "\n").count == 2)
  }

  @Test func `findings are of one device, and standard input is read once`() {
    #expect(
      run(["lint", "a.onnx", "-d", "t4", "-d", "l4"]).messages == [
        "nncost: '--device' is given twice; 'nncost cost' takes several"
      ])
    #expect(run(["diff", "a.onnx", "b.onnx", "-d", "t4", "-d", "l4"]).exit == .usage)
    let reply = run(["cost", "-", "-d", "t4", "-d", "l4"])
    #expect(reply.exit == .usage)
    #expect(reply.messages == ["nncost: standard input is read once; several devices take a file"])
    #expect(run(["cost", "a.onnx", "-d", "t4", "-d", "t5"]).exit == .usage)
  }
}
