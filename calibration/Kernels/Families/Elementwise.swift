/// Operations on each element by itself, as activations and residual connections are.
struct Elementwise: KernelFamily {
  enum Form: String, CaseIterable {
    /// The sum of two tensors.
    case add
    /// Negative numbers become zero.
    case relu
    /// `x · sigmoid(1.5957691 · (x + 0.044715 · x³))`, which is GELU in its hyperbolic form
    /// (Hendrycks and Gimpel, [arXiv:1606.08415](https://arxiv.org/abs/1606.08415)).
    case gelu
  }

  let form: Form
  /// `float32` or `float16`.
  let type: NumberType
  /// Elements of a tensor; a multiple of what sixteen bytes hold.
  let count: Int
  let blocks: Int

  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    let largest = board.memoryScale << 25
    return Form.allCases.flatMap { form in
      [NumberType.float32, .float16].flatMap { type in
        [1 << 18, largest >> 3, largest].map { count in
          Elementwise(form: form, type: type, count: count, blocks: board.multiprocessors * 8)
            .kernel(isEssential: type == .float32 && count == largest)
        }
      }
    }
  }

  func kernel(isEssential: Bool = false) -> BenchmarkKernel {
    let (form, type) = (form, type)
    let inputs = form == .add ? 2 : 1
    let buffers = (0..<inputs).map {
      BenchmarkKernel.Argument.buffer(
        Buffer(type, count, .normal(deviation: 1, seed: UInt64(15 + $0))))
    }
    let perElement =
      switch form {
      case .add, .relu: KernelWork(operations: 1)
      case .gelu: KernelWork(operations: 6, transcendentals: 2)
      }
    return BenchmarkKernel(
      name: "\(form.rawValue)-\(type.rawValue)-\(count)", .elementwise, type, program(),
      .elements(count), grid: .init(blocks),
      arguments: buffers + [
        .buffer(Buffer(type, count, .result)),
        .number(UInt32(clamping: count * type.byteCount / 16)),
      ],
      work: KernelWork(
        operations: count * perElement.operations,
        transcendentals: count * perElement.transcendentals,
        bytes: (inputs + 1) * count * type.byteCount),
      check: Check(
        result: inputs, absolute: 1e-6, relative: type == .float16 ? 0x1p-10 : 2e-5
      ) { inputs, index in
        let x = inputs[0, index]
        return switch form {
        case .add: x + inputs[1, index]
        case .relu: max(x, 0)
        case .gelu: x / (1 + exponential(-1.595_769_1 * (x + 0.044_715 * x * x * x)))
        }
      },
      isEssential: isEssential)
  }

  private func program() -> Program {
    var writer = KernelWriter("\(form.rawValue)_\(type.rawValue)", .sm70, threads: 256)
    let a = writer.pointer()
    let b = form == .add ? writer.pointer() : a
    let result = writer.pointer()
    let vectors = writer.number()
    writer.loop(from: writer.globalThread(), below: vectors, step: writer.allThreads()) {
      writer, index in
      let words = writer.loadVector(B32.self, writer.address(a, index, size: 16))
      let others =
        form == .add ? writer.loadVector(B32.self, writer.address(b, index, size: 16)) : words
      let answers = zip(words, others).map { word, other -> Value<B32> in
        guard type == .float16 else {
          return writer.bits(apply(&writer, writer.float(bits: word), writer.float(bits: other)))
        }
        let (low, high) = writer.unpack(word)
        let (otherLow, otherHigh) = writer.unpack(other)
        let first = apply(&writer, writer.float(half: low), writer.float(half: otherLow))
        let second = apply(&writer, writer.float(half: high), writer.float(half: otherHigh))
        return writer.halves(first, second)
      }
      writer.storeVector(writer.address(result, index, size: 16), answers)
    }
    return writer.program()
  }

  private func apply(
    _ writer: inout KernelWriter, _ x: Value<F32>, _ other: Value<F32>
  ) -> Value<F32> {
    switch form {
    case .add: return writer.add(x, other)
    case .relu: return writer.maximum(x, 0.0)
    case .gelu:
      // With 1.5957691 · log2(e) taken into both factors.
      let square = writer.multiply(x, x)
      let inner = writer.fused(square, -0.102_943_24, plus: -2.302_208_2)
      let power = writer.exponential2(writer.multiply(x, inner))
      return writer.multiply(x, writer.reciprocal(writer.add(power, 1.0)))
    }
  }
}
