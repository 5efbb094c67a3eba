import Cost
import Graph
import Rules

/// What holds for a model: the words of the command line over the environment, over the blocks of the configuration
/// file that name the model, over the rest of the file, over what is built in.
struct Configuration: Sendable {
  let arguments: Arguments

  /// Throws where the file is wrong, or what it says goes against the command line.
  init(
    _ given: Arguments, _ file: ConfigurationFile?, for model: String, on terminal: Terminal
  ) throws(UsageError) {
    let place = model == "-" ? nil : FilePath(model)
    var arguments = Arguments()
    if let file {
      for layer in Layer.all(file, for: place) { try layer.apply(to: &arguments) }
      arguments.budgets = try file.budgets(for: place)
      arguments.increaseLimits = try file.increaseLimits(for: place)
      arguments.settings.suppressions = try file.suppressions(for: place, today: terminal.today)
    }
    for (variable, field) in ConfigurationForm.variables where !given.isIsolated {
      guard let word = terminal.variables[variable], !word.isEmpty else { continue }
      try arguments.set(field, from: variable, to: word)
    }
    try arguments.apply(given)
    self.arguments = arguments
  }
}

extension Arguments {
  /// The path of the configuration file that holds for `model`: the one asked for, or the nearest.
  func configurationFile(for model: String) throws(UsageError) -> String? {
    if isIsolated {
      guard configuration == nil else {
        throw UsageError("'--config' and '--no-config' go against one another; give one")
      }
      return nil
    }
    return configuration ?? ConfigurationFile.nearest(to: model)
  }

  /// Reads a variable of the environment as the option would be.
  fileprivate mutating func set(_ field: Field, from variable: String, to word: String)
    throws(UsageError)
  {
    guard let option = Option.table.first(where: { $0.name == field.option }) else { return }
    switch field.name {
    case "region": lifecycle.gramsPerKilowattHour = nil
    case "grams_per_kwh": lifecycle.grid = nil
    default: break
    }
    do throws(UsageError) { try option.read(&self, word) } catch {
      throw UsageError("\(variable): \(error.message)")
    }
  }

  /// Sets everything that the words of the command line say, over what is there.
  fileprivate mutating func apply(_ given: Arguments) throws(UsageError) {
    let names = Set(given.given.map(\.option.name))
    // What the command line says once more stands in the place of what the file says.
    if names.contains("--region") || names.contains("--grams-per-kwh") {
      (lifecycle.grid, lifecycle.gramsPerKilowattHour) = (nil, nil)
    }
    if names.contains("--max-increase") { maximumIncrease = nil }
    if names.contains("--select") {
      (settings.selected, settings.ignored) = ([], [])
      settings.severities.removeAll { $0.level == nil }
    }
    for shape in given.request.inputShapes {
      request.inputShapes.removeAll { $0.name == shape.name }
    }
    for symbol in given.request.symbols { request.symbols.removeAll { $0.name == symbol.name } }
    operands = given.operands
    self.given = given.given
    for word in given.given { try word.option.read(&self, word.text) }
  }
}

extension ConfigurationForm {
  /// The variables of the environment, and the keys that they stand for.
  static let variables: [(name: String, field: Field)] = named(settings)

  private static func named(_ fields: [Field]) -> [(name: String, field: Field)] {
    fields.flatMap { field -> [(name: String, field: Field)] in
      if case .object(let fields) = field.kind { return named(fields) }
      return field.variable.map { [($0, field)] } ?? []
    }
  }
}
