import Testing

@testable import Graph

@Suite struct FormatListTests {
  @Test func `every format in the folder is in the list`() throws {
    let listed = FormatList.all.map { "\($0).swift" }
    let files = try Fixtures.names(in: "Formats", from: "Sources/Graph")
      .filter { $0.hasSuffix("Format.swift") && $0 != "Format.swift" }
    #expect(files.sorted() == listed.sorted())
  }

  @Test func `formats differ in name and in the endings of files`() {
    let names = FormatList.all.map { $0.name }
    let extensions = FormatList.all.flatMap { $0.extensions }
    #expect(Set(names).count == names.count)
    #expect(Set(extensions).count == extensions.count)
  }

  @Test func `a small model is recognised by its own format alone`() throws {
    let files = ["convolution.onnx", "control.onnx", "convolution.onnx.json", "control.onnxtxt"]
    for file in files {
      let bytes = try Fixtures.bytes(Fixtures.path(file))
      let head = bytes.span.extracting(first: 4096)
      var recognised: [String] = []
      for format in FormatList.all where format.recognises(head) { recognised.append(format.name) }
      #expect(recognised == [try ModelFile.read(Fixtures.path(file)).format], "\(file)")
    }
  }
}
