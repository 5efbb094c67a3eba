/// Features made ready for classical models: `LabelEncoder`, `OneHotEncoder`, `Scaler`, `ZipMap` and their kin.
///
/// https://onnx.ai/onnx/operators/index.html#ai-onnx-ml
package struct FeatureEncoding: Operator {
  package static let names: [OperatorName] = [
    "ai.onnx.ml::ArrayFeatureExtractor", "ai.onnx.ml::Binarizer", "ai.onnx.ml::CastMap",
    "ai.onnx.ml::CategoryMapper", "ai.onnx.ml::DictVectorizer", "ai.onnx.ml::FeatureVectorizer",
    "ai.onnx.ml::Imputer", "ai.onnx.ml::LabelEncoder", "ai.onnx.ml::Normalizer",
    "ai.onnx.ml::OneHotEncoder", "ai.onnx.ml::Scaler", "ai.onnx.ml::ZipMap",
  ]

  private enum Kind {
    /// Each element becomes another, at so many operations.
    case elements(Encoded, operations: Int)
    /// Each element becomes a row of zeros with a one.
    case oneHot(categories: Int)
    /// Columns picked by the second operand.
    case pick
    /// All operands side by side.
    case join([Int])
    /// A map becomes a row, of a length that is known or not.
    case row(ElementType, length: Int?)
    /// A row becomes a map.
    case map(ElementType)
  }

  /// The type that an element takes.
  private enum Encoded {
    case same
    case type(ElementType)
    /// Strings become integers, and integers strings.
    case swapped
  }

  private let kind: Kind

  package init(_ node: Node) throws(OperatorError) {
    switch node.op.name {
    case "ArrayFeatureExtractor": kind = .pick
    case "Binarizer", "Imputer": kind = .elements(.same, operations: 1)
    case "CastMap":
      let isSparse = try node.string("map_form") == "SPARSE"
      let type: ElementType =
        switch try node.string("cast_to") ?? "TO_FLOAT" {
        case "TO_STRING": .string
        case "TO_INT64": .int64
        default: .float32
        }
      kind = .row(type, length: isSparse ? try node.int("max_map", default: 1) : nil)
    case "CategoryMapper": kind = .elements(.swapped, operations: 1)
    case "DictVectorizer":
      let integers = try node.ints("int64_vocabulary") ?? []
      let strings = try node.strings("string_vocabulary") ?? []
      kind = .row(.float32, length: max(integers.count, strings.count))
    case "FeatureVectorizer": kind = .join(try node.ints("inputdimensions") ?? [])
    case "LabelEncoder": kind = .elements(try Self.encoded(node), operations: 1)
    case "Normalizer": kind = .elements(.type(.float32), operations: 3)
    case "OneHotEncoder":
      let integers = try node.ints("cats_int64s") ?? []
      let strings = try node.strings("cats_strings") ?? []
      kind = .oneHot(categories: max(integers.count, strings.count))
    case "Scaler": kind = .elements(.type(.float32), operations: 2)
    default: kind = .map(try Labels(node).type)
    }
  }

  /// The type of what a `LabelEncoder` maps to.
  private static func encoded(_ node: Node) throws(OperatorError) -> Encoded {
    if let values = try node.tensor("values_tensor") { return .type(values.info.type) }
    if try node.strings("values_strings") != nil { return .type(.string) }
    if try node.ints("values_int64s") != nil { return .type(.int64) }
    if try node.floats("values_floats") != nil { return .type(.float32) }
    // The first version mapped between strings and integers.
    return .swapped
  }

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    switch kind {
    case .elements(let type, _):
      let input = try x.required(0)
      let result: ElementType =
        switch type {
        case .same: input.type
        case .type(let given): given
        case .swapped: input.type == .string ? .int64 : .string
        }
      return [.tensor(result, input.shape)]
    case .oneHot(let categories):
      return [try .tensor(.float32, try x.required(0).dims + [categories])]
    case .pick:
      let (input, places) = (try x.required(0), try x.required(1))
      let rows = input.rank > 1 ? Array(input.dims.dropLast()) : [1]
      return [try .tensor(input.type, rows + [places.shape.count])]
    case .join(let widths):
      var total = 0
      for index in 0..<x.count {
        let width = index < widths.count ? widths[index] : try x.required(index).features
        total = saturatingSum(total, width)
      }
      return [try .tensor(.float32, [try x.required(0).rows, total])]
    case .row(let type, let length):
      guard let length else { throw .unknownValue(0) }
      // Runtimes differ about a leading axis of one.
      return [try ValueInfo.tensor(type, [1, length]).estimated]
    case .map(let key): return [.map(key: key, value: .float32)]
    }
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    guard case .elements(_, let operations) = kind else { return Work() }
    return Work(elementwise: operations).times(try x.required(0).shape.count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
