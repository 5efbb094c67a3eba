import Foundation
import Testing

@testable import CLI

private let examples = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../examples").standardizedFileURL

private let vgg = examples.appending(path: "vgg16.onnx").path
private let floors = ["--min-saving", "0%", "--min-saving", "0 J", "--select", "NNC244"]

private func lint(_ words: String...) -> Reply {
  Program.run(
    ["lint"] + words + floors, on: Terminal(isInteractive: false, environment: { _ in nil }))
}

/// A path for a file of this test alone.
private func fresh(_ name: String) -> String {
  FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString)-\(name)").path
}

@Test func `a fixed model has the finding no more`() throws {
  let output = fresh("fixed.onnx")
  defer { try? FileManager.default.removeItem(atPath: output) }
  let reply = lint(vgg, "--fix", "-o", output, "--fail-on", "info")
  #expect(reply.exit == .clean)
  #expect(String(decoding: reply.output, as: UTF8.self).contains("fixed in \(output)"))
  #expect(lint(vgg, "--fail-on", "info").exit == .findings)
  #expect(lint(output, "--fail-on", "info").exit == .clean)
  #expect(!FileManager.default.fileExists(atPath: output + ".partial"))
}

@Test func `without a file it is told what would be fixed, and findings stay findings`() {
  let reply = lint(vgg, "--fix", "--fail-on", "info")
  #expect(reply.exit == .findings)
  #expect(String(decoding: reply.output, as: UTF8.self).contains("can be fixed"))
}

@Test func `a model is never overwritten by its fix`() throws {
  #expect(lint(vgg, "--fix", "-o", vgg).exit == .usage)
  let link = fresh("link.onnx")
  defer { try? FileManager.default.removeItem(atPath: link) }
  try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: vgg)
  #expect(lint(vgg, "--fix", "-o", link).exit == .usage)
}

@Test func `a fixed model needs one model and one file`() {
  #expect(lint(vgg, "-o", fresh("a.onnx")).exit == .usage)
  #expect(lint(vgg, vgg, "--fix", "-o", fresh("a.onnx")).exit == .usage)
  #expect(lint(vgg, "--fix", "-o", examples.path).exit == .usage)
  #expect(lint(vgg, "--fix", "-o", fresh("no/such/folder.onnx")).exit == .input)
}

@Test func `a model in text is not fixed`() throws {
  let path = fresh("model.onnxtxt")
  defer { try? FileManager.default.removeItem(atPath: path) }
  try "<ir_version: 8, opset_import: [\"\" : 17]> g (float[4] x) => (float[4] y) { y = Relu(x) }"
    .write(toFile: path, atomically: true, encoding: .utf8)
  let reply = lint(path, "--fix", "-o", fresh("a.onnx"))
  #expect(reply.exit == .input)
  #expect(reply.messages.joined().contains("ONNX protobuf"))
}
