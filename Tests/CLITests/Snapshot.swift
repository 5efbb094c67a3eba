import Foundation
import Testing

/// The folder with what reports should look like, and the model that they are of.
let snapshotFolder = URL(filePath: #filePath).deletingLastPathComponent().appending(
  path: "Snapshots")

/// Compares `text` with a committed file, or writes that file and fails where `NNCOST_RECORD` is set.
func expectSnapshot(
  _ text: String, _ name: String, at location: SourceLocation = #_sourceLocation
) throws {
  let file = snapshotFolder.appending(path: name)
  if ProcessInfo.processInfo.environment["NNCOST_RECORD"] != nil {
    try text.write(to: file, atomically: true, encoding: .utf8)
    Issue.record("recorded \(name) anew; read the diff", sourceLocation: location)
    return
  }
  let expected = try? String(contentsOf: file, encoding: .utf8)
  #expect(text == expected, "differs from \(name)", sourceLocation: location)
}
