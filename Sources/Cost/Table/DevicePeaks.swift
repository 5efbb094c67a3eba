/// What a board cannot exceed, by its generation and its maker's data sheet.
package struct DevicePeaks: Sendable {
  private let multiprocessors: Double
  private let operations: Operations?
  /// Hertz that multiprocessors reach at most.
  package let clock: Double
  /// Bytes a second that the memory's pins carry; nil where the board is not known.
  package let bytesPerSecond: Double?

  /// Operations of one multiprocessor in one clock; a multiply-accumulate is two.
  private struct Operations {
    let float32: Double
    let float16: Double
    let bfloat16: Double
    let int8: Double
    /// Since the Ampere generation, which brought tensor cores BF16 and TF32 alike.
    var hasTensorFloat: Bool { bfloat16 > float32 }
  }

  package init(_ device: Device) {
    multiprocessors = Double(device.multiprocessors)
    operations = Self.operations[device.computeCapability]
    let words = device.title.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    let known = Self.boards.first { board in
      board.words.allSatisfy { word in words.contains(word) }
    }
    clock = (known?.gigahertz ?? 3) * 1e9
    bytesPerSecond = known.map { $0.gigabytes * 1e9 }
  }

  /// Operations a second in `type`, of sums in 32 bits where it is nil; nil where the generation is not known.
  package func operationsPerSecond(in type: NumberFormat?) -> Double? {
    guard let operations else { return nil }
    let each: Double? =
      switch type?.priced {
      // Plain arithmetic does two numbers of 16 bits at once.
      case nil: 2 * operations.float32
      case .float32: operations.float32
      // Operands are twice as wide as those of FP16.
      case .tensorFloat32: operations.hasTensorFloat ? operations.float16 / 2 : nil
      case .float16: operations.float16
      case .bfloat16: operations.bfloat16
      case .int8: operations.int8
      default: nil
      }
    return each.map { $0 * multiprocessors * clock }
  }

  /// By tensor cores where there are any, without sparsity.
  ///
  /// NVIDIA's white papers on Volta, Turing, GA100, GA102, Ada, Hopper and Blackwell: peaks divided by clocks and multiprocessors.
  private static let operations: [String: Operations] = [
    "7.0": .init(float32: 128, float16: 1024, bfloat16: 128, int8: 512),
    "7.5": .init(float32: 128, float16: 1024, bfloat16: 128, int8: 2048),
    "8.0": .init(float32: 128, float16: 2048, bfloat16: 2048, int8: 4096),
    "8.6": .init(float32: 256, float16: 1024, bfloat16: 1024, int8: 2048),
    "8.9": .init(float32: 256, float16: 1024, bfloat16: 1024, int8: 2048),
    "9.0": .init(float32: 256, float16: 4096, bfloat16: 4096, int8: 8192),
    "10.0": .init(float32: 256, float16: 8192, bfloat16: 8192, int8: 16384),
    "12.0": .init(float32: 256, float16: 1024, bfloat16: 1024, int8: 2048),
  ]

  /// Words of the driver's names of boards, their highest clocks, and the rates of their memories; special ones first.
  ///
  /// NVIDIA's data sheets of these boards.
  private static let boards: [(words: [String], gigahertz: Double, gigabytes: Double)] = [
    (["t4"], 1.59, 320), (["v100s"], 1.6, 1134), (["v100"], 1.53, 900),
    (["a100", "80gb"], 1.41, 2039), (["a100"], 1.41, 1555), (["a30"], 1.44, 933),
    (["a40"], 1.74, 696), (["a10"], 1.71, 600), (["a2"], 1.77, 200),
    (["a6000"], 1.8, 768), (["l40s"], 2.52, 864), (["l40"], 2.49, 864), (["l4"], 2.04, 300),
    (["h200"], 1.98, 4800), (["h100", "pcie"], 1.755, 2039), (["h100"], 1.98, 3938),
  ]
}
