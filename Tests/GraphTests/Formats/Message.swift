@testable import Graph

/// Builds protobuf messages, well formed or not.
struct Message {
  var bytes: [UInt8] = []

  func varint(_ number: Int, _ value: Int) -> Message {
    Message(bytes: bytes + Self.digits(number << 3) + Self.digits(value))
  }

  func fixed32(_ number: Int, _ value: UInt32) -> Message {
    Message(
      bytes: bytes + Self.digits(number << 3 | 5)
        + (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
  }

  func fixed64(_ number: Int, _ value: UInt64) -> Message {
    Message(
      bytes: bytes + Self.digits(number << 3 | 1)
        + (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
  }

  func data(_ number: Int, _ content: [UInt8]) -> Message {
    Message(
      bytes: bytes + Self.digits(number << 3 | 2) + Self.digits(content.count) + content)
  }

  func text(_ number: Int, _ content: String) -> Message { data(number, Array(content.utf8)) }
  func message(_ number: Int, _ content: Message) -> Message { data(number, content.bytes) }
  func packed(_ number: Int, _ values: [Int]) -> Message {
    data(number, values.flatMap { Self.digits($0) })
  }

  private static func digits(_ value: Int) -> [UInt8] {
    var rest = UInt64(bitPattern: Int64(value))
    var digits: [UInt8] = []
    while rest > 0x7F {
      digits.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return digits + [UInt8(rest)]
  }

  /// A model of opset 17 whose graph is this message.
  var model: Message {
    Message().varint(1, 8).message(7, self).message(8, Message().varint(2, 17))
  }

  func read() throws(FormatError) -> Model { try ONNXFormat.read(FileBytes(bytes.span)) }
}

extension Body {
  /// The nodes as text: `h = Gemm(x, w, )`.
  var lines: [String] {
    nodes.map { node in
      let outputs = node.outputs.map { id in id.map { values[$0].name } ?? "" }
      let inputs = node.inputs.map { id in id.map { values[$0].name } ?? "" }
      return "\(outputs.joined(separator: ", ")) = \(node.op)(\(inputs.joined(separator: ", ")))"
    }
  }

  func value(_ name: String) -> Value? { values.first { $0.name == name } }
  var inputNames: [String] { inputs.map { values[$0].name } }
  var outputNames: [String] { outputs.map { values[$0].name } }
}

extension Node {
  func attribute(named name: String) -> Graph.Attribute.Payload? {
    attributes.first { $0.name == name }?.value
  }

  func graph(named name: String) -> Body? {
    if case .graph(let body) = attribute(named: name) { body } else { nil }
  }
}
