/// Operators on strings: `StringConcat`, `StringSplit`, `StringNormalizer`, `RegexFullMatch`.
///
/// What a string takes depends on its length, which is not known: one operation is counted for each.
/// https://onnx.ai/onnx/operators/onnx__StringConcat.html and its neighbours
package struct Text: Operator {
  package static let names: [OperatorName] = [
    "RegexFullMatch", "StringConcat", "StringNormalizer", "StringSplit",
  ]

  private enum Kind {
    case join, match
    case normalize(drops: Bool)
    case split(limit: Int?)
  }

  private let kind: Kind

  package init(_ node: Node) throws(OperatorError) {
    switch node.op.name {
    case "StringConcat": kind = .join
    case "RegexFullMatch": kind = .match
    case "StringNormalizer":
      kind = .normalize(drops: try node.strings("stopwords").map { !$0.isEmpty } ?? false)
    default: kind = .split(limit: try node.int("maxsplit").flatMap { $0 >= 0 ? $0 : nil })
    }
  }

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    switch kind {
    case .join:
      return [.tensor(.string, try Shape.broadcast([input.shape, try x.required(1).shape]))]
    case .match: return [.tensor(.bool, input.shape)]
    case .normalize(let drops):
      let result = ValueInfo.tensor(.string, input.shape)
      return [drops ? result.estimated : result]
    case .split(let limit):
      var parts = try limit.map { (limit) throws(OperatorError) in
        try ValueInfo.tensor(.string, input.dims + [saturatingSum(limit, 1)]).estimated
      }
      // Where there is nothing to split, there are no parts.
      if input.shape.count == 0 { parts = try .tensor(.string, input.dims + [0]) }
      return [parts, .tensor(.int64, input.shape)]
    }
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    Work(elementwise: try x.required(0).shape.count)
  }
}
