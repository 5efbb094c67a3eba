/// A program in which each thread makes one output from the window of one channel; images lie channel by channel (NCHW).
struct WindowProgram {
  let entry: String
  let type: NumberType
  let kernel: Int
  let stride: Int

  /// Takes the images, the weights unless there are none, the result, the height and width of images and of results, the
  /// channels and the outputs.
  func program(
    hasWeights: Bool, start: Value<F32>,
    combine: (inout KernelWriter, _ sum: Value<F32>, Value<F32>, _ weight: Value<F32>?) -> Void
  ) -> Program {
    var writer = KernelWriter(entry, .sm70, threads: 256)
    let images = writer.pointer()
    let weights = hasWeights ? writer.pointer() : nil
    let result = writer.pointer()
    let size = writer.number()
    let outputSize = writer.number()
    let channels = writer.number()
    let outputs = writer.number()
    let output = writer.globalThread()
    writer.when(writer.isLess(output, than: outputs)) { writer in
      let x = writer.remainder(output, outputSize)
      let line = writer.divide(output, outputSize)
      let y = writer.remainder(line, outputSize)
      let plane = writer.divide(line, outputSize)
      let firstWeight = writer.multiply(
        writer.remainder(plane, channels), Value(kernel * kernel))
      // Above and left of the image, numbers wrap around to large ones beyond it.
      let padding: Value<B32> = Value(kernel / 2)
      let firstY = writer.subtract(writer.multiply(y, Value(stride)), padding)
      let firstX = writer.subtract(writer.multiply(x, Value(stride)), padding)
      let sum = writer.copy(start)
      for row in 0..<kernel {
        let imageY = writer.add(firstY, Value(row))
        let isRow = writer.isLess(imageY, than: size)
        let start = writer.multiply(writer.multiply(plane, size, plus: imageY), size)
        for column in 0..<kernel {
          let imageX = writer.add(firstX, Value(column))
          let isInside = writer.both(isRow, writer.isLess(imageX, than: size))
          writer.when(isInside) { writer in
            let number = load(&writer, images, writer.add(start, imageX))
            let weight = weights.map {
              load(&writer, $0, writer.add(firstWeight, Value(row * kernel + column)))
            }
            combine(&writer, sum, number, weight)
          }
        }
      }
      let address = writer.address(result, output, size: type.byteCount)
      if type == .float16 {
        writer.store(address, writer.half(sum))
      } else {
        writer.store(address, sum)
      }
    }
    return writer.program()
  }

  private func load(
    _ writer: inout KernelWriter, _ base: Value<B64>, _ index: Value<B32>
  ) -> Value<F32> {
    let address = writer.address(base, index, size: type.byteCount)
    return type == .float16
      ? writer.float(half: writer.load(B16.self, address)) : writer.load(F32.self, address)
  }
}
