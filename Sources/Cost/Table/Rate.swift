/// How fast a device does one kind of kernel, and what that takes.
package struct Rate: Sendable, Hashable {
  package var operation: Kernel.Operation
  /// What the arithmetic is done in; nil where the rate is that of moving bytes, whatever they mean.
  package var type: NumberFormat?
  /// Operations per second with every multiprocessor busy.
  package var flopsPerSecond: Double
  /// Bytes per second to and from memory.
  package var bytesPerSecond: Double
  package var joulesPerFlop: Double
  /// How matrix products are cut up; nil where there are none.
  package var tiling: Tiling?
  /// Seconds beside `Device.Launch.kernelSeconds` that each launch takes.
  package var launchSeconds = 0.0
  /// Seconds that each group of a convolution takes beside its work, when groups are done one after another; 0 where all
  /// groups are done at once.
  package var groupSeconds = 0.0
  /// Kernels that a convolution takes: beside its own, those that get its operands ready.
  package var kernels = 1.0
  /// The share of a convolution's bytes that those kernels move once more, from one layout to another.
  package var relayout = 0.0
  /// The share of the rate that products reach which carry gradients back to their inputs.
  package var inputGradientShare = 1.0
  /// The same for convolutions that step over positions, whose gradients have gaps.
  package var stridedGradientShare = 1.0
  /// The share of the tiles' bandwidth at which operands of products arrive that carry gradients back to weights: they
  /// lie apart by whole images.
  package var weightGradientShare = 1.0
  /// What each result of a convolution takes beside its taps, in taps.
  package var setupTaps = 0.0
  /// Elements per second that a framework copies from place to place, whatever their type; nil where bytes alone decide.
  ///
  /// It works out for each where it lies.
  package var elementsPerSecond: Double?
  /// What going over rows more than once takes; nil where each byte is read once.
  package var rows: Rows?
  /// The share of `bytesPerSecond` left when rows are no multiple of sixteen bytes.
  package var unalignedRowShare = 1.0
  /// How far arithmetic and traffic overlap: 1 adds them, a large number takes the longer.
  package var overlap: Double
  /// The share of a 3×3 stride-1 convolution's time that Winograd's algorithm needs; 1 without it.
  package var winograd: Double
  /// Results along one side of the blocks in which libraries do 3×3 and 5×5 convolutions by Winograd's algorithm in steps;
  /// nil where they do not.
  package var winogradBlock: Int?
  /// Who did the work measured, or the class whose rate is borrowed.
  package var provider: String
  package var samples: Int
  /// The mean absolute error on measurements that the rate was not fitted to, in percent.
  package var residualPercent: Double
  /// How far repeated measurements of one kernel are apart, in percent of their median; nil where nobody repeated them.
  package var spreadPercent: Double?
  /// What held the clock while it was measured; nil where nobody knows.
  package var clock: Clock?

  /// What held the clock of a board that was measured.
  package enum Clock: String, Sendable, CaseIterable {
    /// Nothing: it was as high as the board goes.
    case free
    /// The one who measured, to a fixed rate.
    case locked
    /// The power cap, in most of the measurements.
    case capped
  }

  /// How kernels that go over each row several times, for its moments or its sum, find it again.
  package struct Rows: Sendable, Hashable {
    /// Times that a row is read after the first.
    package var passes: Double
    /// Rows up to this many bytes stay close to the multiprocessor; of twice as many, nothing does.
    package var keptBytes: Double

    package init(passes: Double, keptBytes: Double) {
      self.passes = passes
      self.keptBytes = keptBytes
    }
  }

  /// How a device cuts matrix products into tiles, one for each multiprocessor at a time.
  package struct Tiling: Sendable, Hashable {
    /// Bytes per second at which all multiprocessors together fetch the rows and columns of their tiles.
    package var fetchBytesPerSecond: Double
    /// How much of the last, half-empty wave of tiles is lost: 0 none, 1 all of it.
    package var waveLoss: Double
    /// The share of the rate left when an extent is no multiple of four elements.
    package var unalignedShare: Double
    /// The share of the rate left in 16 bits when rows of activations are no multiple of sixteen bytes and nobody pads them, as
    /// engines do: a framework multiplies them as they lie.
    package var unpaddedShare = 1.0
    /// Seconds that a tile takes at the least for each element of its depth, since its operands arrive one after another; 0 where
    /// the library splits the depth of few tiles in their place.
    package var depthSeconds = 0.0

    package init(fetchBytesPerSecond: Double, waveLoss: Double, unalignedShare: Double) {
      self.fetchBytesPerSecond = fetchBytesPerSecond
      self.waveLoss = waveLoss
      self.unalignedShare = unalignedShare
    }
  }
}

extension Rate {
  /// A rate with nothing but the figures that every one has.
  package init(
    _ operation: Kernel.Operation, _ type: NumberFormat?, flopsPerSecond: Double,
    bytesPerSecond: Double, joulesPerFlop: Double, overlap: Double, provider: String
  ) {
    self.init(
      operation: operation, type: type, flopsPerSecond: flopsPerSecond,
      bytesPerSecond: bytesPerSecond, joulesPerFlop: joulesPerFlop, overlap: overlap, winograd: 1,
      provider: provider, samples: 0, residualPercent: 0)
  }
}
