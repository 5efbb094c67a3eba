/// How a model is run: what the same graph costs depends on it.
package struct Scenario: Hashable, Sendable {
  package var runtime: Runtime
  /// The type that floating-point arithmetic is done in; nil leaves what the graph says.
  package var precision: Precision?

  package init(runtime: Runtime = .fused, precision: Precision? = nil) {
    self.runtime = runtime
    self.precision = precision
  }
}

/// What turns a graph into kernels.
package enum Runtime: String, Sendable, CaseIterable {
  /// A compiled inference engine, which joins operators into one kernel where it can.
  case fused
  /// A framework that launches one kernel for each operator.
  case eager
}

/// The type that floating-point arithmetic and weights are cast to.
package enum Precision: String, Sendable, CaseIterable {
  case fp32
  /// Tensors stay in 32 bits, and tensor cores do the products in TF32.
  case tf32
  case fp16, bf16, int8
}
