import Testing

@testable import Rules

@Test(arguments: [
  ("models/det*.onnx", "models/detector.onnx", true),
  ("models/det*.onnx", "models/x/det.onnx", false),
  ("models/**", "models/a/b.onnx", true), ("models/**", "other/a.onnx", false),
  ("**/b.onnx", "b.onnx", true), ("**/b.onnx", "a/c/b.onnx", true),
  ("**/b.onnx", "a/xb.onnx", false),
  ("a/**/b", "a/b", true), ("a/**/b", "a/x/y/b", true), ("a/**/b", "a/xb", false),
  ("*.onnx", "deep/down/a.onnx", true), ("a.onnx", "xa.onnx", false), ("./a.onnx", "a.onnx", true),
  ("/head/**", "/head/conv/Conv", true), ("/head/**", "/heads/Conv", false),
  ("conv?", "conv1", true), ("conv?", "conv12", false), ("**", "any/thing", true), ("**", "", true),
  ("*", "a", true), ("", "", true), ("", "a", false), ("x[1]", "x[1]", true),
  ("a*b*c", "a-b-b-c", true),
  ("**/**/a", "a", true), ("ü?", "üä", true),
])
func `stars stay within a part, doubled ones do not`(glob: String, text: String, fits: Bool) {
  #expect(Glob(glob).matches(text) == fits)
}

@Test func `a pattern made to take long does not`() {
  let glob = Glob(String(repeating: "a*", count: 200) + "b")
  #expect(!glob.matches(String(repeating: "a", count: 2000)))
}
