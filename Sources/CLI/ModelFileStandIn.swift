import Graph

// Stands in for the readers until they are merged.
struct FormatError: Error {
  var message: String
  var place: String?
}

enum ModelFile {
  static func read(_ path: String) throws(FormatError) -> Model {
    throw FormatError(message: "no format can be read yet", place: nil)
  }
}
