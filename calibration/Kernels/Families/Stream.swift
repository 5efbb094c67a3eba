/// Copies and triads (`a + s·b`, as in McCalpin's [STREAM](https://www.cs.virginia.edu/stream/)): what the memory delivers.
struct Stream: KernelFamily {
  enum Form: String { case copy, triad }

  let form: Form
  /// Numbers of 32 bits in each buffer; a multiple of four.
  let count: Int
  /// Blocks of the grid.
  let blocks: Int

  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    let largest = 256 * board.memoryScale
    let mebibytes = [2, largest / 16, largest / 4, largest]
    return [Form.copy, .triad].flatMap { form in
      mebibytes.map { size in
        let family = Stream(form: form, count: size << 18, blocks: board.multiprocessors * 8)
        return family.kernel(isEssential: size == largest)
      }
    }
  }

  func kernel(isEssential: Bool = false) -> BenchmarkKernel {
    var arguments: [BenchmarkKernel.Argument] = [
      .buffer(Buffer(.float32, count, .normal(deviation: 1, seed: 2)))
    ]
    if form == .triad {
      arguments.append(.buffer(Buffer(.float32, count, .normal(deviation: 1, seed: 3))))
    }
    arguments += [.buffer(Buffer(.float32, count, .result)), .number(UInt32(clamping: count / 4))]
    let buffers = arguments.count - 1
    let form = form
    return BenchmarkKernel(
      name: "\(form.rawValue)-\(count * 4)", form == .copy ? .copy : .triad, .float32,
      program(), .elements(count), grid: .init(blocks), arguments: arguments,
      work: KernelWork(
        operations: form == .copy ? 0 : 2 * count, bytes: buffers * 4 * count),
      check: Check(result: buffers - 1, relative: 1e-6) { inputs, index in
        form == .copy
          ? inputs[0, index]
          : Double(
            Float(inputs[0, index]).addingProduct(Self.scale, Float(inputs[1, index])))
      },
      isEssential: isEssential)
  }

  static let scale: Float = 0.75

  /// The whole grid steps over the buffers, a vector of sixteen bytes for each thread.
  private func program() -> Program {
    var writer = KernelWriter("stream_\(form.rawValue)", .sm70, threads: 256)
    let a = writer.pointer()
    let b = form == .triad ? writer.pointer() : a
    let result = writer.pointer()
    let vectors = writer.number()
    let scale: Value<F32> = Value(Self.scale)
    writer.loop(from: writer.globalThread(), below: vectors, step: writer.allThreads()) {
      writer, index in
      var numbers = writer.loadVector(F32.self, writer.address(a, index, size: 16))
      if form == .triad {
        let others = writer.loadVector(F32.self, writer.address(b, index, size: 16))
        numbers = zip(numbers, others).map { writer.fused($1, scale, plus: $0) }
      }
      writer.storeVector(writer.address(result, index, size: 16), numbers)
    }
    return writer.program()
  }
}
