/// Floating-point numbers.
extension KernelWriter {
  mutating func copy(_ a: Value<F32>) -> Value<F32> {
    let result = register(F32.self)
    copy(a, into: result)
    return result
  }

  mutating func copy(_ a: Value<F32>, into result: Value<F32>) {
    emit("mov.f32", result.text, a.text)
  }

  mutating func add(_ a: Value<F32>, _ b: Value<F32>) -> Value<F32> { float("add.rn.f32", a, b) }

  mutating func add(_ a: Value<F32>, _ b: Value<F32>, into result: Value<F32>) {
    emit("add.rn.f32", result.text, a.text, b.text)
  }

  mutating func subtract(_ a: Value<F32>, _ b: Value<F32>) -> Value<F32> {
    float("sub.rn.f32", a, b)
  }

  mutating func multiply(_ a: Value<F32>, _ b: Value<F32>) -> Value<F32> {
    float("mul.rn.f32", a, b)
  }

  mutating func maximum(_ a: Value<F32>, _ b: Value<F32>) -> Value<F32> { float("max.f32", a, b) }

  mutating func maximum(_ a: Value<F32>, _ b: Value<F32>, into result: Value<F32>) {
    emit("max.f32", result.text, a.text, b.text)
  }

  /// `a` where `condition` holds, else `b`.
  mutating func select(
    _ condition: Value<Predicate>, _ a: Value<F32>, _ b: Value<F32>
  ) -> Value<F32> {
    let result = register(F32.self)
    emit("selp.f32", result.text, a.text, b.text, condition.text)
    return result
  }

  /// `a * b + c`, rounded once.
  mutating func fused(
    _ a: Value<F32>, _ b: Value<F32>, plus c: Value<F32>, into result: Value<F32>
  ) {
    emit("fma.rn.f32", result.text, a.text, b.text, c.text)
  }

  mutating func fused(_ a: Value<F32>, _ b: Value<F32>, plus c: Value<F32>) -> Value<F32> {
    let result = register(F32.self)
    fused(a, b, plus: c, into: result)
    return result
  }

  /// `a * b + c` for each of two halves, rounded once.
  mutating func fusedHalves(
    _ a: Value<B32>, _ b: Value<B32>, plus c: Value<B32>, into result: Value<B32>
  ) {
    emit("fma.rn.f16x2", result.text, a.text, b.text, c.text)
  }

  /// Two to the power of `a`, nearly; like the others below one instruction, which takes subnormal numbers for zero.
  mutating func exponential2(_ a: Value<F32>) -> Value<F32> { float("ex2.approx.ftz.f32", a) }

  /// The binary logarithm of `a`, nearly.
  mutating func logarithm2(_ a: Value<F32>) -> Value<F32> { float("lg2.approx.ftz.f32", a) }

  /// One over `a`, nearly.
  mutating func reciprocal(_ a: Value<F32>) -> Value<F32> { float("rcp.approx.ftz.f32", a) }

  /// One over the square root of `a`, nearly.
  mutating func reciprocalRoot(_ a: Value<F32>) -> Value<F32> { float("rsqrt.approx.ftz.f32", a) }

  private mutating func float(_ opcode: String, _ a: Value<F32>) -> Value<F32> {
    let result = register(F32.self)
    emit(opcode, result.text, a.text)
    return result
  }

  private mutating func float(
    _ opcode: String, _ a: Value<F32>, _ b: Value<F32>
  ) -> Value<F32> {
    let result = register(F32.self)
    emit(opcode, result.text, a.text, b.text)
    return result
  }

  /// The same bits as a floating-point number.
  mutating func float(bits: Value<B32>) -> Value<F32> {
    let result = register(F32.self)
    emit("mov.b32", result.text, bits.text)
    return result
  }

  /// The bits of a floating-point number.
  mutating func bits(_ a: Value<F32>) -> Value<B32> {
    let result = register(B32.self)
    emit("mov.b32", result.text, a.text)
    return result
  }

  /// The number that a half stands for.
  mutating func float(half: Value<B16>) -> Value<F32> {
    let result = register(F32.self)
    emit("cvt.f32.f16", result.text, half.text)
    return result
  }

  /// The nearest half to `a`.
  mutating func half(_ a: Value<F32>) -> Value<B16> {
    let result = register(B16.self)
    emit("cvt.rn.f16.f32", result.text, a.text)
    return result
  }

  /// The two halves of 32 bits, the lower first.
  mutating func unpack(_ a: Value<B32>) -> (Value<B16>, Value<B16>) {
    let (low, high) = (register(B16.self), register(B16.self))
    emit("mov.b32", "{\(low.text), \(high.text)}", a.text)
    return (low, high)
  }

  /// 32 bits out of two halves, the lower first.
  mutating func pack(_ low: Value<B16>, _ high: Value<B16>) -> Value<B32> {
    let result = register(B32.self)
    emit("mov.b32", result.text, "{\(low.text), \(high.text)}")
    return result
  }

  /// Two numbers as brain floats in 32 bits, the first in the lower ones; from sm_80 on.
  mutating func brainFloats(_ low: Value<F32>, _ high: Value<F32>) -> Value<B32> {
    let result = register(B32.self)
    emit("cvt.rn.bf16x2.f32", result.text, high.text, low.text)
    return result
  }

  /// Two numbers as halves in 32 bits, the first in the lower ones.
  mutating func halves(_ low: Value<F32>, _ high: Value<F32>) -> Value<B32> {
    pack(half(low), half(high))
  }
}
