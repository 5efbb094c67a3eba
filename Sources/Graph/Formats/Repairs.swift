/// What a reader had to repair, gathered into sentences for the user.
struct Repairs {
  /// The names of graphs whose nodes were not in the order in which they run.
  var sortedGraphs: [String] = []
  /// Names that are read but that nothing defines.
  var undefinedValues: [String] = []
  var repeatedInitializers: [String] = []
  /// Sentences of other kinds.
  var others: [String] = []

  var sentences: [String] {
    var sentences = others
    func add(_ sentence: String, _ names: [String]) {
      guard !names.isEmpty else { return }
      let shown = names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
      let more = names.count > 5 ? " and \(names.count - 5) more" : ""
      sentences.append("\(sentence): \(shown)\(more)")
    }
    add(
      "nodes that did not stand in the order in which they run were sorted, in graph", sortedGraphs)
    add("read, but neither computed nor given", undefinedValues)
    add("initializers given more than once, of which the first is kept", repeatedInitializers)
    return sentences
  }
}
