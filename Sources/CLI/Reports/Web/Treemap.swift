/// Rectangles whose areas are as their weights, as near to squares as can be.
///
/// Bruls, Huizing, van Wijk: Squarified Treemaps, 2000.
enum Treemap {
  struct Rectangle: Hashable, Sendable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    fileprivate var shorterSide: Double { min(width, height) }
    fileprivate var area: Double { width * height }
  }

  /// One rectangle for each weight, which are above 0 and in falling order, and fill `frame` together.
  ///
  /// Linear in the number of weights.
  static func rectangles(of weights: [Double], in frame: Rectangle) -> [Rectangle] {
    let total = weights.reduce(0, +)
    guard total > 0, frame.area > 0 else { return [] }
    let areas = weights.map { $0 / total * frame.area }
    var rectangles: [Rectangle] = []
    var rest = frame
    var start = 0
    while start < areas.count {
      // A row grows for as long as its worst rectangle gets better.
      var end = start + 1
      var sum = areas[start]
      while end < areas.count,
        aspect(areas[start], areas[end], sum + areas[end], rest.shorterSide)
          <= aspect(areas[start], areas[end - 1], sum, rest.shorterSide)
      {
        sum += areas[end]
        end += 1
      }
      rectangles += row(areas[start..<end], sum, &rest)
      start = end
    }
    return rectangles
  }

  /// The worst aspect ratio of a row along `side`, from its largest and its smallest area and their sum.
  private static func aspect(
    _ largest: Double, _ smallest: Double, _ sum: Double, _ side: Double
  ) -> Double {
    let square = side * side
    return max(square * largest / (sum * sum), sum * sum / (square * smallest))
  }

  /// Lays a row along the shorter side of `rest`, and takes it off.
  private static func row(_ areas: ArraySlice<Double>, _ sum: Double, _ rest: inout Rectangle)
    -> [Rectangle]
  {
    var offset = 0.0
    let isColumn = rest.width >= rest.height
    let thickness = rest.shorterSide > 0 ? sum / rest.shorterSide : 0
    let rectangles = areas.map { area in
      let length = thickness > 0 ? area / thickness : 0
      defer { offset += length }
      return isColumn
        ? Rectangle(x: rest.x, y: rest.y + offset, width: thickness, height: length)
        : Rectangle(x: rest.x + offset, y: rest.y, width: length, height: thickness)
    }
    if isColumn {
      rest.x += thickness
      rest.width = max(0, rest.width - thickness)
    } else {
      rest.y += thickness
      rest.height = max(0, rest.height - thickness)
    }
    return rectangles
  }
}
