import Cost

/// What the figures for people are divided by.
struct Portion: Hashable, Sendable {
  let per: Per
  /// How often it is in one execution, at least 1.
  let count: Double
  /// What makes one token unlike another; nil where there is nothing to say.
  let note: String?

  /// As in `J/inf`.
  var symbol: String { per.symbol }

  /// The portion that `wanted` is, or an inference where the model has none.
  init(_ wanted: Per, of throughput: Throughput) {
    guard let count = wanted.count(in: throughput), count > 0 else {
      self.init(
        per: .inference, count: Double(throughput.inferences),
        note: "the model has no \(wanted.rawValue)s among its inputs")
      return
    }
    var note: String?
    if wanted == .token, let tokens = throughput.tokens {
      note = tokens.words
    }
    self.init(per: wanted, count: Double(count), note: note)
  }

  private init(per: Per, count: Double, note: String?) {
    self.per = per
    self.count = max(1, count)
    self.note = note
  }
}

extension Throughput.Tokens {
  /// `decode: 1 token after 128 in the cache`.
  fileprivate var words: String {
    let before = cached > 0 ? " after \(cached) in the cache" : ""
    return "\(phase.rawValue): \(count) token\(count == 1 ? "" : "s") at once\(before)"
  }
}
