/// For each value, the nodes that read it, in two flat lists: an array for each value would cost more than it holds.
package struct Readers: RandomAccessCollection, Sendable {
  /// The readers of all values, those of one value after those of another.
  private let nodes: [Node.ID]
  /// Where the readers of each value end; they begin where those of the value before end.
  private let ends: [Int]

  /// The readers of `count` values, as `visit` is told of them: twice the same, one value and one reader each time.
  ///
  /// Readers of one value stand in the order in which they are told.
  package init(count: Int, _ forEachRead: (_ visit: (Value.ID, Node.ID) -> Void) -> Void) {
    var ends = [Int](repeating: 0, count: count)
    forEachRead { value, _ in ends[value] += 1 }
    var total = 0
    // Where the next reader of each value goes; which ends where that value's readers end.
    for value in ends.indices { (ends[value], total) = (total, total + ends[value]) }
    var nodes = [Node.ID](repeating: 0, count: total)
    forEachRead { value, node in
      nodes[ends[value]] = node
      ends[value] += 1
    }
    (self.nodes, self.ends) = (nodes, ends)
  }

  package var startIndex: Value.ID { 0 }
  package var endIndex: Value.ID { ends.count }

  package subscript(value: Value.ID) -> ArraySlice<Node.ID> {
    nodes[(value > 0 ? ends[value - 1] : 0)..<ends[value]]
  }
}
