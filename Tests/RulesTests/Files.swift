import Foundation
import Testing

/// The root of the repository.
let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// The names of the Swift files in `folder`, sorted.
func swiftFiles(in folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
    .filter { $0.hasSuffix(".swift") }.sorted()
}

/// Compares a committed file with `text`, or writes it, and fails, when recording.
func expectFile(
  _ path: String, holds text: String, at location: SourceLocation = #_sourceLocation
) throws {
  let file = root.appending(path: path)
  if ProcessInfo.processInfo.environment["NNCOST_RECORD"] != nil {
    try text.write(to: file, atomically: true, encoding: .utf8)
    Issue.record("recorded \(path) anew; read the diff", sourceLocation: location)
    return
  }
  let committed = try? String(contentsOf: file, encoding: .utf8)
  #expect(committed == text, "\(path) is not what the rule says", sourceLocation: location)
}
