import Testing

@testable import CLI

@Test func `no name in a file can be a tag of a page`() {
  #expect("<b a='1' c=\"2\">&".markup == "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;")
  #expect("a\u{0}b\n".markup == #"a\u{0}b\u{a}"#)
}

@Test func `no name in a file is a mark, a tag or a mention in Markdown`() {
  #expect(
    "a_b*c* <i> @you #1 `x` [l](u)".plain == ##"a\_b\*c\* \<i\> &#64;you \#1 \`x\` \[l\](u)"##)
}

@Test(arguments: [("a", "`a`"), ("a`b", "``a`b``"), ("``", "``` `` ```")])
func `a span of code ends where the text ends`(text: String, span: String) {
  #expect(text.codeSpan == span)
}

@Test func `a bar in a cell does not end it`() {
  var table = MarkdownTable(["a", "b"])
  table.add(["x|y", "z"])
  #expect(table.text == "| a | b |\n|---|---|\n| x\\|y | z |\n")
}

@Test(arguments: [
  (-2.0, "0.01"), (0, "1"), (2, "100"), (3, "1 k"), (13, "10 T"), (25, "10000000 E"),
])
func `powers of ten are short beside an axis`(exponent: Double, text: String) {
  #expect(SVG.power(exponent) == text)
}

@Test func `a name in a file cannot steer the terminal`() {
  #expect("plain µ→".printable == "plain µ→")
  #expect("\u{1B}[31mred\n\u{9B}x\u{7F}".printable == #"\u{1b}[31mred\u{a}\u{9b}x\u{7f}"#)
}
