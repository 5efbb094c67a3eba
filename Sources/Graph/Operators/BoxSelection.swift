/// `NonMaxSuppression`: the boxes worth keeping, those that overlap a better one left out.
///
/// Boxes are `N×boxes×4`, scores are `N×classes×boxes`, each row of the result names one kept: image, class, box.
/// How many there are depends on data, so that a bound is given.
/// https://onnx.ai/onnx/operators/onnx__NonMaxSuppression.html
package struct BoxSelection: Operator {
  package static let names: [OperatorName] = ["NonMaxSuppression"]

  /// Comparisons, differences and products that tell how far two boxes overlap.
  private static let overlap = 12

  package init(_: Node) {}

  package var layer: LayerClass { .other }

  private struct Extents {
    var groups: Int, boxes: Int, kept: Int
  }

  private func extents(_ x: Operands) throws(OperatorError) -> Extents {
    let (boxes, scores) = (try x.required(0), try x.required(1))
    guard boxes.rank == 3, scores.rank == 3, boxes.shape[1] == scores.shape[2] else {
      throw .mismatch("boxes \(boxes.shape) with scores \(scores.shape)")
    }
    // A limit left out is none at all; one that is not known may be all of them.
    let limit = x.isGiven(2) ? x[2]?.value?.integers?.first ?? .max : 0
    return Extents(
      groups: try product([scores.shape[0], scores.shape[1]]), boxes: boxes.shape[1],
      kept: min(max(0, limit), boxes.shape[1]))
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let extents = try extents(x)
    let info = try ValueInfo.tensor(.int64, [try product([extents.groups, extents.kept]), 3])
    return [extents.kept == 0 ? info : info.estimated]
  }

  /// Every box is compared with those kept before it, where the most are kept.
  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    let e = try extents(x)
    let early = saturatingProduct(e.kept, max(0, e.kept - 1)) / 2
    let late = saturatingProduct(e.boxes - e.kept, e.kept)
    return Work(elementwise: Self.overlap).times(
      saturatingProduct(e.groups, saturatingSum(early, late)))
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index < 2 ? .data : .setting }
}
