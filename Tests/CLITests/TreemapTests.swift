import Testing

@testable import CLI

private let frame = Treemap.Rectangle(x: 3, y: 5, width: 300, height: 100)

@Test(arguments: [[1.0], [5, 3, 2, 1, 1], [1, 1e-9], Array(repeating: 2, count: 40)])
func `areas are as the weights, and fill the frame without overlap`(weights: [Double]) {
  let places = Treemap.rectangles(of: weights, in: frame)
  let total = weights.reduce(0, +)
  #expect(places.count == weights.count)
  for (place, weight) in zip(places, weights) {
    #expect(abs(place.width * place.height - weight / total * 30_000) < 1e-6)
    #expect(place.x >= 3 - 1e-9 && place.x + place.width <= 303 + 1e-9)
    #expect(place.y >= 5 - 1e-9 && place.y + place.height <= 105 + 1e-9)
  }
  for (index, a) in places.enumerated() {
    for b in places[(index + 1)...] {
      let width = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
      let height = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
      #expect(width < 1e-9 || height < 1e-9)
    }
  }
}

@Test func `equal weights give places that are nearly square`() {
  for place in Treemap.rectangles(of: Array(repeating: 1, count: 12), in: frame) {
    #expect(max(place.width / place.height, place.height / place.width) < 2)
  }
}

@Test func `nothing has a place where there is none or where nothing weighs`() {
  #expect(Treemap.rectangles(of: [], in: frame).isEmpty)
  #expect(Treemap.rectangles(of: [0, 0], in: frame).isEmpty)
  let none = Treemap.Rectangle(x: 0, y: 0, width: 0, height: 9)
  #expect(Treemap.rectangles(of: [1, 2], in: none).isEmpty)
}
