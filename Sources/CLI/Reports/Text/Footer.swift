import Cost
import Graph
import Rules

/// What the figures of a model rest on: how much of it is understood, and what was assumed.
struct Footer {
  private let costed: Costed
  private let isVerbose: Bool

  init(_ costed: Costed, isVerbose: Bool) {
    self.costed = costed
    self.isVerbose = isVerbose
  }

  var text: String {
    coverage + assumptions + costed.analysis.model.notes.map { "Note: \($0.printable)\n" }.joined()
  }

  private var coverage: String {
    let words = CoverageWords(costed)
    var text = "Coverage: \(words.share).\n"
    let shown = isVerbose ? words.gaps[...] : words.gaps.prefix(3)
    for gap in shown { text += "  \(gap)\n" }
    if shown.count < words.gaps.count {
      text += "  and \(words.gaps.count - shown.count) more (-v)\n"
    }
    return text
  }

  private var assumptions: String {
    let binding = costed.analysis.binding
    let assumed = binding.assumed.map { "\($0.name)=\($0.value)".printable }
    guard !assumed.isEmpty else { return "" }
    return
      "Assumed: \(assumed.joined(separator: ", ")) (set with --dim, --batch or --input-shape).\n"
  }
}
