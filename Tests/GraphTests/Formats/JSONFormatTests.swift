import Testing

@testable import Graph

@Suite struct JSONFormatTests {
  @Test(arguments: ["convolution", "control", "attributes", "elements"])
  func `JSON tells what protobuf tells`(_ name: String) throws {
    let json = try ModelFile.read(Fixtures.path("\(name).onnx.json"))
    #expect(json.format == "onnx-json")
    #expect(json.told == (try ModelFile.read(Fixtures.path("\(name).onnx"))).told)
  }

  @Test func `content decides, whatever the name`() throws {
    let bytes = try Fixtures.bytes(Fixtures.path("control.onnx.json"))
    #expect(try ModelFile.read(bytes.span, path: "model.onnx").format == "onnx-json")
  }

  @Test func `a graph may come before the versions, and unknown keys are stepped over`() throws {
    let model = try parse(
      """
      {"graph": {"node": [{"opType": "Relu", "input": ["x"], "output": ["y"], "later": [{}, 1, null,
        "\\"", true, false, -1.5e3, [[]]]}], "input": [{"name": "x"}], "output": [{"name": "y"}],
        "name": null}, "opset_import": [{"version": "17", "domain": null}]}
      """)
    #expect(model.body.nodes.map(\.op) == ["Relu"])
    #expect(model.opsets == [OpsetImport(domain: "", version: 17)])
  }

  @Test(arguments: [
    ("17", 17), ("\"17\"", 17), ("17.0", 17), ("1.7e1", 17), ("-5", -5),
    ("\"9223372036854775807\"", .max), ("-9223372036854775808", .min),
    ("18446744073709551615", -1),
  ])
  func `integers are numbers or texts`(_ text: String, _ value: Int) throws {
    var reader = JSONReader(text.utf8Span.span)
    #expect(try reader.int() == value)
  }

  @Test(arguments: [
    "1.5", "\"x\"", "\"\"", "true", "18446744073709551616", "\"NaN\"", "[]", "1e400",
  ])
  func `what is no integer is an error`(_ text: String) {
    #expect(throws: FormatError.self) {
      var reader = JSONReader(text.utf8Span.span)
      _ = try reader.int()
    }
  }

  @Test(arguments: [
    ("1.5", 1.5), ("\"Infinity\"", .infinity), ("\"-Infinity\"", -.infinity), ("\"1e3\"", 1000),
  ])
  func `real numbers are numbers or texts`(_ text: String, _ value: Double) throws {
    var reader = JSONReader(text.utf8Span.span)
    #expect(try reader.real() == value)
  }

  @Test func `a number that is none has a name`() throws {
    var reader = JSONReader("\"NaN\"".utf8Span.span)
    #expect(try reader.real().isNaN)
  }

  private func parse(_ text: String) throws -> Model { try ModelFile.read(text.utf8Span.span) }
}
