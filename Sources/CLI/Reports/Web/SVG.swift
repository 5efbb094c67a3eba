/// What plots are drawn with.
enum SVG {
  /// How many colours there are: `.k0` and on, in a page's style.
  static let colors = 12

  /// A coordinate, to a tenth of a unit.
  static func number(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 1e9 else { return "0" }
    return Number.decimal(value, places: 1)
  }

  /// A power of ten beside an axis: `0.01`, `100`, `10 G`.
  static func power(_ exponent: Double) -> String {
    guard exponent.magnitude < 30 else { return "" }
    let exponent = Int(exponent)
    guard exponent >= 0 else { return "0." + String(repeating: "0", count: -exponent - 1) + "1" }
    let prefixes = ["", " k", " M", " G", " T", " P", " E"]
    let prefix = min(exponent / 3, prefixes.count - 1)
    return "1" + String(repeating: "0", count: exponent - 3 * prefix) + prefixes[prefix]
  }
}
