/// Writes the body of one kernel, and declares what it uses.
///
///     var writer = KernelWriter("double", .sm75, threads: 256)
///     let numbers = writer.pointer()
///     let address = writer.address(numbers, writer.globalThread(), size: 4)
///     let number = writer.load(.global, address)
///     writer.store(.global, address, writer.add(number, number))
///     let program = writer.program()
///
/// Each operation answers with a fresh register, except those that say `into`: a loop carries its values in those.
struct KernelWriter {
  let entry: String
  let target: Target
  /// The threads of a block.
  let threads: Int
  /// The blocks that a multiprocessor shall hold at once, for which the assembler saves registers.
  var residentBlocks = 1

  private var lines: [String] = []
  private var parameters: [String] = []
  private var registers: [String: (declaration: String, count: Int)] = [:]
  private var sharedBytes = 0
  private var labels = 0

  init(_ entry: String, _ target: Target, threads: Int) {
    self.entry = entry
    self.target = target
    self.threads = threads
  }

  /// A register that nothing was written to.
  mutating func register<Type>(_ type: Type.Type) -> Value<Type> {
    let used = registers[Type.prefix]?.count ?? 0
    registers[Type.prefix] = (Type.declaration, used + 1)
    return Value(text: "\(Type.prefix)\(used)")
  }

  /// The next parameter, an address in global memory.
  mutating func pointer() -> Value<B64> {
    let result = register(B64.self)
    emit("ld.param.u64", result.text, "[\(parameter(".u64"))]")
    return result
  }

  /// The next parameter, a number.
  mutating func number() -> Value<B32> {
    let result = register(B32.self)
    emit("ld.param.u32", result.text, "[\(parameter(".u32"))]")
    return result
  }

  private mutating func parameter(_ type: String) -> String {
    let name = "parameter_\(parameters.count)"
    parameters.append(".param \(type) \(name)")
    return name
  }

  /// Shared memory of the block, as an offset that ``address(_:_:)`` and loads take.
  mutating func shared(bytes: Int) -> Int {
    let offset = sharedBytes
    // The widest loads want their addresses in multiples of sixteen.
    sharedBytes += (bytes + 15) / 16 * 16
    return offset
  }

  /// Appends one instruction.
  mutating func emit(_ opcode: String, _ operands: String..., when condition: String = "") {
    let guarded = condition.isEmpty ? "" : "@\(condition) "
    let list = operands.isEmpty ? "" : " " + operands.joined(separator: ", ")
    lines.append("  \(guarded)\(opcode)\(list);")
  }

  /// A loop over `body` for as long as its last word is true; it is run at least once.
  mutating func loop(_ body: (inout KernelWriter) -> Value<Predicate>) {
    let start = label()
    lines.append("\(start):")
    let again = body(&self)
    emit("bra", start, when: again.text)
  }

  /// Runs `body` where `condition` holds.
  mutating func when(_ condition: Value<Predicate>, _ body: (inout KernelWriter) -> Void) {
    let end = label()
    emit("bra", end, when: "!" + condition.text)
    body(&self)
    lines.append("\(end):")
  }

  private mutating func label() -> String {
    labels += 1
    return "L\(labels)"
  }

  /// The whole text, ended by a return.
  func program() -> Program {
    var text = """
      .version \(target.version)
      .target \(target.name)
      .address_size 64

      .visible .entry \(entry)(\(parameters.joined(separator: ", ")))
      .maxntid \(threads), 1, 1
      .minnctapersm \(residentBlocks)
      {

      """
    for (prefix, used) in registers.sorted(by: { $0.key < $1.key }) {
      text += "  .reg \(used.declaration) \(prefix)<\(used.count)>;\n"
    }
    if sharedBytes > 0 {
      text += "  .shared .align 16 .b8 \(Self.sharedName)[\(sharedBytes)];\n"
    }
    for line in lines { text += line + "\n" }
    text += "  ret;\n}\n"
    return Program(entry: entry, target: target, threads: threads, text: text)
  }

  /// The name of the block's shared memory.
  static let sharedName = "tile"
}
