import Testing

@testable import Graph

@Suite struct PrefixTests {
  @Test(arguments: ["convolution", "control", "attributes", "elements"])
  func `no part of a protobuf file from its start is a model`(_ name: String) throws {
    try expectErrors(in: "\(name).onnx")
  }

  @Test(arguments: ["convolution", "control", "attributes"])
  func `no part of a JSON file from its start is a model`(_ name: String) throws {
    try expectErrors(in: "\(name).onnx.json")
  }

  @Test func `no part of a text file from its start is a model`() throws {
    try expectErrors(in: "convolution.onnxtxt")
  }

  private func expectErrors(in file: String) throws {
    var bytes = try Fixtures.bytes(Fixtures.path(file))
    while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    _ = try ModelFile.read(bytes.span, path: file)
    // One expectation in all: one for each would take longer than the reading.
    let models = bytes.indices.filter { count in
      (try? ModelFile.read(bytes.span.extracting(first: count), path: file)) != nil
    }
    #expect(models == [], "as many bytes of \(file) are a model")
  }
}
