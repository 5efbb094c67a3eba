import Graph

// How the values of options are read. Every message names the option and an example of what it takes.

/// A whole number above zero.
func positive(_ option: String, _ text: String) throws(UsageError) -> Int {
  guard let number = Int(text), number > 0 else {
    throw UsageError("'\(option) \(text)': expected a whole number above 0")
  }
  return number
}

/// `NAME=1x3x224x224`. The extents come after the last `=`, because names may hold one.
func inputShape(_ text: String) throws(UsageError) -> Binding.InputShape {
  let message = "'--input-shape \(text)': expected NAME=1x3x224x224"
  guard let split = text.lastIndex(of: "="), split != text.startIndex else {
    throw UsageError(message)
  }
  let extents = text[text.index(after: split)...]
  if extents == "scalar" { return .init(name: String(text[..<split]), dims: []) }
  var dims: [Int] = []
  for part in extents.split(whereSeparator: { $0 == "x" || $0 == "," }) {
    guard let extent = Int(part), extent >= 0 else { throw UsageError(message) }
    dims.append(extent)
  }
  guard !dims.isEmpty else { throw UsageError(message) }
  return .init(name: String(text[..<split]), dims: dims)
}

/// `NAME=8`.
func symbol(_ text: String) throws(UsageError) -> Binding.Symbol {
  guard let split = text.lastIndex(of: "="), split != text.startIndex,
    let value = Int(text[text.index(after: split)...]), value >= 0
  else { throw UsageError("'--dim \(text)': expected NAME=8") }
  return .init(name: String(text[..<split]), value: value)
}

/// One of the cases of `Choice`, by its raw value.
func choice<Choice: CaseIterable & RawRepresentable<String>>(_ kind: String, _ text: String)
  throws(UsageError) -> Choice
{
  guard let choice = Choice(rawValue: text) else {
    throw UsageError(unknown: kind, text, among: Choice.allCases.map(\.rawValue))
  }
  return choice
}

/// The raw values of `Choice` as help shows them: `fused|eager`.
func names<Choice: CaseIterable & RawRepresentable<String>>(_: Choice.Type) -> String {
  Choice.allCases.map(\.rawValue).joined(separator: "|")
}

/// The name of a report that there is.
func reportName(_ text: String) throws(UsageError) -> String {
  let names = allReports.map { $0.name }
  guard names.contains(text) else { throw UsageError(unknown: "format", text, among: names) }
  return text
}
