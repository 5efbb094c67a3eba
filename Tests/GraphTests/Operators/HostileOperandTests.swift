import Testing

@testable import Graph

/// Nodes made of nonsense, the same nonsense each time.
struct HostileOperandTests {
  static let trials = 100

  @Test(arguments: OperatorTable.standard.names.map { $0.description })
  func `no attribute or operand makes an operator trap`(name: String) {
    var nonsense = Nonsense(seed: name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
    for _ in 0..<Self.trials {
      let (node, inputs) = nonsense.node(OperatorName(stringLiteral: name))
      guard let op = try? OperatorTable.standard(node) else { continue }
      let fitted = op.fitted(inputs)
      for x in [inputs, fitted] {
        _ = (op.layer(x), op.viewedInput(x))
        for index in 0..<x.count { _ = op.role(index, x) }
        guard let outputs = try? op.outputs(x) else { continue }
        let y = Operands(outputs.map { Operand($0) })
        _ = try? op.contractions(x, y).map(\.macs)
        if let work = try? op.arithmetic(x, y) {
          #expect(work.elementwise >= 0 && work.transcendentals >= 0, "\(node.attributes)")
        }
        let traffic = op.traffic(x, y)
        #expect(traffic.read >= 0 && traffic.written >= 0, "\(node.attributes)")
      }
    }
  }
}

/// A source of nodes that no exporter would write.
private struct Nonsense {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  static let integers = [
    "K", "N", "activation", "allowzero", "antialias", "axis", "batch_dims", "bits", "blocksize",
    "ceil_mode", "channels_last", "do_rotary", "dtype", "end", "exclusive", "expert_weight_bits",
    "gather_axis", "group", "inverse", "is_causal", "k", "keepdims", "kv_num_heads", "layout",
    "max_gram_length", "max_map", "max_skip_count", "maxsplit", "min_gram_length", "n_targets",
    "new_axis", "noop_with_empty_axes", "num_heads", "num_outputs", "num_scan_inputs", "onesided",
    "output_datatype", "output_height", "output_width", "past_present_share_buffer",
    "q_num_heads", "quantize_axis", "reverse", "rotary_embedding_dim", "sample_size",
    "sampling_ratio", "size", "start", "stash_type", "targets", "to", "training_mode", "transA",
    "transB", "transBatchA", "transBatchB", "unidirectional",
  ]
  static let lists = [
    "axes", "cats_int64s", "classlabels_int64s", "classlabels_ints", "dilations", "ends",
    "inputdimensions", "int64_vocabulary", "kernel_shape", "ngram_indexes", "nodes_featureids",
    "nodes_treeids", "output_padding", "output_shape", "pads", "perm", "pooled_shape",
    "qkv_hidden_sizes", "scales", "scan_input_axes", "scan_output_axes", "shape", "split",
    "starts", "strides", "tree_roots",
  ]
  static let texts = [
    ("auto_pad", ["SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"]),
    ("equation", ["ij,jk->ik", "...i,i...", "ii->i", "abc,bcd,cde->ae", ",->"]),
    ("mode", ["linear", "nearest", "cubic", "IDF", "wrap"]),
    ("reduction", ["none", "sum"]),
    ("keep_aspect_ratio_policy", ["not_larger", "not_smaller"]),
    ("coordinate_transformation_mode", ["tf_crop_and_resize"]),
    ("map_form", ["SPARSE"]), ("update_rule", ["gated", "delta"]),
  ]
  static let numbers: [Int] = [
    0, 1, 1, 2, 3, 4, 8, -1, -2, 64, 1 << 20, 1 << 31, 1 << 54, .max, .max - 1, .min, .min + 1,
  ]

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
  mutating func happens(_ percent: Int) -> Bool { below(100) < percent }
  mutating func pick<T>(_ elements: [T]) -> T { elements[below(elements.count)] }

  mutating func node(_ name: OperatorName) -> (Node, Operands) {
    var attributes: [Attribute] = []
    for attribute in Self.integers where happens(40) {
      attributes.append(Attribute(attribute, .int(pick(Self.numbers))))
    }
    let length = below(7)
    for attribute in Self.lists where happens(40) {
      let count = happens(80) ? length : below(7)
      var values: [Int] = []
      for _ in 0..<count { values.append(pick(Self.numbers)) }
      attributes.append(Attribute(attribute, .ints(values)))
    }
    for (attribute, values) in Self.texts where happens(50) {
      attributes.append(Attribute(attribute, .string(pick(values))))
    }
    // Extents of few kinds, so that operands often fit one another.
    let extents = (0..<(1 + below(3))).map { _ in max(0, pick(Self.numbers.filter { $0 >= 0 })) }
    let rank = below(6)
    let count = below(9)
    var operands: [Operand] = []
    for _ in 0..<count { operands.append(operand(happens(70) ? rank : below(6), extents)) }
    let node = Node(
      name, opset: pick([7, 9, 10, 11, 12, 13, 17, 18, 20, 26]), inputs: Array(0..<count),
      outputs: [count, count + 1], attributes: attributes)
    return (node, Operands(operands))
  }

  mutating func operand(_ rank: Int, _ extents: [Int]) -> Operand {
    if happens(8) { return .absent }
    let type = happens(60) ? ElementType.float32 : pick(ElementType.allCases)
    var dims: [Int] = []
    for _ in 0..<rank { dims.append(pick(extents)) }
    if happens(10) { dims = [dims.count] }
    guard var info = try? TensorInfo(type, dims) else { return Operand(nil) }
    if info.shape.count <= 64, happens(60) {
      var values: [Int] = []
      for _ in 0..<info.shape.count { values.append(pick(Self.numbers)) }
      info.value = type.isFloatingPoint ? .reals(values.map(Double.init)) : .integers(values)
    }
    switch below(20) {
    case 0: return Operand(.sequence([info, info]))
    case 1: return Operand(.optional(.tensor(info)))
    default: return Operand(info, isConstant: happens(50))
    }
  }
}
