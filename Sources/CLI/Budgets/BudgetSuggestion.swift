import Cost
import Rules

/// Budgets for the models that are there, with room to spare, as a configuration file has them.
struct BudgetSuggestion {
  private let headroom: Double
  private var lines: [String] = []
  /// The models that have a budget of their own already.
  private(set) var covered: [String] = []

  init(headroom: Double) { self.headroom = headroom }

  mutating func add(_ costed: Costed, at path: String) {
    let portion = Portion(costed.arguments.per, of: costed.throughput)
    let known = costed.arguments.budgets.contains { budget in
      budget.dimension == .energy && [.inference, .image, .token].contains(budget.occasion)
    }
    guard !known else {
      covered.append(path)
      return
    }
    let folder = costed.configuration.flatMap { FilePath($0).folder } ?? .current
    let place = FilePath(path).relative(to: folder)
    let figure = costed.estimate.joules / portion.count
    let limit = LimitText.limit(figure.value, headroom: headroom, "J/\(portion.symbol)")
    var note =
      "\(figure.text("J/\(portion.symbol)")) on \(costed.conditions.joined(separator: ", "))"
    if costed.pricedShare < 1 {
      note += "; only \(Number.percent(costed.pricedShare)) of the nodes are priced"
    }
    lines.append("    // \(note.printable)")
    var json = JSONWriter(brokenDepth: 0)
    json.object { json in
      json.member("name", Self.name(place))
      // A pattern without a slash would fit models of that name in any folder.
      json.member("paths", [place.contains("/") ? place : "./\(place)"])
      json.member("max", limit)
    }
    lines.append("    \(String(decoding: json.bytes, as: UTF8.self)),")
  }

  /// A path without its ending.
  private static func name(_ path: String) -> String {
    for suffix in modelSuffixes where path.hasSuffix(suffix) && path.count > suffix.count {
      return String(path.dropLast(suffix.count))
    }
    return path
  }

  /// A whole configuration file, whose list can be put into one that is there.
  var text: String {
    let room = "    // What each model takes now, and \(Number.percent(headroom)) of headroom."
    return (["{", "  \"budgets\": [", room] + lines + ["  ]", "}"]).joined(separator: "\n") + "\n"
  }
}
