import BenchmarkKernels

/// Runs a kernel as its text says, one thread after the other, each up to the next place where threads wait for others.
///
/// Stricter than a board: it is a fault to read a register that nobody wrote, to go beyond a buffer, to write an input, to use
/// bytes of shared memory that another thread uses with no wait between them, or to leave some threads behind at a wait.
struct Emulator {
  private let assembly: Assembly
  private let kernel: BenchmarkKernel
  private(set) var memory: DeviceMemory
  /// Instructions run, of all threads.
  private(set) var steps = 0

  init(_ kernel: BenchmarkKernel) throws {
    self.kernel = kernel
    assembly = try Assembly(kernel.program.text)
    memory = DeviceMemory(kernel.arguments)
    guard assembly.parameters.count == kernel.arguments.count else {
      throw Fault("\(kernel.arguments.count) arguments for \(assembly.parameters.count) parameters")
    }
    guard assembly.threads == kernel.block.count else { throw Fault("another size of block") }
    guard assembly.sharedBytes <= 48 << 10 else {
      throw Fault("more shared memory than a kernel may declare")
    }
  }

  /// Runs every block; what the kernel wrote is in ``memory`` then.
  mutating func run() throws {
    for z in 0..<kernel.grid.z {
      for y in 0..<kernel.grid.y {
        for x in 0..<kernel.grid.x { try run(block: .init(x, y, z)) }
      }
    }
  }

  /// Runs the kernel and holds at most `limit` places of its result against the host's; nil when they agree.
  static func disagreement(_ kernel: BenchmarkKernel, limit: Int = 1500) throws -> Disagreement? {
    var emulator = try Emulator(kernel)
    try emulator.run()
    let bytes = emulator.memory.buffers[kernel.check.result]
    return kernel.firstDisagreement(at: kernel.checkedElements(limit: limit)) { Array(bytes[$0]) }
  }

  private mutating func run(block: BenchmarkKernel.Extent) throws {
    var threads = (0..<assembly.threads).map { number in
      Thread(number: number, block: block, registerCount: assembly.registerCount)
    }
    var shared = SharedMemory(byteCount: assembly.sharedBytes)
    while threads.contains(where: { $0.state != .ended }) {
      for number in threads.indices where threads[number].state == .running {
        try run(&threads[number], &shared)
      }
      try resume(&threads, &shared)
    }
  }

  /// Lets those go on that all have come to where they wait for each other.
  private mutating func resume(_ threads: inout [Thread], _ shared: inout SharedMemory) throws {
    if threads.allSatisfy({ $0.state == .atBarrier }) {
      shared.settle()
      for number in threads.indices { threads[number].advance() }
      return
    }
    var progress = threads.allSatisfy { $0.state == .ended }
    for first in stride(from: 0, to: threads.count, by: 32) {
      let warp = first..<min(first + 32, threads.count)
      guard threads[warp].contains(where: { $0.state == .atWarp }) else { continue }
      let place = threads[first].counter
      guard warp.count == 32,
        threads[warp].allSatisfy({ $0.state == .atWarp && $0.counter == place })
      else { throw Fault("a warp is not together at '\(assembly.instructions[place].text)'") }
      try Warp.run(assembly.instructions[place], &threads[warp], &shared)
      for number in warp { threads[number].advance() }
      steps += 32
      progress = true
    }
    guard progress else { throw Fault("some threads wait for others that have ended") }
  }

  /// Runs one thread until it waits or ends.
  private mutating func run(_ thread: inout Thread, _ shared: inout SharedMemory) throws {
    while thread.state == .running {
      guard assembly.instructions.indices.contains(thread.counter) else {
        throw Fault("the program has no end")
      }
      let instruction = assembly.instructions[thread.counter]
      steps += 1
      if let condition = instruction.condition {
        guard try (thread.read(condition.register) != 0) == condition.value else {
          thread.counter += 1
          continue
        }
      }
      do {
        try run(instruction, &thread, &shared)
      } catch let fault as Fault {
        throw Fault(
          "\(kernel.name): thread \(thread.number) of block \(thread.block): "
            + "\(fault) at '\(instruction.text)'")
      }
    }
  }

  private mutating func run(
    _ instruction: Assembly.Instruction, _ thread: inout Thread, _ shared: inout SharedMemory
  ) throws {
    switch instruction.operation {
    case .barrier: thread.state = .atBarrier
    case .exchange, .loadMatrices, .product: thread.state = .atWarp
    case .end: thread.state = .ended
    case .branch:
      guard case .target(let place)? = instruction.operands.first else { throw Fault("no label") }
      thread.counter = place
    case .parameter(let type):
      guard case .register(let result) = instruction.operands[0],
        case .parameter(let index) = instruction.operands[1]
      else { throw Fault("bad operands") }
      thread.write(result, try parameter(index, type))
      thread.counter += 1
    case .access(let access):
      try run(access, instruction.operands, &thread, &shared)
      thread.counter += 1
    default:
      try thread.run(instruction, blocks: kernel.grid.x)
      thread.counter += 1
    }
  }

  private func parameter(_ index: Int, _ type: String) throws -> UInt64 {
    guard assembly.parameters[index] == type else { throw Fault("another type") }
    switch kernel.arguments[index] {
    case .buffer:
      guard type == ".u64" else { throw Fault("an address is no \(type)") }
      return DeviceMemory.address(of: index)
    case .number(let number):
      guard type == ".u32" else { throw Fault("a number is no \(type)") }
      return UInt64(number)
    }
  }

  private mutating func run(
    _ access: Operation.Access, _ operands: [Assembly.Operand], _ thread: inout Thread,
    _ shared: inout SharedMemory
  ) throws {
    let (data, address) =
      access.isLoad ? (operands[0], operands[1]) : (operands[1], operands[0])
    guard case .place(let base, let offset) = address else { throw Fault("bad operands") }
    let registers: [Int]
    switch data {
    case .register(let register): registers = [register]
    case .registers(let list): registers = list
    default: throw Fault("bad operands")
    }
    guard registers.count == access.count else { throw Fault("another number of registers") }
    let size = access.byteCount
    let start = try thread.read(base) &+ UInt64(offset)
    guard start % UInt64(access.count * size) == 0 else { throw Fault("not aligned") }
    for (index, register) in registers.enumerated() {
      let place = start &+ UInt64(index * size)
      switch (access.isShared, access.isLoad) {
      case (false, true): thread.write(register, try memory.load(place, size))
      case (false, false): try memory.store(place, size, thread.read(register))
      case (true, true):
        thread.write(register, try shared.load(Int(place), size, by: thread.number))
      case (true, false):
        try shared.store(Int(place), size, thread.read(register), by: thread.number)
      }
    }
  }
}
