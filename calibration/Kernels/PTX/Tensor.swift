/// Matrices in registers, and what multiplies them.
extension KernelWriter {
  /// Four matrices of eight rows of sixteen bytes from shared memory, a register for each.
  ///
  /// Each thread gives the address of one row; thread `4·r + c` gets the four bytes at `4·c` of row `r`.
  mutating func loadMatrices(_ address: Value<B32>, offset: Int = 0) -> [Value<B32>] {
    let values = (0..<4).map { _ in register(B32.self) }
    let list = values.map(\.text).joined(separator: ", ")
    emit(
      "ldmatrix.sync.aligned.m8n8.x4.shared.b16", "{\(list)}",
      offset == 0 ? "[\(address.text)]" : "[\(address.text)+\(offset)]")
    return values
  }

  /// Adds the product of 16 rows (`a`, four registers) and 8 columns (`b`, two), 32 bytes deep, to `sums`, four registers.
  ///
  /// What one instruction does of it depends on the generation: later ones go deeper.
  mutating func multiplyTile(
    _ type: NumberType, _ a: [Value<B32>], _ b: [Value<B32>], into sums: [Value<B32>]
  ) {
    switch (type, target) {
    case (.float16, .sm80): product("m16n8k16.row.col.f32.f16.f16.f32", a, b, sums)
    case (.bfloat16, _): product("m16n8k16.row.col.f32.bf16.bf16.f32", a, b, sums)
    case (.tensorFloat32, _): product("m16n8k8.row.col.f32.tf32.tf32.f32", a, b, sums)
    case (.int8, .sm80): product("m16n8k32.row.col.s32.s8.s8.s32", a, b, sums)
    case (.int8, _):
      for (row, depth) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        product(
          "m8n8k16.row.col.s32.s8.s8.s32", [a[row + 2 * depth]], [b[depth]],
          Array(sums[2 * row..<2 * row + 2]))
      }
    default:
      for depth in 0..<2 {
        product(
          "m16n8k8.row.col.f32.f16.f16.f32", Array(a[2 * depth..<2 * depth + 2]), [b[depth]], sums)
      }
    }
  }

  private mutating func product(
    _ shape: String, _ a: [Value<B32>], _ b: [Value<B32>], _ sums: [Value<B32>]
  ) {
    let lists = [sums, a, b, sums].map { "{" + $0.map(\.text).joined(separator: ", ") + "}" }
    emit("mma.sync.aligned." + shape, lists[0], lists[1], lists[2], lists[3])
  }
}

extension NumberType {
  /// The generation from which on tensor cores multiply this type; nil where they do not.
  var tensorTarget: Target? {
    switch self {
    case .float16, .int8: .sm75
    case .bfloat16, .tensorFloat32: .sm80
    case .float32, .int32, .uint32: nil
    }
  }

  /// What sums of products are kept in.
  var sumType: NumberType { self == .int8 ? .int32 : .float32 }

  /// What a product of matrices of this type is stored in.
  var productType: NumberType {
    switch self {
    case .int8: .int32
    case .tensorFloat32: .float32
    default: self
    }
  }
}
