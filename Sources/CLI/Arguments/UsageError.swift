import Graph

/// A command line that cannot be obeyed, as a clause for its author.
struct UsageError: Error, Hashable {
  let message: String
  /// The status to end with: what is asked for may be in order, and what it is asked of may not be there.
  var exit = Exit.usage

  init(_ message: String, exit: Exit = .usage) {
    self.message = message
    self.exit = exit
  }

  /// A name that means nothing, with the one that was probably meant.
  init(unknown kind: String, _ name: String, among names: [String], listAll: Bool = true) {
    if let near = nearestName(name, among: names) {
      message = "unknown \(kind) '\(name)'; did you mean '\(near)'?"
    } else if listAll && !names.isEmpty {
      message = "unknown \(kind) '\(name)'; there are \(names.joined(separator: ", "))"
    } else {
      message = "unknown \(kind) '\(name)'" + (names.isEmpty ? "; there are none" : "")
    }
  }
}
