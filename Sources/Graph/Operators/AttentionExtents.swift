/// The extents of scaled dot-product attention, and the work that follows from them.
///
/// Every query meets every key: a mask hides scores, it does not save the products.
package struct AttentionExtents: Hashable, Sendable {
  package var batch: Int
  /// The heads of the queries.
  ///
  /// Keys and values may have fewer, each shared by several.
  package var heads: Int
  package var queries: Int
  /// Keys met by each query, those of the cache included.
  package var keys: Int
  /// Elements of one head of a query or a key.
  package var depth: Int
  /// Elements of one head of a value.
  package var valueDepth: Int

  /// Queries by keys, and scores by values.
  package func contractions(_ type: ElementType) -> [Contraction] {
    let stack = saturatingProduct(batch, heads)
    return [
      Contraction(
        .attention, batch: stack, rows: queries, columns: keys, depth: depth, type: type),
      Contraction(
        .attention, batch: stack, rows: queries, columns: valueDepth, depth: keys, type: type),
    ]
  }

  package var scores: Int {
    saturatingProduct(saturatingProduct(batch, heads), saturatingProduct(queries, keys))
  }

  /// Scale and softmax of the scores; a bias or mask is one addition more, a soft cap three operations.
  package func arithmetic(isMasked: Bool, isCapped: Bool = false) -> Work {
    Work(
      elementwise: 6 + (isMasked ? 1 : 0) + (isCapped ? 3 : 0),
      transcendentals: 1 + (isCapped ? 1 : 0)
    ).times(scores)
  }
}

/// The bytes of a node that appends to caches in place: of a new cache, only what is new is written.
func appendingTraffic(_ x: Operands, _ y: Operands, caches: [(past: Int, present: Int)]) -> (
  read: Int, written: Int
) {
  let kept = caches.filter { y.isGiven($0.present) }
    .reduce(0) { saturatingSum($0, x[$1.past]?.byteCount ?? 0) }
  return (x.byteCount, max(0, y.byteCount - kept))
}
