/// The solution of `matrix` · x = `right`, or nil where the rows do not determine it.
///
/// Gaussian elimination with the largest pivot of each column; the matrix is square, a row for each element of `right`.
func solution(of matrix: [[Double]], _ right: [Double]) -> [Double]? {
  let count = right.count
  var rows = zip(matrix, right).map { $0 + [$1] }
  guard rows.count == count, rows.allSatisfy({ $0.count == count + 1 }) else { return nil }
  for column in 0..<count {
    let pivot = (column..<count).max { rows[$0][column].magnitude < rows[$1][column].magnitude }
    guard let pivot, rows[pivot][column].magnitude > 1e-300, rows[pivot][column].isFinite else {
      return nil
    }
    rows.swapAt(column, pivot)
    for row in column + 1..<max(count, column + 1) {
      let factor = rows[row][column] / rows[column][column]
      guard factor != 0 else { continue }
      for k in column...count { rows[row][k] -= factor * rows[column][k] }
    }
  }
  var x = [Double](repeating: 0, count: count)
  for row in (0..<count).reversed() {
    var rest = rows[row][count]
    for column in row + 1..<max(count, row + 1) { rest -= rows[row][column] * x[column] }
    x[row] = rest / rows[row][row]
  }
  return x.allSatisfy(\.isFinite) ? x : nil
}
