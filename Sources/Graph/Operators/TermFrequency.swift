/// `TfIdfVectorizer`: how often each known run of words occurs in a text.
///
/// `[words]` or `N×words` becomes one number for each known run.
/// https://onnx.ai/onnx/operators/onnx__TfIdfVectorizer.html
package struct TermFrequency: Operator {
  package static let names: [OperatorName] = ["TfIdfVectorizer"]

  private let terms: Int
  /// Runs looked up that start at one word.
  private let runs: Int

  package init(_ node: Node) throws(OperatorError) {
    guard let places = try node.ints("ngram_indexes") else {
      throw .missingAttribute("ngram_indexes")
    }
    terms = saturatingSum(places.max() ?? -1, 1)
    let shortest = try node.int("min_gram_length", default: 1)
    let longest = try node.int("max_gram_length", default: 1)
    let (lengths, overflow) = longest.subtractingReportingOverflow(shortest)
    let skips = max(0, try node.int("max_skip_count", default: 0))
    runs = saturatingProduct(
      overflow ? .max : saturatingSum(max(0, lengths), 1), saturatingSum(skips, 1))
  }

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    guard (1...2).contains(input.rank) else { throw .mismatch("a text of shape \(input.shape)") }
    return [try .tensor(.float32, input.dims.dropLast() + [terms])]
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    Work(elementwise: saturatingProduct(try x.required(0).shape.count, runs))
  }
}
