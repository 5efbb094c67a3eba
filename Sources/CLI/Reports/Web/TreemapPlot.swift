import Cost

/// The energy of a model by module, as areas: the modules of a level, and within each those of the next.
struct TreemapPlot {
  private static let width = 720.0
  private static let height = 360.0
  private let tree: ModuleTree
  private let portion: Portion

  init(_ estimate: Estimate, per portion: Portion) {
    tree = ModuleTree(estimate)
    self.portion = portion
  }

  /// The plot as SVG; nil where the model has one module.
  var svg: String? {
    let sections = tree.sections
    guard sections.count > 1 else { return nil }
    var svg = "<svg viewBox=\"0 0 \(SVG.number(Self.width)) \(SVG.number(Self.height))\""
    svg += " role=\"img\" aria-label=\"energy by module\">\n"
    let frame = Treemap.Rectangle(x: 0, y: 0, width: Self.width, height: Self.height)
    for (number, (outer, place)) in laid(sections, frame).enumerated() {
      let color = "k\(number % SVG.colors)"
      svg += rectangle(outer.name, outer.joules, place, color)
      for (inner, place) in laid(outer.parts, place.within) {
        svg += rectangle("\(outer.name) / \(inner.name)", inner.joules, place, "\(color) inner")
        svg += label(inner.name, place)
      }
      svg += label(outer.name, place)
    }
    return svg + "</svg>\n"
  }

  /// Parts with their places, largest first; those too small to be seen are left out.
  private func laid(_ parts: [ModuleTree], _ frame: Treemap.Rectangle)
    -> [(ModuleTree, Treemap.Rectangle)]
  {
    let sorted = parts.enumerated().sorted {
      ($1.element.joules, $0.offset) < ($0.element.joules, $1.offset)
    }.map(\.element).prefix(200)
    let places = Treemap.rectangles(of: sorted.map(\.joules), in: frame)
    return zip(sorted, places).filter { $0.1.width > 0.5 && $0.1.height > 0.5 }
  }

  /// The name at the upper left of its place, where it fits.
  private func label(_ name: String, _ place: Treemap.Rectangle) -> String {
    guard place.width > 44, place.height > 16 else { return "" }
    return "<text x=\"\(SVG.number(place.x + 4))\" y=\"\(SVG.number(place.y + 12))\">"
      + "\(name.shortened(to: Int((place.width - 6) / 6.8)).markup)</text>\n"
  }

  private func rectangle(
    _ name: String, _ joules: Double, _ place: Treemap.Rectangle, _ classes: String
  ) -> String {
    let share = tree.joules > 0 ? Number.percent(joules / tree.joules) : ""
    let figure = Number.text(joules / portion.count, unit: "J/\(portion.symbol)")
    return "<rect class=\"\(classes)\" x=\"\(SVG.number(place.x))\" y=\"\(SVG.number(place.y))\""
      + " width=\"\(SVG.number(place.width))\" height=\"\(SVG.number(place.height))\">"
      + "<title>\("\(name): \(figure), \(share)".markup)</title></rect>\n"
  }
}

extension Treemap.Rectangle {
  /// The place for the parts of a part, with room for its name and a border.
  fileprivate var within: Treemap.Rectangle {
    guard width > 12, height > 28 else { return .init(x: x, y: y, width: 0, height: 0) }
    return .init(x: x + 3, y: y + 17, width: width - 6, height: height - 20)
  }
}

extension String {
  /// The text in at most `count` characters.
  fileprivate func shortened(to count: Int) -> String {
    // The end of a name tells it from others.
    self.count <= count ? self : "…\(suffix(max(1, count - 1)))"
  }
}
