/// Operators on sequences of tensors: `SequenceConstruct`, `SequenceAt`, `SequenceInsert` and their kin.
///
/// A sequence is a list of references, so most of them move nothing.
/// https://onnx.ai/onnx/operators/onnx__SequenceAt.html and its neighbours
package struct Sequences: Operator {
  package static let names: [OperatorName] = [
    "ConcatFromSequence", "SequenceAt", "SequenceConstruct", "SequenceEmpty", "SequenceErase",
    "SequenceInsert", "SequenceLength", "SplitToSequence",
  ]

  private enum Kind {
    case at, construct, empty, erase, insert, length
    case concatenate(axis: Int, stacks: Bool)
    case split(axis: Int, keepsAxis: Bool)
  }

  private let kind: Kind

  package init(_ node: Node) throws(OperatorError) {
    kind =
      switch node.op.name {
      case "SequenceAt": .at
      case "SequenceConstruct": .construct
      case "SequenceEmpty": .empty
      case "SequenceErase": .erase
      case "SequenceInsert": .insert
      case "SequenceLength": .length
      case "SplitToSequence":
        .split(
          axis: try node.int("axis", default: 0),
          keepsAxis: try node.flag("keepdims", default: true))
      default:
        .concatenate(axis: try node.int("axis", default: 0), stacks: try node.flag("new_axis"))
      }
  }

  package var layer: LayerClass { if case .concatenate = kind { .concatenate } else { .movement } }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    switch kind {
    case .construct:
      var elements: [TensorInfo] = []
      for index in 0..<x.count { elements.append(try x.required(index)) }
      return [.sequence(elements)]
    case .empty: return [.sequence([])]
    case .length:
      return [.tensor(.int64, .scalar, value: .integers([try x.sequence(0).count]))]
    case .at: return [.tensor(try element(of: x))]
    case .erase:
      var elements = try x.sequence(0)
      elements.remove(at: try position(x, 1, in: elements.count, default: elements.count - 1))
      return [.sequence(elements)]
    case .insert:
      var elements = try x.sequence(0)
      let position = try position(x, 2, in: elements.count + 1, default: elements.count)
      elements.insert(try x.required(1), at: position)
      return [.sequence(elements)]
    case .split(let axis, let keepsAxis): return [.sequence(try parts(x, axis, keepsAxis))]
    case .concatenate(let axis, let stacks):
      return [.tensor(try joined(try x.sequence(0), axis, stacks))]
    }
  }

  /// The index at operand `operand`, counted from the front, among `count`.
  private func position(_ x: Operands, _ operand: Int, in count: Int, default last: Int)
    throws(OperatorError) -> Int
  {
    // Inserting counts from the end of the sequence as it was, one before its own end.
    let length = operand == 2 ? count - 1 : count
    var position = try x.integers(operand)?.first ?? last
    if position < 0, position >= -length { position += length }
    guard (0..<count).contains(position) else {
      throw .mismatch("position \(position) in a sequence of \(length)")
    }
    return position
  }

  private func element(of x: Operands) throws(OperatorError) -> TensorInfo {
    let elements = try x.sequence(0)
    guard let first = elements.first else { throw .mismatch("an element of an empty sequence") }
    // Where all are alike, it does not matter which it is.
    if x[1]?.value == nil, elements.allSatisfy({ $0 == first }) { return first }
    return elements[try position(x, 1, in: elements.count, default: 0)]
  }

  private func parts(_ x: Operands, _ axis: Int, _ keepsAxis: Bool) throws(OperatorError)
    -> [TensorInfo]
  {
    let input = try x.required(0)
    let axis = try input.shape.axis(axis)
    let extent = input.shape[axis]
    var lengths: [Int]
    if let split = try x.optional(1) {
      guard let given = try x.integers(1) else { throw .unknownValue(1) }
      lengths = given
      if split.rank == 0, let size = given.first {
        guard size > 0 else { throw .mismatch("parts of \(size)") }
        guard extent / size < TensorValue.maximumCount else { throw .tooLarge([extent]) }
        lengths = [Int](repeating: size, count: extent / size)
        if extent % size != 0 { lengths.append(extent % size) }
      }
    } else {
      guard extent <= TensorValue.maximumCount else { throw .tooLarge([extent]) }
      lengths = [Int](repeating: 1, count: extent)
    }
    var parts: [TensorInfo] = []
    for length in lengths {
      var dims = input.dims
      dims[axis] = length
      // Without a `split`, single slices may lose their axis.
      if !x.isGiven(1), !keepsAxis { dims.remove(at: axis) }
      parts.append(try TensorInfo(input.type, dims))
    }
    return parts.inOrder(of: input, axis)
  }

  private func joined(_ elements: [TensorInfo], _ axis: Int, _ stacks: Bool)
    throws(OperatorError) -> TensorInfo
  {
    guard let first = elements.first else { throw .mismatch("a tensor of an empty sequence") }
    if stacks {
      var axis = axis
      if axis < 0 { axis += first.rank + 1 }
      guard (0...first.rank).contains(axis) else {
        throw .axisOutOfRange(axis, rank: first.rank + 1)
      }
      guard elements.allSatisfy({ $0.shape == first.shape }) else {
        throw .mismatch("a stack of tensors of different shapes")
      }
      var dims = first.dims
      dims.insert(elements.count, at: axis)
      var result = try TensorInfo(first.type, dims)
      if axis == 0 { result.value = elements.joinedValue }
      return result
    }
    let axis = try first.shape.axis(axis)
    var dims = first.dims
    dims[axis] = 0
    for element in elements {
      guard element.rank == first.rank else {
        throw .mismatch("a tensor of parts of different ranks")
      }
      dims[axis] = saturatingSum(dims[axis], element.shape[axis])
    }
    var result = try TensorInfo(first.type, dims)
    if axis == 0 { result.value = elements.joinedValue }
    return result
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }

  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) {
    switch kind {
    case .concatenate: (y.byteCount, y.byteCount)
    case .split: (x[0]?.byteCount ?? 0, y.byteCount)
    default: (0, 0)
    }
  }

  package func role(_ index: Int, _: Operands) -> OperandRole {
    switch kind {
    case .construct, .concatenate: .data
    case .insert: index == 2 ? .setting : .data
    default: index == 0 ? .data : .setting
    }
  }
}

extension [TensorInfo] {
  /// The elements of all, one after another, where they are known and few.
  fileprivate var joinedValue: TensorValue? {
    var integers: [Int] = []
    for tensor in self {
      guard let values = tensor.value?.integers else { return nil }
      integers += values
      guard integers.count <= TensorValue.maximumCount else { return nil }
    }
    return .integers(integers)
  }

  /// Parts of a tensor along its first axis, with their elements where those are known.
  fileprivate func inOrder(of whole: TensorInfo, _ axis: Int) -> [TensorInfo] {
    guard axis == 0, let value = whole.value,
      reduce(0, { saturatingSum($0, $1.shape.count) }) == value.count
    else { return self }
    var start = 0
    return map { part in
      var part = part
      part.value = value.picking([Int](start..<(start + part.shape.count)))
      start += part.shape.count
      return part
    }
  }
}
