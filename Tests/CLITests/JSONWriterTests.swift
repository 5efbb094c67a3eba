import Foundation
import Testing

@testable import CLI

private func written(_ value: Double) -> String {
  var json = JSONWriter(brokenDepth: 0)
  json.value(value)
  return String(decoding: json.bytes, as: UTF8.self)
}

@Test func `numbers read back as the same number`() throws {
  var values: [Double] = [
    0, -0.0, 1, 1e-5, 1e16, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1, 1 / 3, -123.456,
  ]
  for exponent in stride(from: -300, through: 300, by: 7) {
    values.append(pow(10, Double(exponent)) * 1.2345)
  }
  for value in values {
    #expect(Double(written(value)) == value)
    #expect(try JSONSerialization.jsonObject(with: Data("[\(written(value))]".utf8)) is [Double])
  }
}

@Test(arguments: [Double.nan, .infinity, -.infinity])
func `a number that JSON cannot hold is null`(value: Double) {
  #expect(written(value) == "null")
}

@Test func `text reads back as the same text`() throws {
  let texts = [
    "", "plain", "\"quoted\"", "back\\slash", "\u{0}\u{1}\n\r\t\u{1F}\u{7F}", "µ→🙂\u{2028}",
  ]
  var json = JSONWriter(brokenDepth: 0)
  json.array(texts) { $0.value($1) }
  let read = try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String]
  #expect(read == texts)
}

@Test func `containers are broken into lines down to the depth asked for`() {
  func sample(_ brokenDepth: Int) -> String {
    var json = JSONWriter(brokenDepth: brokenDepth)
    json.object { json in
      json.member("a", 1)
      json.member("b", [1, 2])
      json.member("c", [String]())
      json.object("d") { _ in }
      json.member("e", nil as Int?)
      json.member("f", true)
    }
    json.endLine()
    return String(decoding: json.bytes, as: UTF8.self)
  }
  #expect(sample(0) == #"{"a": 1, "b": [1, 2], "c": [], "d": {}, "e": null, "f": true}"# + "\n")
  #expect(
    sample(1) == """
      {
        "a": 1,
        "b": [1, 2],
        "c": [],
        "d": {},
        "e": null,
        "f": true
      }

      """)
  #expect(
    sample(2) == """
      {
        "a": 1,
        "b": [
          1,
          2
        ],
        "c": [],
        "d": {},
        "e": null,
        "f": true
      }

      """)
}

@Test(arguments: [0, 7, -7, 10, 1_000_000_007, -1_000, Int.max, Int.min])
func `whole numbers are written in full`(number: Int) {
  var json = JSONWriter(brokenDepth: 0)
  json.value(number)
  #expect(String(decoding: json.bytes, as: UTF8.self) == number.description)
}
