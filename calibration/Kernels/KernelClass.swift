/// What a kernel measures; the raw values of operations are those of device tables.
package enum KernelClass: String, Sendable, CaseIterable {
  /// What launching costs, whatever is launched.
  case launch
  /// Bounds, which no network reaches: arithmetic from registers, in ``NumberType``.
  case arithmetic, transcendental
  case sharedMemory = "shared_memory"
  /// The memory and the cache.
  case copy, triad
  case cacheRead = "cache_read"
  case gather
  /// What networks are made of.
  case gemm, convolution
  case depthwiseConvolution = "depthwise_convolution"
  case groupedConvolution = "grouped_convolution"
  /// Rows that are read again from memory for each step.
  case softmaxSweep = "softmax_sweep"
  case normalizationSweep = "normalization_sweep"
  /// Convolutions backward, which libraries alone have here.
  case inputGradient = "input_gradient"
  case weightGradient = "weight_gradient"
  case elementwise, reduction, softmax, normalization, pooling, movement
}
