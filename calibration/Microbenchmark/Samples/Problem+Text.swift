import BenchmarkKernels

extension Problem {
  /// The extents as one word: `product:512:512:2048`.
  var text: String {
    switch self {
    case .none: "none"
    case .elements(let count): "elements:\(count)"
    case .rows(let rows, let columns): "rows:\(rows):\(columns)"
    case .product(let rows, let columns, let depth): "product:\(rows):\(columns):\(depth)"
    case .convolution(let e):
      "convolution:\(e.batch):\(e.size):\(e.inputChannels):\(e.outputChannels):\(e.kernel):"
        + "\(e.stride):\(e.groups)"
    }
  }

  /// What ``text`` stands for; nil where it is none, or an extent is not positive.
  init?(text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.dropFirst().compactMap { Int($0) }.filter { $0 > 0 && $0 < 1 << 40 }
    guard numbers.count == parts.count - 1 else { return nil }
    switch (parts.first ?? "", numbers.count) {
    case ("none", 0): self = .none
    case ("elements", 1): self = .elements(numbers[0])
    case ("rows", 2): self = .rows(numbers[0], columns: numbers[1])
    case ("product", 3):
      self = .product(rows: numbers[0], columns: numbers[1], depth: numbers[2])
    case ("convolution", 7):
      guard numbers.allSatisfy({ $0 < 1 << 20 }), numbers[2] % numbers[6] == 0,
        numbers[3] % numbers[6] == 0, numbers[4] <= numbers[1] + 2 * (numbers[4] / 2)
      else { return nil }
      self = .convolution(
        ConvolutionExtents(
          batch: numbers[0], size: numbers[1], inputChannels: numbers[2],
          outputChannels: numbers[3], kernel: numbers[4], stride: numbers[5], groups: numbers[6]))
    default: return nil
    }
  }
}
