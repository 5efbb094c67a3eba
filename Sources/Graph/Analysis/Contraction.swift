/// The matrix product at the heart of an operator: `batch` products of `rows`×`depth` by `depth`×`columns`.
///
/// A convolution is one too, as an implicit matrix product: a row for each output position, a column for
/// each output channel of a group, a depth of input channels times kernel positions. A device table
/// has a rate for each `Form`, and timing pads `rows` and `columns` to the device's tiles.
package struct Contraction: Hashable, Sendable {
  package enum Form: Hashable, Sendable {
    case matrix
    /// `kernel`, `strides` and `positions`, the extents of the result, are per spatial axis; `groups` parts of
    /// the channels are kept apart.
    case convolution(kernel: [Int], strides: [Int], positions: [Int], groups: Int)
    /// A matrix product of each time step of a recurrence, done one after another.
    case recurrence(steps: Int)
    /// The two products of scaled dot-product attention, done as one kernel where a device can.
    case attention
  }

  package var form: Form
  /// Products done side by side: broadcast axes, attention heads, groups of a convolution.
  package var batch: Int
  package var rows: Int
  package var columns: Int
  package var depth: Int
  /// The type that the products are of, which the device prices: `float16` or `int8` run on tensor cores.
  package var type: ElementType

  package init(
    _ form: Form = .matrix, batch: Int = 1, rows: Int, columns: Int, depth: Int, type: ElementType
  ) {
    self.form = form
    self.batch = batch
    self.rows = rows
    self.columns = columns
    self.depth = depth
    self.type = type
  }

  /// Multiply-accumulates: exact, padding taps included; saturating.
  package var macs: Int {
    let perProduct = saturatingProduct(saturatingProduct(rows, columns), depth)
    return saturatingProduct(saturatingProduct(perProduct, batch), steps)
  }

  /// How often the products are repeated one after another: 1 but for recurrences.
  package var steps: Int { if case .recurrence(let steps) = form { steps } else { 1 } }
}

extension [Contraction] {
  /// Multiply-accumulates of all of them; saturating.
  package var macs: Int { reduce(0) { saturatingSum($0, $1.macs) } }
}
