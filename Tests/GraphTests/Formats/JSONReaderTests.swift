import Testing

@testable import Graph

@Suite struct JSONReaderTests {
  @Test(arguments: [
    (#""plain""#, "plain"), (#""""#, ""), (#""a\"b\\c\/d""#, "a\"b\\c/d"),
    (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"), (#""\u0041\u00fc\u20AC""#, "Aü€"),
    (#""\ud83d\uDE00!""#, "😀!"), (#""ü€😀""#, "ü€😀"), (#""\u0000""#, "\0"),
  ])
  func `strings are told without their escapes`(_ text: String, _ value: String) throws {
    var reader = JSONReader(text.utf8Span.span)
    #expect(try reader.string() == value)
    try reader.end()
  }

  @Test(arguments: [
    #""\x""#, #""\u12""#, #""\ud83d""#, #""\ud83dx""#, #""\ud83d\u0041""#, #""\ude00""#,
    #""open"#, #""\"#, #""\u"#, "x", "",
  ])
  func `strings that are none are errors`(_ text: String) {
    #expect(throws: FormatError.self) {
      var reader = JSONReader(text.utf8Span.span)
      _ = try reader.string()
    }
  }

  @Test func `bytes that are no UTF-8 are an error`() {
    #expect(throws: FormatError("expected UTF-8", at: .byte(1))) {
      let bytes: [UInt8] = [0x22, 0xFF, 0x22]
      var reader = JSONReader(bytes.span)
      _ = try reader.string()
    }
  }

  @Test(arguments: [
    "{}", "[]", #"{"a": [1, -2.5e-3, {"b": null}], "c": "\u00fc\""}"#, "true", "false", "null",
    " 1 ",
    "\u{FEFF}{}",
  ])
  func `any value can be stepped over`(_ text: String) throws {
    var reader = JSONReader(text.utf8Span.span)
    try reader.skip()
    try reader.end()
  }

  @Test(arguments: [
    "{", "[", "{]", "[1,]", "{\"a\"}", "{\"a\":}", "{,}", "nul", "tru", "-", "{1: 2}", "\"",
    "[1 2]",
    String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000),
  ])
  func `what is no value cannot be stepped over`(_ text: String) {
    #expect(throws: FormatError.self) {
      var reader = JSONReader(text.utf8Span.span)
      try reader.skip()
    }
  }

  @Test(arguments: [
    "// first\n{}", "{} // last", "/* a\n b */ [1, /**/ 2,]", "{a: 1, \"b\": 2,}", "[{},]",
    "{ $schema: \"x\", // why\n}",
  ])
  func `people may write comments, a last comma and bare keys`(_ text: String) throws {
    var reader = JSONReader(relaxed: text.utf8Span.span)
    try reader.skip()
    try reader.end()
    #expect(throws: FormatError.self) {
      var strict = JSONReader(text.utf8Span.span)
      try strict.skip()
      try strict.end()
    }
  }

  @Test(arguments: ["[1,,]", "{,}", "[,]", "{a b: 1}", "/* open", "/", "{-: 1}", "{a: 1,,}", "1 /"])
  func `what people may not write stays an error`(_ text: String) {
    #expect(throws: FormatError.self) {
      var reader = JSONReader(relaxed: text.utf8Span.span)
      try reader.skip()
      try reader.end()
    }
  }

  @Test func `places are told by line and column`() {
    let error = FormatError("here", at: .byte(6)).located(in: "ab\nc\nd€".utf8Span.span)
    #expect(error.place == .lineColumn(3, 2))
  }

  @Test(
    arguments: [
      ("", []), ("AA==", [0]), ("AAE=", [0, 1]), ("AAEC", [0, 1, 2]), ("_-8", [0xFF, 0xEF]),
      ("/+8=", [0xFF, 0xEF]), ("AA", [0]),
    ] as [(String, [UInt8])])
  func `base64 is read, and measured without reading`(_ text: String, _ bytes: [UInt8]) {
    #expect(Base64.bytes(text.utf8Span.span) == bytes)
    #expect(Base64.byteCount(text.utf8Span.span) == bytes.count)
  }

  @Test(arguments: ["A*==", "=AAA", "A A=", "A==="])
  func `what is no base64 is nil`(_ text: String) {
    #expect(Base64.bytes(text.utf8Span.span) == nil)
  }
}
