package import Graph

extension Precision {
  /// The type that floating-point numbers are cast to.
  package var type: ElementType {
    switch self {
    case .fp32, .tf32: .float32
    case .fp16: .float16
    case .bf16: .bfloat16
    case .int8: .int8
    }
  }

  /// The bytes of a parameter's copy that training keeps beside the one in FP32; 0 where that is the one used.
  var copyByteCount: Int { type == .float32 ? 0 : type.byteCount(1) }
}

extension ElementType {
  /// The type in which a model run in `precision` holds what the graph holds in this one; integers stay.
  package func cast(to precision: Precision?) -> ElementType {
    guard let precision, isFloatingPoint else { return self }
    return precision.type
  }
}

extension ValueInfo {
  /// The bytes of everything held when the model is run in `precision`.
  func byteCount(in precision: Precision?) -> Int {
    switch self {
    case .tensor(let info): info.type.cast(to: precision).byteCount(info.shape.count)
    case .sequence(let elements):
      elements.reduce(0) {
        saturatingSum($0, $1.type.cast(to: precision).byteCount($1.shape.count))
      }
    case .optional(let held): held?.byteCount(in: precision) ?? 0
    case .map: 0
    }
  }
}
