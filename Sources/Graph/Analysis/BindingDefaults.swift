extension Binding {
  /// An extent of an input that the file leaves open.
  struct OpenExtent {
    /// The symbol, or `input[axis]` where there is none.
    var name: String
    var axis: Int
    var rank: Int
    /// Whether the last axis is known to hold the channels of pictures.
    var isChannelsLast = false

    var isBatch: Bool { axis == 0 && rank > 1 }
    var isTotal: Bool { name.lowercased().contains("total") }
  }

  /// Gives each of `extents` that has no number yet one by its name.
  mutating func assumeDefaults(_ extents: [OpenExtent]) {
    var listed: Set<String> = []
    let hasPast = extents.contains { $0.name.lowercased().contains("past") }
    // A total of past and new tokens is their sum, so it comes last.
    for extent in extents.filter({ !$0.isTotal }) + extents.filter(\.isTotal)
    where listed.insert(extent.name).inserted {
      if numbers[extent.name] == nil {
        if extent.isBatch, let batch = request.batch {
          numbers[extent.name] = batch
        } else {
          let number = defaultNumber(extent, hasPast: hasPast)
          numbers[extent.name] = number
          assumed.append(Symbol(name: extent.name, value: number))
        }
      }
      symbols.append(Symbol(name: extent.name, value: numbers[extent.name] ?? 1))
    }
  }

  /// The number assumed for an extent that nobody bound, from its name and the axis it is on.
  ///
  /// One inference of an image network at 224 pixels, of a text network over 128 tokens, or of one new token
  /// after 128 where the network takes what it remembers of the past as inputs.
  private func defaultNumber(_ extent: OpenExtent, hasPast: Bool) -> Int {
    let name = extent.name.lowercased()
    func mentions(_ words: String...) -> Bool { words.contains { name.contains($0) } }
    if mentions("batch") || name == "n" || name == "b" || extent.isBatch { return 1 }
    if extent.isTotal, let past = number(of: "past"), let new = number(of: "seq") {
      return past + new
    }
    if mentions("past", "cache", "total") { return 128 }
    if mentions("seq", "length", "token", "time") || name == "t" || name == "s" {
      return hasPast ? 1 : 128
    }
    if mentions("height", "width", "size") || name == "h" || name == "w" { return 224 }
    if mentions("channel") || name == "c" { return 3 }
    return extent.rank == 4
      ? (extent.axis == 1 && !extent.isChannelsLast ? 3 : 224) : extent.rank == 2 ? 128 : 1
  }

  private func number(of word: String) -> Int? {
    symbols.first { $0.name.lowercased().contains(word) }?.value
  }
}

extension Value {
  /// The extents of the value that the file leaves open.
  var openExtents: [Binding.OpenExtent] {
    guard case .tensor(_, let dims?) = declared else { return [] }
    // Grey, colours, or colours and how much of them is seen.
    let isChannelsLast = dims.count == 4 && [1, 3, 4].contains { dims[3] == .fixed($0) }
    return dims.enumerated().compactMap { axis, dim in
      if case .fixed = dim { return nil }
      return Binding.OpenExtent(
        name: name(of: dim, axis), axis: axis, rank: dims.count, isChannelsLast: isChannelsLast)
    }
  }

  /// What messages call an extent: its symbol, or `input[axis]`.
  func name(of dim: DeclaredType.Dimension, _ axis: Int) -> String {
    if case .symbol(let symbol) = dim { symbol } else { "\(name)[\(axis)]" }
  }
}
