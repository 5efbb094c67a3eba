import Foundation

@testable import Graph

/// The files that the tests of formats read.
enum Fixtures {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The file `name` in the folder of small models.
  static func path(_ name: String) -> String { tests.appending(path: "Models/\(name)").path }

  /// The file `name` in the folder of files that are no models.
  static func broken(_ name: String) -> String { tests.appending(path: "Broken/\(name)").path }

  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path)))
  }

  /// The names of the files in a folder, those that tell of themselves left out.
  static func names(in folder: String, from root: String = "Tests/GraphTests") throws -> [String] {
    let repository = tests.deletingLastPathComponent().deletingLastPathComponent()
    return try FileManager.default.contentsOfDirectory(
      atPath: repository.appending(path: "\(root)/\(folder)").path
    ).filter { !$0.hasPrefix(".") }
  }
}

extension Model {
  /// All that is known of the model but the format it came from, to compare by.
  var told: String {
    var model = self
    model.format = ""
    // Where a node stands in its file is told by one form alone.
    let text = String(describing: model)
    return text.replacing(/offset: (nil|Optional\([0-9]+\))/, with: "offset: nil")
  }
}
