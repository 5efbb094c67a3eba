/// Numbers, none below 0, with which the columns of `rows` add up to `right` as nearly as can be, in least squares.
///
/// Costs are not negative, and a fit that lets them be explains one row's noise with another's.
/// The active set method of Lawson and Hanson, Solving Least Squares Problems (1974), chapter 23. Columns are scaled to
/// length 1 first, so that picojoules and watts weigh alike. `rows` has one array for each row, all equally long.
func nonNegativeLeastSquares(_ rows: [[Double]], _ right: [Double]) -> [Double] {
  let count = rows.first?.count ?? 0
  let lengths = (0..<count).map { column in
    rows.reduce(0) { $0 + $1[column] * $1[column] }.squareRoot()
  }
  let scaled = rows.map { row in
    zip(row, lengths).map { $1 > 0 ? $0 / $1 : 0 }
  }
  // Everything that the method asks of the rows is in their products.
  let products = (0..<count).map { i in
    (0..<count).map { k in scaled.reduce(0) { $0 + $1[i] * $1[k] } }
  }
  let targets = (0..<count).map { i in zip(scaled, right).reduce(0) { $0 + $1.0[i] * $1.1 } }
  let tolerance = 1e-10 * (targets.map(\.magnitude).max() ?? 0)

  var x = [Double](repeating: 0, count: count)
  var free: [Int] = []
  // Each round frees one number; a number can be bound again, but never so that the error stays the same.
  for _ in 0..<(10 * count + 10) {
    let gradient = (0..<count).map { i in
      targets[i] - zip(products[i], x).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let candidates = (0..<count).filter { !free.contains($0) && lengths[$0] > 0 }
    guard let best = candidates.max(by: { gradient[$0] < gradient[$1] }),
      gradient[best] > tolerance
    else { break }
    free.append(best)
    while !free.isEmpty {
      let part = solution(
        of: free.map { i in free.map { products[i][$0] } }, free.map { targets[$0] })
      guard let part else {
        // The columns repeat each other: the last one adds nothing.
        x[free.removeLast()] = 0
        break
      }
      if part.allSatisfy({ $0 > 0 }) {
        for (index, value) in zip(free, part) { x[index] = value }
        break
      }
      // As far towards the solution as the first number allows that would fall below 0.
      var step = 1.0
      for (index, value) in zip(free, part) where value <= 0 {
        step = min(step, x[index] / max(x[index] - value, 1e-300))
      }
      for (index, value) in zip(free, part) { x[index] += step * (value - x[index]) }
      free.removeAll { x[$0] <= 1e-14 }
      for index in 0..<count where !free.contains(index) { x[index] = 0 }
    }
  }
  return zip(x, lengths).map { $1 > 0 ? $0 / $1 : 0 }
}
