import Graph
import Testing

@testable import CLI

private func parsed(_ words: String...) throws(UsageError) -> Arguments {
  try Arguments(words, of: CostCommand.self)
}

private func message(_ words: String...) -> String? {
  do throws(UsageError) {
    _ = try Arguments(words, of: CostCommand.self)
    return nil
  } catch { return error.message }
}

@Test func `a value follows its option, or an equals sign`() throws {
  for arguments in [
    try parsed("--batch", "8"), try parsed("--batch=8"),
    try parsed("a.onnx", "--batch=8", "b.onnx"),
  ] {
    #expect(arguments.request.batch == 8)
  }
  #expect(try parsed("-f", "json").format == "json")
  #expect(try parsed("-fjson").format == "json")
  #expect(try parsed("-f=json").format == "json")
}

@Test func `options that may be repeated add up in order`() throws {
  let request = try parsed(
    "--input-shape", "x=1x3x224x224", "--input-shape=y=scalar", "--input-shape", "a=b=2,3",
    "--dim", "n=4", "--dim=m=0"
  ).request
  #expect(
    request.inputShapes == [
      .init(name: "x", dims: [1, 3, 224, 224]), .init(name: "y", dims: []),
      .init(name: "a=b", dims: [2, 3]),
    ])
  #expect(request.symbols == [.init(name: "n", value: 4), .init(name: "m", value: 0)])
}

@Test func `after two dashes every word is an operand, as is a lone dash`() throws {
  #expect(try parsed("a", "-", "--", "--batch", "-x").operands == ["a", "-", "--batch", "-x"])
}

@Test(arguments: [
  ("--bach", "unknown option '--bach'; did you mean '--batch'?"),
  ("--quantum", "unknown option '--quantum'"),
  ("-Z", "unknown option '-Z'"),
  ("--batch", "option '--batch' needs a value: --batch N"),
  ("--batch=0", "'--batch 0': expected a whole number above 0"),
  ("--batch=x", "'--batch x': expected a whole number above 0"),
  (
    "--batch=99999999999999999999",
    "'--batch 99999999999999999999': expected a whole number above 0"
  ),
  ("--tensors=yes", "option '--tensors' takes no value"),
  ("--format=jsno", "unknown format 'jsno'; did you mean 'json'?"),
  ("--runtime=fusde", "unknown runtime 'fusde'; did you mean 'fused'?"),
  ("--precision=fp61", "unknown precision 'fp61'; did you mean 'fp16'?"),
  ("--precision=x", "unknown precision 'x'; there are fp32, tf32, fp16, bf16, int8"),
  ("--input-shape=x", "'--input-shape x': expected NAME=1x3x224x224"),
  ("--input-shape==1", "'--input-shape =1': expected NAME=1x3x224x224"),
  ("--input-shape=x=1x-3", "'--input-shape x=1x-3': expected NAME=1x3x224x224"),
  ("--dim=8", "'--dim 8': expected NAME=8"),
])
func `what cannot be obeyed is said with a way out`(word: String, expected: String) {
  #expect(message(word) == expected)
}

@Test func `an option that another command takes is said to be that command's`() {
  #expect(message("--json") == "'--json' is an option of 'budget', not of 'cost'")
}

@Test func `the next option is no value`() {
  #expect(message("--batch", "--tensors") == "option '--batch' needs a value: --batch N")
}

@Test func `no two options of a command have the same name or letter`() {
  for command in allCommands {
    let names = command.options.map(\.name)
    #expect(Set(names).count == names.count)
    let letters = command.options.compactMap(\.short)
    #expect(Set(letters).count == letters.count)
  }
}
