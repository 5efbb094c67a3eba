/// What running an operator once takes: arithmetic done and bytes moved.
///
/// The fields are fixed and named; a dictionary of properties would be open to any key, and slow.
/// Sums saturate at `Int.max`, so that no file can make a total trap.
package struct Work: Hashable, Sendable {
  /// Multiply-accumulates of contractions, each worth two FLOPs.
  package var macs = 0
  /// Elementary operations on elements: one per add, multiply, compare, exponential and the like.
  package var elementwise = 0
  /// Those of the elementary operations that special function units run, such as exp, log, tanh and erf.
  package var transcendentals = 0
  package var bytesRead = 0
  package var bytesWritten = 0

  package init(
    macs: Int = 0, elementwise: Int = 0, transcendentals: Int = 0, bytesRead: Int = 0,
    bytesWritten: Int = 0
  ) {
    self.macs = macs
    self.elementwise = elementwise
    self.transcendentals = transcendentals
    self.bytesRead = bytesRead
    self.bytesWritten = bytesWritten
  }

  /// Floating-point operations: twice the multiply-accumulates, and the elementary operations.
  package var flops: Int { saturatingSum(saturatingSum(macs, macs), elementwise) }
  /// Bytes moved to and from memory.
  package var traffic: Int { saturatingSum(bytesRead, bytesWritten) }

  package static func + (a: Work, b: Work) -> Work {
    Work(
      macs: saturatingSum(a.macs, b.macs),
      elementwise: saturatingSum(a.elementwise, b.elementwise),
      transcendentals: saturatingSum(a.transcendentals, b.transcendentals),
      bytesRead: saturatingSum(a.bytesRead, b.bytesRead),
      bytesWritten: saturatingSum(a.bytesWritten, b.bytesWritten))
  }

  package static func += (a: inout Work, b: Work) { a = a + b }

  /// The same work done `count` times over.
  package func times(_ count: Int) -> Work {
    Work(
      macs: saturatingProduct(macs, count),
      elementwise: saturatingProduct(elementwise, count),
      transcendentals: saturatingProduct(transcendentals, count),
      bytesRead: saturatingProduct(bytesRead, count),
      bytesWritten: saturatingProduct(bytesWritten, count))
  }
}

/// The sum of two counts, or `Int.max` where it would not fit.
package func saturatingSum(_ a: Int, _ b: Int) -> Int {
  let (sum, overflow) = a.addingReportingOverflow(b)
  return overflow ? .max : sum
}

/// The product of two counts, neither negative, or `Int.max` where it would not fit.
package func saturatingProduct(_ a: Int, _ b: Int) -> Int {
  let (product, overflow) = a.multipliedReportingOverflow(by: b)
  return overflow ? .max : product
}
