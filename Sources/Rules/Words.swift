/// A share as a whole number of per cent, as messages print it: `43 %`, or `< 1 %`.
func percent(_ share: Double) -> String {
  guard share.isFinite else { return "?" }
  let rounded = Int(min(max(share, 0), 1e6) * 100 + 0.5)
  return rounded == 0 && share > 0 ? "< 1 %" : "\(rounded) %"
}

/// A number and what it counts: `1 node`, `3 nodes`.
package func counted(_ count: Int, _ noun: String) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}

/// A ratio with one digit after the point: `8.0`.
func ratio(_ value: Double) -> String {
  guard value.isFinite, value >= 0, value < 1e6 else { return "?" }
  let tenths = Int(value * 10 + 0.5)
  return "\(tenths / 10).\(tenths % 10)"
}
