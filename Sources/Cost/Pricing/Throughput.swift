package import Graph

/// What one execution of a model works through, as far as its inputs tell: inferences, images, tokens.
package struct Throughput: Hashable, Sendable {
  /// The extent of the batch.
  package let inferences: Int
  /// Pictures read, or drawn where none is read; nil where there are none.
  package let images: Int?
  /// Tokens of text; nil where there are none.
  package let tokens: Tokens?

  package struct Tokens: Hashable, Sendable {
    /// Tokens of all sequences of the batch.
    package let count: Int
    package let phase: Phase
    /// Tokens of a sequence that came before, whose keys and values the inputs hold.
    package let cached: Int
  }

  /// What is done with tokens.
  package enum Phase: String, Sendable, CaseIterable {
    /// A text is read, once.
    case encode
    /// A generator reads the text that it is to go on from, all at once.
    case prefill
    /// A generator adds one token to those before.
    case decode
  }

  package init(_ analysis: Analysis) {
    let body = analysis.scope.body
    func named(_ ids: [Value.ID], _ infos: (Value.ID) -> ValueInfo?) -> [NamedTensor] {
      ids.compactMap { id in
        infos(id)?.tensor.map { NamedTensor(name: body.values[id].name.lowercased(), info: $0) }
      }
    }
    let inputs = named(body.inputs.filter { body.values[$0].initializer == nil }) {
      analysis.binding.inputs[$0]
    }
    let outputs = named(body.outputs) { analysis.scope.infos[$0] }
    inferences = max(1, analysis.binding.batch)
    tokens = Tokens(inputs, outputs)
    images =
      inputs.lazy.compactMap(\.images).first
      ?? (tokens == nil ? outputs.lazy.compactMap(\.images).first : nil)
  }
}

/// An input or output, under its name in small letters.
private struct NamedTensor {
  let name: String
  let info: TensorInfo

  func isNamed(with words: String...) -> Bool { words.contains { name.contains($0) } }

  /// Pictures are grey, coloured or transparent, with positions that are no channels.
  var images: Int? {
    let dims = info.dims
    guard info.type.isFloatingPoint || info.type == .uint8 || info.type == .int8 else { return nil }
    func isPicture(_ channels: Int, _ height: Int, _ width: Int) -> Bool {
      [1, 3, 4].contains(channels) && min(height, width) >= 8
    }
    switch dims.count {
    case 3 where isPicture(dims[0], dims[1], dims[2]) || isPicture(dims[2], dims[0], dims[1]):
      // Without a batch, two extents of a thing that is no picture look the same but for the colours.
      return dims[0] == 3 || dims[2] == 3 ? 1 : nil
    case 4 where isPicture(dims[1], dims[2], dims[3]) || isPicture(dims[3], dims[1], dims[2]):
      return dims[0]
    case 5 where isPicture(dims[2], dims[3], dims[4]) || isPicture(dims[4], dims[2], dims[3]):
      return saturatingProduct(dims[0], dims[1])
    case 5 where isPicture(dims[1], dims[3], dims[4]):
      return saturatingProduct(dims[0], dims[2])
    default: return nil
    }
  }

  /// Numbers of words, or the vectors that stand for them.
  var tokenCount: Int? {
    let dims = info.dims
    if isNamed(with: "embed"), info.type.isFloatingPoint, dims.count == 3 {
      return saturatingProduct(dims[0], dims[1])
    }
    let isSupport = isNamed(with: "mask", "type", "segment", "position", "length", "label", "pos_")
    guard info.type == .int64 || info.type == .int32, !isSupport, (1...2).contains(dims.count),
      isNamed(with: "ids", "token", "input", "word", "text") || name == "x"
    else { return nil }
    return dims.reduce(1, saturatingProduct)
  }

  var isCache: Bool {
    isNamed(with: "past", "cache") && info.rank >= 3 && !isNamed(with: "length", "position")
  }
}

extension Throughput.Tokens {
  fileprivate init?(_ inputs: [NamedTensor], _ outputs: [NamedTensor]) {
    // What a decoder adds counts, not what its encoder has read.
    let candidates = inputs.filter { $0.tokenCount != nil }
    guard
      let tokens = candidates.first(where: { $0.isNamed(with: "decoder") }) ?? candidates.first,
      let count = tokens.tokenCount, count > 0
    else { return nil }
    let caches = inputs.filter(\.isCache)
    let length = tokens.info.dims.count > 1 ? tokens.info.dims[1] : tokens.info.dims[0]
    // Keys and values are held as batch, heads, tokens, width.
    let cached = caches.first.map { $0.info.dims[$0.info.rank - 2] } ?? 0
    let chooses = outputs.contains { output in
      output.info.rank == 3 && output.info.type.isFloatingPoint
        && output.info.dims[2] >= Self.leastVocabulary
    }
    let keeps = outputs.contains { $0.isNamed(with: "present", "cache") }
    self.count = count
    self.cached = cached
    if !caches.isEmpty, length == 1 {
      phase = .decode
    } else {
      phase = chooses || keeps || !caches.isEmpty ? .prefill : .encode
    }
  }

  /// No output that chooses among fewer words writes text.
  private static let leastVocabulary = 4096
}

/// What figures are divided by.
package enum Per: String, Sendable, CaseIterable {
  case inference, image, token

  /// How often it is in one execution; nil where the model has none.
  package func count(in throughput: Throughput) -> Int? {
    switch self {
    case .inference: throughput.inferences
    case .image: throughput.images
    case .token: throughput.tokens?.count
    }
  }

  /// As in units: `J/inf`.
  package var symbol: String { self == .inference ? "inf" : rawValue }
}
