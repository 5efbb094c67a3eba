import Graph
import Rules

// How the values of options are read. Every message names the option and an example of what it takes.

/// A whole number above zero.
func positive(_ option: String, _ text: String) throws(UsageError) -> Int {
  guard let number = Int(text), number > 0 else {
    throw UsageError("'\(option) \(text)': expected a whole number above 0")
  }
  return number
}

/// An input's name and extents: `NAME=1x3x224x224`.
///
/// The extents come after the last `=`, because names may hold one.
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
func reportName(_ text: String) throws(UsageError) -> String { try reportFormat(text).name }

/// `FORMAT=PATH`.
func outputFile(_ text: String) throws(UsageError) -> Arguments.OutputFile {
  let parts = text.split(separator: "=", maxSplits: 1)
  guard parts.count == 2 else { throw UsageError("'--output \(text)': expected FORMAT=PATH") }
  return .init(format: String(parts[0]), path: String(parts[1]))
}

/// Rules by code, start of a code, or name, with commas between them.
func ruleNames(_ text: String) throws(UsageError) -> [String] {
  let pages = allRules.map { $0.page }
  var names: [String] = []
  for part in text.split(separator: ",").map(String.init) {
    let isKnown = pages.contains {
      $0.name == part.lowercased() || $0.code.hasPrefix(part.uppercased())
    }
    guard isKnown else {
      throw UsageError(
        unknown: "rule", part, among: pages.flatMap { [$0.code, $0.name] }, listAll: false)
    }
    names.append(part.contains("-") ? part.lowercased() : part.uppercased())
  }
  return names
}

/// `11 mJ/inf`.
func budget(_ text: String) throws(UsageError) -> Budget {
  do throws(QuantityError) { return try Budget(text) } catch {
    throw UsageError("'--budget': \(error.message); \(Budget.forms)")
  }
}

/// `10 uJ` or `0.5%`.
func setFloor(_ settings: inout Settings, _ text: String) throws(UsageError) {
  if text.hasSuffix("%") {
    guard let percent = Double(text.dropLast().filter { $0 != " " }), percent >= 0, percent <= 100
    else { throw UsageError("'--min-saving \(text)': expected a share like \"0.5%\"") }
    settings.minimumShare = percent / 100
    return
  }
  let forms = "write it like \"10 uJ\" or \"0.5%\""
  do throws(QuantityError) {
    let quantity = try Quantity(text)
    guard quantity.dimension == .energy, (quantity.occasion ?? .inference) == .inference else {
      throw QuantityError("'\(text)' is no energy of an inference")
    }
    settings.minimumJoules = quantity.amount
  } catch {
    throw UsageError("'--min-saving': \(error.message); \(forms)")
  }
}

/// `3%` or `0.2 mJ/inf`, which hold both where both are given.
func increase(_ text: String, beside other: Increase?) throws(UsageError) -> Increase {
  do throws(QuantityError) {
    let increase = try Increase(text)
    return other?.adding(increase) ?? increase
  } catch {
    throw UsageError("'--max-increase': \(error.message); \(Increase.forms)")
  }
}

/// `10%`, as a number.
func share(_ option: String, _ text: String) throws(UsageError) -> Double {
  guard text.hasSuffix("%"), let percent = Double(text.dropLast().filter { $0 != " " }),
    percent >= 0, percent <= 1e6
  else { throw UsageError("'\(option) \(text)': expected a share like \"10%\"") }
  return percent / 100
}

/// A level, or nil for `never`.
func failureLevel(_ text: String) throws(UsageError) -> Level? {
  if text == "never" { return nil }
  guard let level = Level(rawValue: text) else {
    throw UsageError(
      unknown: "level", text, among: Level.allCases.reversed().map(\.rawValue) + ["never"])
  }
  return level
}
