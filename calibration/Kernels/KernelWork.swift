/// What one launch of a kernel does.
///
/// Padding and repeated loads are the kernel's own affair and not counted.
package struct KernelWork: Sendable, Hashable {
  /// Additions and multiplications; a multiply-accumulate is two.
  package var operations = 0
  /// Exponentials, logarithms, roots and the like.
  package var transcendentals = 0
  /// Bytes that have to come from or go to the board's memory, each once.
  package var bytes = 0
  /// Bytes that the cache answers by the kernel's design.
  package var cachedBytes = 0
  /// Bytes read from or written to shared memory, by kernels that measure it.
  package var sharedBytes = 0

  package init(
    operations: Int = 0, transcendentals: Int = 0, bytes: Int = 0, cachedBytes: Int = 0,
    sharedBytes: Int = 0
  ) {
    self.operations = operations
    self.transcendentals = transcendentals
    self.bytes = bytes
    self.cachedBytes = cachedBytes
    self.sharedBytes = sharedBytes
  }
}

/// The extents of what a kernel computes, as equations of time ask for them.
package enum Problem: Sendable, Hashable {
  /// Nothing but being launched.
  case none
  /// So many elements, each by itself.
  case elements(Int)
  /// So many rows, each reduced or normalised over its columns.
  case rows(Int, columns: Int)
  /// A rows × depth matrix times a depth × columns matrix.
  case product(rows: Int, columns: Int, depth: Int)
  case convolution(ConvolutionExtents)
}

/// A convolution over square images, with `kernel / 2` positions of padding on every side.
package struct ConvolutionExtents: Sendable, Hashable {
  package var batch: Int
  /// Height and width of the input.
  package var size: Int
  package var inputChannels: Int
  package var outputChannels: Int
  /// Height and width of the weights.
  package var kernel: Int
  package var stride: Int
  /// The parts that channels are kept apart in.
  package var groups: Int

  package init(
    batch: Int, size: Int, inputChannels: Int, outputChannels: Int, kernel: Int, stride: Int = 1,
    groups: Int = 1
  ) {
    self.batch = batch
    self.size = size
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.kernel = kernel
    self.stride = stride
    self.groups = max(1, groups)
  }

  package var padding: Int { kernel / 2 }
  /// Height and width of the output.
  package var outputSize: Int { (size + 2 * padding - kernel) / stride + 1 }
  /// Positions of the output, of all images.
  package var positions: Int { batch * outputSize * outputSize }
  /// The multiply-accumulates behind one output.
  package var depth: Int { kernel * kernel * (inputChannels / groups) }
  /// Multiply-accumulates, those at zeros beyond the border included.
  package var macs: Int { positions * outputChannels * depth }
  package var inputCount: Int { batch * size * size * inputChannels }
  package var weightCount: Int { outputChannels * depth }
  package var outputCount: Int { positions * outputChannels }
}
