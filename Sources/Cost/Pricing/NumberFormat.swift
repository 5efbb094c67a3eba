package import Graph

/// The numbers that arithmetic is done in, which may be less than what tensors hold.
package struct NumberFormat: Hashable, Sendable {
  /// The type that operands are held in.
  package let storage: ElementType
  /// Whether tensor cores multiply the first 19 of the 32 bits of each operand.
  package let isTensorFloat: Bool

  /// Arithmetic in all bits of `type`.
  package init(_ type: ElementType) {
    storage = type
    isTensorFloat = false
  }

  private init(tensorFloat: ElementType) {
    storage = tensorFloat
    isTensorFloat = true
  }

  package static let float64 = NumberFormat(.float64)
  package static let float32 = NumberFormat(.float32)
  /// TF32: float32 tensors, whose products have 8 bits of exponent and 10 of fraction; sums have all 32 bits.
  ///
  /// NVIDIA A100 Tensor Core GPU Architecture, white paper, 2020.
  package static let tensorFloat32 = NumberFormat(tensorFloat: .float32)
  package static let float16 = NumberFormat(.float16)
  package static let bfloat16 = NumberFormat(.bfloat16)
  package static let int8 = NumberFormat(.int8)

  /// What device tables call it: `float32`, `tf32`.
  package var name: String { isTensorFloat ? "tf32" : storage.name }

  /// The format that device tables call `name`; nil where there is none.
  package init?(named name: String) {
    if name == Self.tensorFloat32.name {
      self = .tensorFloat32
    } else if let type = ElementType.allCases.first(where: { $0.name == name }) {
      self.init(type)
    } else {
      return nil
    }
  }

  /// The format under which a device table prices arithmetic in this one.
  var priced: NumberFormat { isTensorFloat ? self : NumberFormat(storage.priced) }
}

extension NumberFormat {
  /// What kernels of `operation` compute in when a model is run in `precision`, which has made their operands `type`.
  ///
  /// A depthwise convolution has no matrix for tensor cores to multiply by.
  init(_ type: ElementType, for operation: Kernel.Operation, in precision: Precision?) {
    let isProduct =
      switch operation {
      case .gemm, .convolution, .groupedConvolution, .recurrence, .attention: true
      case .depthwiseConvolution, .elementwise, .reduction, .softmax, .normalization, .pooling,
        .movement:
        false
      }
    self = precision == .tf32 && type == .float32 && isProduct ? .tensorFloat32 : .init(type)
  }
}

extension ElementType {
  /// The type under which a device table prices arithmetic in this one.
  var priced: ElementType { self == .uint8 ? .int8 : self }
}
