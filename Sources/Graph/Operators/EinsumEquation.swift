/// The equation of an `Einsum`: the labels of each operand's axes, and of the result's.
package struct EinsumEquation: Hashable, Sendable {
  /// An axis is named by a letter, or stands in an ellipsis, numbered from the last.
  package enum Label: Hashable, Sendable {
    case letter(Character)
    case ellipsis(Int)
  }

  private enum Symbol: Hashable { case letter(Character), ellipsis }

  private let operands: [[Symbol]]
  /// Nil where the equation leaves the result to be understood.
  private let result: [Symbol]?

  package init(_ text: String) throws(OperatorError) {
    let text = text.filter { $0 != " " }
    var sides = [text]
    if let arrow = text.firstIndex(of: "-") {
      let rest = text[arrow...]
      guard rest.hasPrefix("->") else { throw Self.malformed }
      sides = [String(text[..<arrow]), String(rest.dropFirst(2))]
    }
    var operands: [[Symbol]] = []
    for term in sides[0].split(separator: ",", omittingEmptySubsequences: false) {
      operands.append(try Self.symbols(term))
    }
    self.operands = operands
    result = sides.count == 2 ? try Self.symbols(sides[1]) : nil
  }

  private static let malformed = OperatorError.wrongAttribute(
    "equation", expected: "an Einstein sum")

  private static func symbols(_ term: some StringProtocol) throws(OperatorError) -> [Symbol] {
    var symbols: [Symbol] = []
    var dots = 0
    for character in term {
      if character == "." {
        dots += 1
        if dots == 3 {
          guard !symbols.contains(.ellipsis) else { throw malformed }
          symbols.append(.ellipsis)
          dots = 0
        }
        continue
      }
      guard dots == 0, character.isASCII, character.isLetter else { throw malformed }
      symbols.append(.letter(character))
    }
    guard dots == 0 else { throw malformed }
    return symbols
  }

  /// The equation with the axes that its ellipses stand for, and the extent of each label.
  package struct Labelled: Hashable, Sendable {
    /// The labels of each operand along which it has more than one element, or all have one; no repeats.
    package var operands: [Set<Label>]
    /// The labels of each operand's axes, in order.
    package var terms: [[Label]]
    /// The elements of each operand.
    package var counts: [Int]
    package var result: [Label]
    package var extents: [Label: Int]
  }

  /// Fits the equation to operands of `shapes`.
  package func labelled(_ shapes: [Shape]) throws(OperatorError) -> Labelled {
    guard shapes.count == operands.count else {
      throw .mismatch("an equation of \(operands.count) terms for \(shapes.count) operands")
    }
    var extents: [Label: Int] = [:]
    var terms: [[(Label, Int)]] = []
    var ellipsis = 0
    for (symbols, shape) in zip(operands, shapes) {
      let named = symbols.count { $0 != .ellipsis }
      let hasEllipsis = named < symbols.count
      guard hasEllipsis ? named <= shape.rank : named == shape.rank else {
        throw .mismatch("a term of \(named) labels for an operand of shape \(shape)")
      }
      ellipsis = max(ellipsis, shape.rank - named)
      let labels = symbols.flatMap { Self.labels($0, ellipsis: shape.rank - named) }
      for (label, extent) in zip(labels, shape.dims) {
        let known = extents[label] ?? 1
        guard known == 1 || extent == 1 || known == extent else {
          throw .mismatch("extents \(known) and \(extent) under one label")
        }
        extents[label] = known == 1 ? extent : known
      }
      terms.append(Array(zip(labels, shape.dims)))
    }
    let kept = (result ?? implicitResult).flatMap { Self.labels($0, ellipsis: ellipsis) }
    guard Set(kept).count == kept.count, kept.allSatisfy({ extents[$0] != nil }) else {
      throw Self.malformed
    }
    return Labelled(
      operands: terms.map { term in
        Set(term.filter { $0.1 == extents[$0.0] }.map(\.0))
      },
      terms: terms.map { $0.map(\.0) },
      counts: shapes.map(\.count), result: kept, extents: extents)
  }

  private static func labels(_ symbol: Symbol, ellipsis: Int) -> [Label] {
    switch symbol {
    case .letter(let letter): [.letter(letter)]
    case .ellipsis: (0..<ellipsis).reversed().map { .ellipsis($0) }
    }
  }

  /// The axes of ellipses, then the letters that occur once, in alphabetical order.
  private var implicitResult: [Symbol] {
    var uses: [Character: Int] = [:]
    for case .letter(let letter) in operands.joined() { uses[letter, default: 0] += 1 }
    let letters = uses.filter { $0.value == 1 }.keys.sorted()
    return [.ellipsis] + letters.map { .letter($0) }
  }
}
