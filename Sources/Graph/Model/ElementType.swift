/// The type of one element of a tensor, numbered as ONNX's `TensorProto.DataType` numbers them.
package enum ElementType: Int, Sendable, CaseIterable {
  case float32 = 1
  case uint8, int8, uint16, int16, int32, int64, string, bool
  case float16, float64, uint32, uint64, complex64, complex128, bfloat16
  case float8e4m3fn, float8e4m3fnuz, float8e5m2, float8e5m2fnuz
  case uint4, int4, float4e2m1, float8e8m0, uint2, int2, float6e2m3, float6e3m2

  /// The name used in reports: `float32`, `int64`, `float8e4m3fn`.
  package var name: String { "\(self)" }

  /// The storage of one element, in bits.
  ///
  /// A string counts as a reference of 16 bytes.
  package var bitWidth: Int {
    switch self {
    case .complex128, .string: 128
    case .float64, .int64, .uint64, .complex64: 64
    case .float32, .int32, .uint32: 32
    case .float16, .bfloat16, .int16, .uint16: 16
    case .int8, .uint8, .bool, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz,
      .float8e8m0:
      8
    case .float6e2m3, .float6e3m2: 6
    case .int4, .uint4, .float4e2m1: 4
    case .int2, .uint2: 2
    }
  }

  /// Whether values are integers, among which booleans count as 0 and 1.
  package var isInteger: Bool {
    switch self {
    case .uint8, .int8, .uint16, .int16, .int32, .int64, .bool, .uint32, .uint64, .uint4, .int4,
      .uint2, .int2:
      true
    default: false
    }
  }

  /// Whether values are real numbers with a binary point that floats.
  package var isFloatingPoint: Bool {
    switch self {
    case .float32, .float16, .float64, .bfloat16, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2,
      .float8e5m2fnuz, .float4e2m1, .float8e8m0, .float6e2m3, .float6e3m2:
      true
    default: false
    }
  }

  /// Whether weights stored in this type are quantised: integers of at most eight bits.
  package var isQuantized: Bool { isInteger && self != .bool && bitWidth <= 8 }

  /// The bytes that `count` elements take, packed; `count` is at most `Shape.maximumCount`.
  package func byteCount(_ count: Int) -> Int {
    let bits = count * bitWidth
    return bits / 8 + (bits % 8 == 0 ? 0 : 1)
  }
}
