/// What an instruction does; those that kernels have no use for are missing, and so refused.
enum Operation: Hashable {
  case barrier, end, branch
  /// The entry point's parameter, of this type.
  case parameter(String)
  case access(Access)
  case move
  case integer(IntegerOperation)
  case float(FloatOperation)
  /// `fma.rn.f16x2`
  case fusedHalves
  case conversion(Conversion)
  case exchange
  /// So many matrices of eight rows of sixteen bytes.
  case loadMatrices(Int)
  case product(MatrixShape)

  /// A load or store of `count` numbers side by side.
  struct Access: Hashable {
    let isLoad: Bool
    let isShared: Bool
    let count: Int
    let byteCount: Int
  }

  init?(_ opcode: Substring) {
    let parts = opcode.split(separator: ".")
    switch parts[0] {
    case "bar" where opcode == "bar.sync": self = .barrier
    case "ret" where parts.count == 1: self = .end
    case "bra" where parts.count == 1: self = .branch
    case "ld" where parts.count == 3 && parts[1] == "param": self = .parameter(".\(parts[2])")
    case "ld", "st":
      guard let access = Access(parts) else { return nil }
      self = .access(access)
    case "shfl" where opcode == "shfl.sync.bfly.b32": self = .exchange
    case "ldmatrix":
      guard
        let count = [1, 2, 4].first(where: {
          opcode == "ldmatrix.sync.aligned.m8n8.x\($0).shared.b16"
        })
      else { return nil }
      self = .loadMatrices(count)
    case "mma":
      guard let shape = MatrixShape(opcode) else { return nil }
      self = .product(shape)
    default:
      if ["mov.u32", "mov.b32", "mov.f32"].contains(opcode) {
        self = .move
      } else if opcode == "fma.rn.f16x2" {
        self = .fusedHalves
      } else if let operation = IntegerOperation(rawValue: String(opcode)) {
        self = .integer(operation)
      } else if let operation = FloatOperation(rawValue: String(opcode)) {
        self = .float(operation)
      } else if let conversion = Conversion(rawValue: String(opcode)) {
        self = .conversion(conversion)
      } else {
        return nil
      }
    }
  }

  /// Whether the threads of a warp do it together.
  var isOfWarp: Bool {
    switch self {
    case .exchange, .loadMatrices, .product: true
    default: false
    }
  }
}

enum IntegerOperation: String {
  case add = "add.u32"
  case subtract = "sub.u32"
  case multiply = "mul.lo.u32"
  case multiplyAdd = "mad.lo.u32"
  case multiplyWide = "mul.wide.u32"
  case multiplyAddWide = "mad.wide.u32"
  case addWide = "add.s64"
  case divide = "div.u32"
  case remainder = "rem.u32"
  case shiftLeft = "shl.b32"
  case shiftRight = "shr.u32"
  case and = "and.b32"
  case or = "or.b32"
  case xor = "xor.b32"
  case minimum = "min.u32"
  case both = "and.pred"
  case select = "selp.b32"
  case selectFloat = "selp.f32"
  case isLess = "setp.lt.u32"
  case isEqual = "setp.eq.u32"
}

enum FloatOperation: String {
  case add = "add.rn.f32"
  case subtract = "sub.rn.f32"
  case multiply = "mul.rn.f32"
  case maximum = "max.f32"
  case fused = "fma.rn.f32"
  case exponential = "ex2.approx.ftz.f32"
  case logarithm = "lg2.approx.ftz.f32"
  case reciprocal = "rcp.approx.ftz.f32"
  case reciprocalRoot = "rsqrt.approx.ftz.f32"
}

enum Conversion: String {
  case floatOfHalf = "cvt.f32.f16"
  case half = "cvt.rn.f16.f32"
  /// Two numbers; the first goes to the upper half.
  case brainPair = "cvt.rn.bf16x2.f32"
}

extension Operation.Access {
  init?(_ parts: [Substring]) {
    var rest = parts.dropFirst()
    guard let space = rest.popFirst(), ["global", "shared"].contains(space),
      let type = rest.popLast(), let bits = Int(type.dropFirst()), [16, 32, 64].contains(bits),
      ["b", "f", "u"].contains(type.prefix(1))
    else { return nil }
    var count = 1
    if let vector = rest.last, vector.first == "v" {
      guard let width = Int(vector.dropFirst()), [2, 4].contains(width), width * bits <= 128 else {
        return nil
      }
      count = width
      rest.removeLast()
    }
    guard rest.isEmpty || Array(rest) == ["cg"] && parts[0] == "ld" && space == "global" else {
      return nil
    }
    self.init(
      isLoad: parts[0] == "ld", isShared: space == "shared", count: count, byteCount: bits / 8)
  }
}

/// One of the products that tensor cores know.
struct MatrixShape: Hashable {
  enum Kind { case half, brain, tensorFloat, byte }

  let rows: Int
  let depthBytes: Int
  let kind: Kind

  init?(_ opcode: Substring) {
    let shapes: [(String, Int, Int, Kind)] = [
      ("m16n8k8.row.col.f32.f16.f16.f32", 16, 16, .half),
      ("m16n8k16.row.col.f32.f16.f16.f32", 16, 32, .half),
      ("m16n8k16.row.col.f32.bf16.bf16.f32", 16, 32, .brain),
      ("m16n8k8.row.col.f32.tf32.tf32.f32", 16, 32, .tensorFloat),
      ("m8n8k16.row.col.s32.s8.s8.s32", 8, 16, .byte),
      ("m16n8k32.row.col.s32.s8.s8.s32", 16, 32, .byte),
    ]
    guard let shape = shapes.first(where: { opcode == "mma.sync.aligned." + $0.0 }) else {
      return nil
    }
    (rows, depthBytes, kind) = (shape.1, shape.2, shape.3)
  }

  /// The numbers in a register.
  var perRegister: Int {
    switch kind {
    case .half, .brain: 2
    case .tensorFloat: 1
    case .byte: 4
    }
  }
}
