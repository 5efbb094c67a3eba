import Graph
import Rules

/// The limits of a configuration file that allow more than they did in a revision, or are gone.
struct LoosenedLimits {
  /// A sentence for each, in the order of the file as it was.
  private(set) var sentences: [String] = []

  /// Compares `file` with what it was in `revision`; a file that was not there, or that was wrong, had no limits.
  init(_ file: ConfigurationFile, since revision: BaseRevision) {
    let place = revision.place(of: file.path)
    guard let bytes = try? revision.bytes(of: place), bytes != file.bytes,
      let past = try? ConfigurationFile(file.path, bytes)
    else { return }
    let now = file.limits
    for (name, limit) in past.limits {
      guard let kept = now.first(where: { $0.name == name })?.limit else {
        sentences.append("\(file.path): the budget '\(name)' is gone, which was \(limit.text)")
        continue
      }
      if kept.isLooser(than: limit) {
        sentences.append(
          "\(file.path): the budget '\(name)' is loosened from \(limit.text) to \(kept.text)")
      }
    }
  }
}

/// What a budget allows.
private enum Limit {
  case amount(Budget)
  case increase(IncreaseLimit)

  var text: String {
    switch self {
    case .amount(let budget): budget.text
    case .increase(let limit): "\(limit.increase.text) over \(limit.against)"
    }
  }

  /// Whether it lets something pass that `other` does not; limits on different things are not compared.
  func isLooser(than other: Limit) -> Bool {
    switch (self, other) {
    case (.amount(let now), .amount(let past)):
      now.dimension == past.dimension && now.occasion == past.occasion && now.limit > past.limit
    case (.increase(let now), .increase(let past)):
      (now.increase.share ?? .infinity) > (past.increase.share ?? .infinity)
        || (now.increase.joules ?? .infinity) > (past.increase.joules ?? .infinity)
    default: false
    }
  }
}

extension ConfigurationFile {
  /// The limits of the file itself by their names; one without a name is known by what it is for.
  fileprivate var limits: [(name: String, limit: Limit)] {
    var limits: [(name: String, limit: Limit)] = []
    for entry in root["budgets"]?.value.elements ?? [] {
      let paths = entry["paths"]?.value.texts.joined(separator: ", ") ?? "all models"
      let name = entry["name"]?.value.text
      if let budget = try? self.budget(entry) {
        limits.append((name ?? "\(paths) per \(budget.occasion.rawValue)", .amount(budget)))
      } else if let limit = try? increaseLimit(entry) {
        limits.append((name ?? "\(paths) over \(limit.against)", .increase(limit)))
      }
    }
    return limits
  }
}
