import Testing

@testable import Graph

@Suite struct ONNXTextErrorTests {
  private func read(_ text: String) throws(FormatError) -> Model { try ONNXTextFormat.parse(text) }

  private func complaint(_ text: String) -> String? {
    do throws(FormatError) {
      _ = try read(text)
      return nil
    } catch { return error.description }
  }

  static let complaints: [(text: String, complaint: String)] = [
    ("", "line 1, column 1: expected a name"),
    ("g (float x) => (y) {\n  y = Relu(x\n}", "line 3, column 1: expected ')'"),
    ("g (float x) (y) {}", "line 1, column 13: expected '=>'"),
    ("g (float[2 x) => (y) {}", "line 1, column 12: expected ',' or ']'"),
    ("g (wrong[2] x) => (y) {}", "line 1, column 4: there is no type 'wrong'"),
    ("g (seq[2] x) => (y) {}", "line 1, column 7: expected '('"),
    ("g () => () { y = Op <a = \"open> () }", "line 1, column 26: expected a closing quote"),
    ("g () => () { y = Op <a = 1.2.3> () }", "line 1, column 26: expected a number"),
    ("g () => () { y = Op <a = 99999999999999999999> () }", "line 1, column 26: expected a number"),
    (
      "g () => () { y = Op <a: int = 1.5> () }",
      "line 1, column 31: the value is not of the kind before it"
    ),
    (
      "g () => () { y = Op <a: number = 1> () }",
      "line 1, column 24: expected the kind of attribute 'a'"
    ),
    (
      "g () => () { y = Op <a: int = [1]> () }", "line 1, column 31: expected one value, not a list"
    ),
    (
      "g () => () <float[2] w = {1}> {}",
      "line 1, column 26: tensor 'w' says 2 elements, but 1 are there"
    ),
    (
      "g () => () <float[1] w = {1, 2}> {}",
      "line 1, column 26: tensor 'w' says 1 elements, but 2 are there"
    ),
    (
      "g () => () <float[N] w = {1}> {}", "line 1, column 26: the extents of 'w' need to be numbers"
    ),
    (
      "g () => () <w = {1}> {}",
      "line 1, column 17: the elements of 'w' need the type of a tensor before them"
    ),
    ("<ir_version: 8, opset_import: 17> g () => () {}", "line 1, column 31: expected '['"),
    ("g () => () {} extra", "line 1, column 20: expected '('"),
  ]

  @Test(arguments: complaints)
  func `what is wrong is said with its place`(text: String, complaint: String) {
    #expect(self.complaint(text) == complaint)
  }

  @Test func `graphs and types nested without end are errors`() {
    let graphs = String(repeating: "g () => () { y = If <b = ", count: 100_000)
    #expect(complaint(graphs)?.hasSuffix("graphs are nested more than 32 deep") == true)
    let types = "g (" + String(repeating: "seq(", count: 100_000)
    #expect(complaint(types)?.hasSuffix("types are nested more than 32 deep") == true)
  }

  @Test func `every part of a text gives a model or an error, never a trap`() throws {
    let text = """
      <ir_version: 8, opset_import: ["" : 17]>
      g (bool c, float[2,N] x) => (seq(float) y) <int64[2] s = {1, -2}, float16 h = {1.5e-3}> {
        [n] t = Op <a = [1, 2.5], b: tensor = int4[3] {1, 2, 3}, c = "q\\"", d = @e> (x, "", s)
        y = a.b.If:o (c) <then_branch = t () => (z) { z = Neg(t) }>  # end
      }
      <domain: "d"> F <u, v: int = 1> (a) => (b) { b = Relu(a) }
      """
    let bytes = Array(text.utf8)
    #expect(throws: Never.self) { try read(text) }
    for count in bytes.indices {
      _ = try? ONNXTextFormat.read(FileBytes(Array(bytes.prefix(count)).span))
      for other in [0x00, 0x22, 0x5B, 0xFF] as [UInt8] {
        var changed = bytes
        changed[count] = other
        if let model = try? ONNXTextFormat.read(FileBytes(changed.span)) {
          _ = try? Analysis(model)
        }
      }
    }
  }

  @Test(arguments: [
    ("g (float[2] x) => (y) { y = Relu x }", 1, 34), ("g (float[2 x) => (y) { }", 1, 12),
    ("g (float[2] x) => (y) {\n  y = Relu (x)\n", 3, 1), ("g\n  float[2] x", 2, 3), ("", 1, 1),
    ("g (x) => (y) { y = Op <a = > (x) }", 1, 28),
  ])
  func `errors have a line and a column`(_ text: String, _ line: Int, _ column: Int) {
    let error = #expect(throws: FormatError.self) { try ONNXTextFormat.parse(text) }
    #expect(error?.place == .lineColumn(line, column))
  }
}
