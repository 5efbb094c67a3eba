package import Graph

/// What a runtime launches as one: a node, or several joined.
package struct Kernel: Sendable {
  /// The nodes joined, by their numbers in `Analysis.placements`, in order; the first gives the name.
  package var members: [Int]
  /// The operation that decides which of the device's rates apply.
  package var operation: Operation
  /// What the arithmetic is done in.
  package var type: NumberFormat
  /// For each member, its arithmetic and the bytes that it moves across the kernel's border; of one launch.
  package var parts: [Work]
  package var contractions: [Contraction]
  /// Of the bytes read, those of constants: nobody has read them lately, so no cache holds them.
  package var weightBytes: Int
  /// Whether an engine got the constants ready when it was built, in the form that an algorithm wants.
  var hasPreparedWeights = false
  /// The elements that a framework copies from place to place, one by one; 0 in an engine, which has a kernel for each way.
  var copiedElements = 0
  /// Whether its operands are activations as a framework keeps them, with no room between rows.
  var isUnpadded = false
  /// Whether it is that of a layer with weights, for which a framework's host has more to do.
  var isLayer = false
  /// The length of a row of those kernels that go over rows more than once: what is normalised together; else 0.
  package var rowBytes: Int
  /// What the products are for.
  package var pass = Pass.forward
  /// How often one execution of the model launches the kernel.
  package var launches: Int

  package init(
    members: [Int], operation: Operation, type: NumberFormat, parts: [Work],
    contractions: [Contraction] = [], weightBytes: Int = 0, rowBytes: Int = 0, launches: Int = 1
  ) {
    self.members = members
    self.operation = operation
    self.type = type
    self.parts = parts
    self.contractions = contractions
    self.weightBytes = weightBytes
    self.rowBytes = rowBytes
    self.launches = launches
  }

  /// The arithmetic of all members, and the bytes that cross the kernel's border; of one launch.
  package var work: Work { parts.reduce(Work(), +) }

  /// Which way numbers flow: libraries have other kernels for gradients.
  package enum Pass: Sendable { case forward, inputGradient, weightGradient }

  /// The kinds of kernel that a device table has rates for.
  package enum Operation: String, Sendable, CaseIterable {
    case gemm, convolution
    case depthwiseConvolution = "depthwise_convolution"
    case groupedConvolution = "grouped_convolution"
    case recurrence, attention, elementwise, reduction, softmax, normalization, pooling, movement
  }
}
