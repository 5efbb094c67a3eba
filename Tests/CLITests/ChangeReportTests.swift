import Cost
import Foundation
import Testing

@testable import CLI

/// What a report says of two small models, on a board whose figures never change.
private func written(
  _ format: any ChangeFormat.Type, _ words: [String] = []
) throws -> String {
  let project = try Project([
    "old.onnxtxt": productModel(256), "new.onnxtxt": productModel(256, ["a", "b", "c"]),
  ])
  var arguments = try Arguments(words, of: DiffCommand.self)
  arguments.maximumIncrease = try increase("3%", beside: nil)
  let device = try Device.read(from: snapshotFolder.appending(path: "board.json").path)
  let path = project.path("new.onnxtxt")
  var run = try Run(arguments, on: device, linting: false)
  let change = try run.change(
    Pair(path: path, fate: .modified, basePath: nil, base: .file(project.path("old.onnxtxt"))),
    against: "main")
  var report = format.init(
    ChangeContext(
      arguments: arguments, device: device, revision: nil, paint: Paint(isOn: false)))
  report.add(ChangeEntry(pair: change.pair, outcome: .compared(change)))
  let broken = Pair(path: "models/broken.onnx", fate: .modified, basePath: nil, base: nil)
  report.add(
    ChangeEntry(
      pair: broken,
      outcome: .failed(
        InputError(code: "format", message: "the file ends too early", place: "byte 12"))))
  let text = String(
    decoding: report.finish(.budget, unchanged: ["models/same.onnx"]), as: UTF8.self)
  return text.replacing(path, with: "models/net.onnx")
}

@Test func `the full report of a change looks as recorded`() throws {
  try expectSnapshot(try written(FullChange.self), "diff.full")
}

@Test func `the full report of a change in training looks as recorded`() throws {
  try expectSnapshot(
    try written(
      FullChange.self, ["--dataset-size=1000", "--train-batch=64", "--inferences=1e6/month"]),
    "diff-train.full")
}

@Test func `the concise report of a change looks as recorded`() throws {
  try expectSnapshot(try written(ConciseChange.self), "diff.concise")
}

@Test func `the comment on a change looks as recorded`() throws {
  try expectSnapshot(try written(MarkdownChange.self), "diff.markdown")
}

@Test func `the JSON of a change looks as recorded, and is JSON`() throws {
  let text = try written(JSONChange.self)
  #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(text.utf8)) }
  try expectSnapshot(text, "diff.json")
}

@Test func `help of diff looks as recorded`() throws {
  try expectSnapshot(Help.text(of: DiffCommand.self), "help-diff.txt")
}
