/// How a value between the points of a grid is taken from its neighbours.
package enum Interpolation: Hashable, Sendable {
  case nearest
  case linear
  case cubic

  /// Elementary operations for one element, interpolated along `axes` axes.
  ///
  /// Linear: three for each of the `2^axes − 1` steps between two neighbours. Cubic: seven for each of the
  /// four-tap sums, of which there are `4^(axes − 1) + … + 4 + 1`.
  package func operations(axes: Int) -> Int {
    // A tensor has few axes; more than these would not fit in a count.
    let axes = min(max(axes, 0), 20)
    switch self {
    case .nearest: return 0
    case .linear: return 3 * ((1 << axes) - 1)
    case .cubic: return 7 * (((1 << (2 * axes)) - 1) / 3)
    }
  }

  /// Reads an attribute's name for it: `nearest`, `linear`, `bilinear`, `cubic`, `bicubic`.
  init?(_ name: String) {
    switch name {
    case "nearest": self = .nearest
    case "linear", "bilinear": self = .linear
    case "cubic", "bicubic": self = .cubic
    default: return nil
    }
  }
}
