/// Loads, stores and what threads of a block wait for.
extension KernelWriter {
  enum Cache: String {
    /// As the board likes it.
    case usual = ""
    /// Past the cache of the multiprocessor, from the one that all share.
    case shared = ".cg"
  }

  /// Four numbers from sixteen bytes of global memory.
  mutating func loadVector<Type>(
    _ type: Type.Type, _ address: Value<B64>, offset: Int = 0, cache: Cache = .usual
  ) -> [Value<Type>] {
    let values = (0..<4).map { _ in register(type) }
    emit("ld.global\(cache.rawValue).v4\(Type.declaration)", list(values), place(address, offset))
    return values
  }

  /// Sixteen bytes of global memory where `condition` holds, else zeros.
  mutating func loadVector(
    _ address: Value<B64>, when condition: Value<Predicate>
  ) -> [Value<B32>] {
    let values = (0..<4).map { _ in copy(0 as Value<B32>) }
    emit("ld.global.v4.b32", list(values), place(address, 0), when: condition.text)
    return values
  }

  /// A number of global memory where `condition` holds, else what `result` held before.
  mutating func load<Type>(
    _ address: Value<B64>, when condition: Value<Predicate>, into result: Value<Type>
  ) {
    emit("ld.global\(Type.declaration)", result.text, place(address, 0), when: condition.text)
  }

  mutating func storeVector<Type>(_ address: Value<B64>, offset: Int = 0, _ values: [Value<Type>]) {
    emit("st.global.v\(values.count)\(Type.declaration)", place(address, offset), list(values))
  }

  mutating func load<Type>(
    _ type: Type.Type, _ address: Value<B64>, offset: Int = 0
  ) -> Value<Type> {
    let result = register(type)
    emit("ld.global\(Type.declaration)", result.text, place(address, offset))
    return result
  }

  mutating func store<Type>(_ address: Value<B64>, offset: Int = 0, _ value: Value<Type>) {
    emit("st.global\(Type.declaration)", place(address, offset), value.text)
  }

  /// The address of the block's shared memory, to which offsets of ``shared(bytes:)`` are added.
  mutating func sharedMemory() -> Value<B32> {
    let result = register(B32.self)
    emit("mov.u32", result.text, Self.sharedName)
    return result
  }

  mutating func loadShared<Type>(
    _ type: Type.Type, _ address: Value<B32>, offset: Int = 0
  ) -> Value<Type> {
    let result = register(type)
    emit("ld.shared\(Type.declaration)", result.text, place(address, offset))
    return result
  }

  mutating func loadSharedVector<Type>(
    _ type: Type.Type, _ address: Value<B32>, offset: Int = 0
  ) -> [Value<Type>] {
    let values = (0..<4).map { _ in register(type) }
    emit("ld.shared.v4\(Type.declaration)", list(values), place(address, offset))
    return values
  }

  mutating func storeShared<Type>(
    _ address: Value<B32>, offset: Int = 0, _ value: Value<Type>
  ) {
    emit("st.shared\(Type.declaration)", place(address, offset), value.text)
  }

  mutating func storeSharedVector<Type>(
    _ address: Value<B32>, offset: Int = 0, _ values: [Value<Type>]
  ) {
    emit("st.shared.v4\(Type.declaration)", place(address, offset), list(values))
  }

  /// Waits until every thread of the block is here; what they wrote to shared memory is then seen by all.
  mutating func wait() { emit("bar.sync", "0") }

  /// The value of the thread whose number within the warp differs in the bits of `mask`.
  mutating func exchange(_ value: Value<F32>, mask: Int) -> Value<F32> {
    let result = register(F32.self)
    emit("shfl.sync.bfly.b32", result.text, value.text, "\(mask)", "31", "0xffffffff")
    return result
  }

  private func place<Type>(_ address: Value<Type>, _ offset: Int) -> String {
    offset == 0 ? "[\(address.text)]" : "[\(address.text)+\(offset)]"
  }

  private func list<Type>(_ values: [Value<Type>]) -> String {
    "{" + values.map(\.text).joined(separator: ", ") + "}"
  }
}
