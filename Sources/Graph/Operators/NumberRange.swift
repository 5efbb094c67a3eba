#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// `Range`: numbers from a start to a limit that is left out, in equal steps.
///
/// https://onnx.ai/onnx/operators/onnx__Range.html
package struct NumberRange: Operator {
  package static let names: [OperatorName] = ["Range", "com.microsoft::Range"]

  package init(_: Node) {}

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let type = try x.required(0).type
    // ONNX Runtime's own operator may leave the step out.
    let hasStep = x.isGiven(2)
    if type.isInteger {
      let (start, limit, step) = (try whole(0, x), try whole(1, x), hasStep ? try whole(2, x) : 1)
      let shape = try Shape([try count(from: start, to: limit, by: step)])
      let numbers = shape.isFollowed ? (0..<shape.count).map { start &+ $0 &* step } : nil
      return [.tensor(type, shape, value: numbers.flatMap { TensorValue($0, as: type) })]
    }
    let (start, limit, step) = (try real(0, x), try real(1, x), hasStep ? try real(2, x) : 1)
    let shape = try Shape([try count(from: start, to: limit, by: step, in: type)])
    let numbers = shape.isFollowed ? (0..<shape.count).map { start + Double($0) * step } : nil
    return [.tensor(type, shape, value: numbers.flatMap { TensorValue($0, as: type) })]
  }

  package func arithmetic(_: Operands, _ y: Operands) throws(OperatorError) -> Work {
    // A product and a sum for each number.
    Work(elementwise: saturatingProduct(2, try y.required(0).shape.count))
  }

  package func traffic(_: Operands, _ y: Operands) -> (read: Int, written: Int) { (0, y.byteCount) }
  package func role(_: Int, _: Operands) -> OperandRole { .setting }

  private func whole(_ index: Int, _ x: Operands) throws(OperatorError) -> Int {
    guard let number = try x.integer(index) else { throw .missingInput(index) }
    return number
  }

  private func real(_ index: Int, _ x: Operands) throws(OperatorError) -> Double {
    guard let number = try x.reals(index)?.first else { throw .missingInput(index) }
    return number
  }

  private func count(from start: Int, to limit: Int, by step: Int) throws(OperatorError) -> Int {
    guard step != 0 else { throw .mismatch("a range in steps of 0") }
    guard step > 0 ? start < limit : start > limit else { return 0 }
    let (distance, overflow) =
      step > 0
      ? limit.subtractingReportingOverflow(start) : start.subtractingReportingOverflow(limit)
    guard !overflow else { throw .tooLarge([start, limit]) }
    // The quotient rounded up, and no sum that could overflow.
    return Int(clamping: UInt(distance - 1) / step.magnitude) + 1
  }

  private func count(from start: Double, to limit: Double, by step: Double, in type: ElementType)
    throws(OperatorError) -> Int
  {
    // The distance is a number of the type, the quotient one of double precision, as runtimes have it.
    let distance = type.rounding(limit - start) ?? limit - start
    guard let count = Int(exactly: max(0, (distance / step).rounded(.up))) else {
      throw .mismatch("a range from \(start) to \(limit) in steps of \(step)")
    }
    return count
  }
}
