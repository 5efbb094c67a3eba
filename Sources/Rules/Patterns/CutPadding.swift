import Cost
import Graph

/// A convolution of whose results those that padding gave are cut off again, as causal convolutions are often written.
struct CutPadding {
  let convolution: Node.ID
  private let slice: Node.ID
  /// What is left of the padding: before every axis, then after every axis.
  private let pads: [Int]

  /// Nil where more is cut off than padding gave, or where nothing is.
  init?(_ id: Node.ID, _ subject: Subject) {
    let step = subject.steps[id]
    guard step.isCounted, step.node.op == "Conv", let (window, kernel) = step.slidingWindow,
      case .explicit(var pads) = window.padding, pads.count == 2 * kernel.count,
      let made = step.outputs[0], !made.isEstimated, made.rank == kernel.count + 2,
      let reader = subject.onlyReader(of: id), subject.producer(of: reader) == id,
      let cut = subject.steps[reader].op(as: Slicing.self), subject.steps[reader].isCounted,
      let kept = subject.steps[reader].outputs[0], kept.rank == made.rank, !kept.isEstimated,
      let cuts = try? cut.cuts(subject.steps[reader].inputs, made.shape), !cuts.isEmpty
    else { return nil }
    let isFixed = subject.estimate.analysis.binding.symbols.isEmpty
    for cut in cuts {
      let axis = cut.axis
      guard cut.step == 1, let start = cut.start, let end = cut.end,
        kernel.indices.contains(axis - 2),
        cuts.count(where: { $0.axis == axis }) == 1,
        isFixed || start >= 0 && (end < 0 || end >= Self.wholeAxis)
      else { return nil }
      let first = max(0, start < 0 ? start + made.dims[axis] : start)
      let last = made.dims[axis] - first - kept.dims[axis]
      let stride = window.stride(axis - 2)
      for (place, count) in [(axis - 2, first), (axis - 2 + kernel.count, max(0, last))] {
        let (left, overflow) = pads[place].subtractingReportingOverflow(
          saturatingProduct(count, stride))
        guard !overflow else { return nil }
        pads[place] = left
      }
    }
    guard window.padding != .explicit(pads), pads.allSatisfy({ $0 >= 0 }),
      !subject.scope.isOutput(subject.output(reader) ?? 0)
    else { return nil }
    (convolution, slice, self.pads) = (id, reader, pads)
  }

  /// What exporters write for the end of an axis is no smaller.
  private static let wholeAxis = 0x7fff_ffff

  /// Adds what computes nothing that is cut off.
  func mend(_ rewrite: inout Rewrite, _ subject: Subject) {
    var node = subject.steps[convolution].node
    node.set("pads", .ints(pads))
    rewrite.replaced[convolution] = [node]
    if let output = subject.output(convolution) {
      rewrite.bypass(slice, subject.steps[slice].node, reading: output)
    }
  }
}
