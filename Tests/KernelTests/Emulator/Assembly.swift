import BenchmarkKernels

/// A program read back from its text, so that the text itself is what is tested.
struct Assembly {
  let entry: String
  let target: String
  /// The types of the entry point's parameters, in order.
  let parameters: [String]
  /// The declared registers, numbered through all types.
  let registerCount: Int
  let threads: Int
  let sharedBytes: Int
  let instructions: [Instruction]

  /// What is wrong with the text.
  struct Malformed: Error, CustomStringConvertible {
    let line: String
    let reason: String
    var description: String { "\(reason): \(line)" }
  }

  struct Instruction {
    let text: String
    let operation: Operation
    let operands: [Operand]
    /// The predicate that decides whether it is run, and the value that it must have.
    let condition: (register: Int, value: Bool)?
  }

  enum Operand: Hashable {
    case register(Int)
    case registers([Int])
    case number(UInt64)
    /// The number in a register, plus an offset.
    case place(register: Int, offset: Int)
    case parameter(Int)
    case special(String)
    case target(Int)
  }

  init(_ text: String) throws(Malformed) {
    var reader = Reader()
    for line in text.split(separator: "\n") { try reader.read(line) }
    guard let entry = reader.entry, let target = reader.target, reader.version != nil else {
      throw Malformed(line: text.prefix(60).description, reason: "version, target or entry missing")
    }
    self.entry = entry
    self.target = target
    parameters = reader.parameters
    registerCount = reader.registerCount
    threads = reader.threads
    sharedBytes = reader.sharedBytes
    instructions = try reader.resolved()
  }
}

/// Reads the text line by line, as ``KernelWriter`` lays it out.
private struct Reader {
  var version: Substring?
  var target: String?
  var entry: String?
  var parameters: [String] = []
  var threads = 0
  var registerCount = 0
  var sharedBytes = 0
  private var registers: [Substring: Range<Int>] = [:]
  private var labels: [Substring: Int] = [:]
  private var pending: [Substring] = []

  mutating func read(_ line: Substring) throws(Assembly.Malformed) {
    let words = line.split(whereSeparator: { " (),;".contains($0) })
    guard let first = words.first else { return }
    switch first {
    case ".version": version = words.last
    case ".target": target = words.last?.description
    case ".visible":
      entry = words.count > 2 ? String(words[2]) : nil
      parameters = stride(from: 4, to: words.count, by: 3).map { String(words[$0]) }
    case ".maxntid": threads = words.count > 1 ? Int(words[1]) ?? 0 : 0
    case ".reg": try declare(words, line)
    case ".shared":
      let digits = words.last?.drop { $0 != "[" }.dropFirst().dropLast()
      sharedBytes = digits.flatMap { Int($0) } ?? 0
    case ".address_size", ".minnctapersm", "{", "}": break
    default:
      if first.hasSuffix(":") {
        guard labels.updateValue(pending.count, forKey: first.dropLast()) == nil else {
          throw .init(line: String(line), reason: "label twice")
        }
      } else {
        guard line.hasSuffix(";") else { throw .init(line: String(line), reason: "no semicolon") }
        pending.append(line)
      }
    }
  }

  private mutating func declare(
    _ words: [Substring], _ line: Substring
  ) throws(Assembly.Malformed) {
    let parts = words.last?.split(whereSeparator: { "<>".contains($0) }) ?? []
    guard parts.count == 2, let count = Int(parts[1]), registers[parts[0]] == nil else {
      throw .init(line: String(line), reason: "bad declaration")
    }
    registers[parts[0]] = registerCount..<registerCount + count
    registerCount += count
  }

  func resolved() throws(Assembly.Malformed) -> [Assembly.Instruction] {
    var result: [Assembly.Instruction] = []
    for line in pending { result.append(try instruction(line)) }
    return result
  }

  private func instruction(_ line: Substring) throws(Assembly.Malformed) -> Assembly.Instruction {
    var rest = line.drop { $0 == " " }.dropLast()
    var condition: (Int, Bool)?
    if rest.first == "@" {
      let word = rest.prefix { $0 != " " }.dropFirst()
      let name = word.first == "!" ? word.dropFirst() : word
      condition = (try register(name, line), word.first != "!")
      rest = rest.drop { $0 != " " }.dropFirst()
    }
    let opcode = rest.prefix { $0 != " " }
    var operands: [Assembly.Operand] = []
    for text in Self.split(rest.dropFirst(opcode.count)) {
      operands.append(try operand(text, line))
    }
    guard let operation = Operation(opcode) else {
      throw .init(line: String(line), reason: "unknown instruction \(opcode)")
    }
    return Assembly.Instruction(
      text: String(line), operation: operation, operands: operands, condition: condition)
  }

  /// The operands, at the commas that stand in no braces.
  private static func split(_ text: Substring) -> [Substring] {
    var result: [Substring] = []
    var depth = 0
    var start = text.startIndex
    for index in text.indices {
      switch text[index] {
      case "{": depth += 1
      case "}": depth -= 1
      case "," where depth == 0:
        result.append(text[start..<index])
        start = text.index(after: index)
      default: break
      }
    }
    result.append(text[start...])
    return result.map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }
  }

  private func operand(
    _ text: Substring, _ line: Substring
  ) throws(Assembly.Malformed) -> Assembly.Operand {
    if text.hasPrefix("{") {
      var list: [Int] = []
      for name in text.split(whereSeparator: { "{}, ".contains($0) }) {
        list.append(try register(name, line))
      }
      return .registers(list)
    }
    if text.hasPrefix("[") {
      let parts = text.dropFirst().dropLast().split(separator: "+")
      if let name = parts.first, name.hasPrefix("parameter_"), let number = Int(name.dropFirst(10)),
        parameters.indices.contains(number)
      {
        return .parameter(number)
      }
      guard let base = parts.first, parts.count <= 2,
        let offset = parts.count == 2 ? Int(parts[1]) : 0
      else { throw .init(line: String(line), reason: "bad address") }
      return .place(register: try register(base, line), offset: offset)
    }
    if ["%tid.x", "%ctaid.x", "%ctaid.y", "%ctaid.z", "%nctaid.x"].contains(text) {
      return .special(String(text))
    }
    if text.hasPrefix("%") { return .register(try register(text, line)) }
    if text.hasPrefix("0f"), let bits = UInt64(text.dropFirst(2), radix: 16) {
      return .number(bits)
    }
    if text.hasPrefix("0x"), let bits = UInt64(text.dropFirst(2), radix: 16) {
      return .number(bits)
    }
    if let number = Int(text) { return .number(UInt64(bitPattern: Int64(number))) }
    if text == "tile", sharedBytes > 0 { return .number(0) }
    if let place = labels[text] { return .target(place) }
    throw .init(line: String(line), reason: "unknown operand \(text)")
  }

  private func register(
    _ name: Substring, _ line: Substring
  ) throws(Assembly.Malformed) -> Int {
    let digits = name.drop { !$0.isNumber }
    guard let number = Int(digits), let range = registers[name.dropLast(digits.count)],
      number < range.count
    else { throw .init(line: String(line), reason: "undeclared register \(name)") }
    return range.lowerBound + number
  }
}
