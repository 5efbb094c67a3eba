import Foundation
import Testing

/// `docs/sources.md` against the repository.
@Suite struct SourcesTests {
  private struct Row {
    var number: String
    var standing: String
    var evidence: String
  }

  private func rows() throws -> [Row] {
    let text = try String(contentsOf: root.appending(path: "docs/sources.md"), encoding: .utf8)
    return text.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 3, let number = cells[0].split(separator: " ").first,
        number.first?.isNumber == true
      else { return nil }
      return Row(number: String(number), standing: cells[1], evidence: cells[2])
    }
  }

  @Test func `every claim of the four sources has a row`() throws {
    let counts = [(0, 20), (1, 29), (2, 29), (3, 7)]
    let numbers = counts.flatMap { source, count in (1...count).map { "\(source).\($0)" } }
    #expect(try rows().map(\.number) == numbers)
  }

  @Test func `a claim is encoded somewhere, tested by something, or not for a reason`() throws {
    let tests = try allTests()
    for row in try rows() {
      let names = row.evidence.matches(of: /"([^"]+)"/).map { String($0.output.1) }
      let paths = row.evidence.matches(of: /`([^` ]+)`/).map { String($0.output.1) }
        .filter { $0.contains("/") || $0.hasSuffix(".md") || $0.hasSuffix(".yaml") }
      switch row.standing {
      case "tested": #expect(!names.isEmpty, "\(row.number) names no test")
      case "encoded": #expect(!paths.isEmpty, "\(row.number) names no file")
      case "not": #expect(row.evidence.count > 10, "\(row.number) gives no reason")
      default: Issue.record("\(row.number) is '\(row.standing)'")
      }
      for path in paths {
        let exists = FileManager.default.fileExists(atPath: root.appending(path: path).path)
        #expect(exists, "\(row.number): there is no \(path)")
      }
      for name in names { #expect(tests.contains("`\(name)`("), "\(row.number): no test \(name)") }
    }
  }

  /// The text of every file of tests, this one left out.
  private func allTests() throws -> String {
    let folder = root.appending(path: "Tests")
    let files = FileManager.default.enumerator(atPath: folder.path)
    var text = ""
    while let path = files?.nextObject() as? String {
      guard path.hasSuffix("Tests.swift"), !path.hasSuffix("SourcesTests.swift") else { continue }
      text += try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }
    return text
  }
}
