/// Whole numbers, addresses and conditions.
extension KernelWriter {
  /// The thread's number within its block.
  mutating func thread() -> Value<B32> { special("%tid.x") }

  /// The block's number along the first axis.
  mutating func block() -> Value<B32> { special("%ctaid.x") }

  /// The block's number along the second axis.
  mutating func blockRow() -> Value<B32> { special("%ctaid.y") }

  /// The block's number along the third axis.
  mutating func blockLayer() -> Value<B32> { special("%ctaid.z") }

  /// The blocks along the first axis.
  mutating func blocks() -> Value<B32> { special("%nctaid.x") }

  /// The thread's number within the grid.
  mutating func globalThread() -> Value<B32> {
    multiply(block(), Value(threads), plus: thread())
  }

  /// The threads of the grid.
  mutating func allThreads() -> Value<B32> { multiply(blocks(), Value(threads)) }

  private mutating func special(_ name: String) -> Value<B32> {
    let result = register(B32.self)
    emit("mov.u32", result.text, name)
    return result
  }

  mutating func copy(_ a: Value<B32>) -> Value<B32> {
    let result = register(B32.self)
    copy(a, into: result)
    return result
  }

  mutating func copy(_ a: Value<B32>, into result: Value<B32>) {
    emit("mov.u32", result.text, a.text)
  }

  mutating func add(_ a: Value<B32>, _ b: Value<B32>) -> Value<B32> {
    let result = register(B32.self)
    add(a, b, into: result)
    return result
  }

  mutating func add(_ a: Value<B32>, _ b: Value<B32>, into result: Value<B32>) {
    emit("add.u32", result.text, a.text, b.text)
  }

  mutating func subtract(_ a: Value<B32>, _ b: Value<B32>) -> Value<B32> {
    integer("sub.u32", a, b)
  }

  mutating func multiply(_ a: Value<B32>, _ b: Value<B32>) -> Value<B32> {
    integer("mul.lo.u32", a, b)
  }

  mutating func multiply(
    _ a: Value<B32>, _ b: Value<B32>, plus c: Value<B32>
  ) -> Value<B32> {
    let result = register(B32.self)
    emit("mad.lo.u32", result.text, a.text, b.text, c.text)
    return result
  }

  /// The quotient, rounded down.
  mutating func divide(_ a: Value<B32>, _ b: Value<B32>) -> Value<B32> { integer("div.u32", a, b) }

  mutating func remainder(_ a: Value<B32>, _ b: Value<B32>) -> Value<B32> {
    integer("rem.u32", a, b)
  }

  mutating func shiftLeft(_ a: Value<B32>, _ bits: Int) -> Value<B32> {
    integer("shl.b32", a, Value(bits))
  }

  mutating func shiftRight(_ a: Value<B32>, _ bits: Int) -> Value<B32> {
    integer("shr.u32", a, Value(bits))
  }

  mutating func and(_ a: Value<B32>, _ b: Value<B32>) -> Value<B32> { integer("and.b32", a, b) }

  mutating func xor(_ a: Value<B32>, _ b: Value<B32>) -> Value<B32> { integer("xor.b32", a, b) }

  private mutating func integer(
    _ opcode: String, _ a: Value<B32>, _ b: Value<B32>
  ) -> Value<B32> {
    let result = register(B32.self)
    emit(opcode, result.text, a.text, b.text)
    return result
  }

  mutating func isLess(_ a: Value<B32>, than b: Value<B32>) -> Value<Predicate> {
    compare("setp.lt.u32", a, b)
  }

  mutating func isEqual(_ a: Value<B32>, to b: Value<B32>) -> Value<Predicate> {
    compare("setp.eq.u32", a, b)
  }

  private mutating func compare(
    _ opcode: String, _ a: Value<B32>, _ b: Value<B32>
  ) -> Value<Predicate> {
    let result = register(Predicate.self)
    emit(opcode, result.text, a.text, b.text)
    return result
  }

  /// `a` where `condition` holds, else `b`, put into `result`.
  mutating func select(
    _ condition: Value<Predicate>, _ a: Value<B32>, _ b: Value<B32>, into result: Value<B32>
  ) {
    emit("selp.b32", result.text, a.text, b.text, condition.text)
  }

  mutating func both(_ a: Value<Predicate>, _ b: Value<Predicate>) -> Value<Predicate> {
    let result = register(Predicate.self)
    emit("and.pred", result.text, a.text, b.text)
    return result
  }

  /// The address of element `index`, each of `size` bytes, behind `base`.
  mutating func address(
    _ base: Value<B64>, _ index: Value<B32>, size: Int
  ) -> Value<B64> {
    let result = register(B64.self)
    emit("mad.wide.u32", result.text, index.text, "\(size)", base.text)
    return result
  }

  /// Moves an address on by so many bytes.
  mutating func advance(_ address: Value<B64>, by bytes: Int) {
    emit("add.s64", address.text, address.text, "\(bytes)")
  }

  /// A loop over `first`, `first + step` and so on below `limit`, all of which may differ from thread to thread.
  mutating func loop(
    from first: Value<B32>, below limit: Value<B32>, step: Value<B32>,
    _ body: (inout KernelWriter, Value<B32>) -> Void
  ) {
    let index = copy(first)
    when(isLess(index, than: limit)) { writer in
      writer.loop { writer in
        body(&writer, index)
        writer.add(index, step, into: index)
        return writer.isLess(index, than: limit)
      }
    }
  }

  /// Runs `body` as often as `count` says, at least once, with a number that counts up from zero.
  mutating func loop(_ count: Value<B32>, _ body: (inout KernelWriter, Value<B32>) -> Void) {
    let index = copy(0)
    loop { writer in
      body(&writer, index)
      writer.add(index, 1, into: index)
      return writer.isLess(index, than: count)
    }
  }
}
