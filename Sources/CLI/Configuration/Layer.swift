import Cost
import Graph
import Rules

/// Some settings with where they come from: a configuration file, or a block in it for some models.
struct Layer: Sendable {
  let file: ConfigurationFile
  let tree: JSONTree

  /// The layers that hold for `model`, those that hold over the others last.
  ///
  /// First what files say for all models, from the file that is extended to the one that extends it, and then what
  /// they say for some.
  static func all(_ file: ConfigurationFile, for model: FilePath?) -> [Layer] {
    let files = file.bases + [file]
    let blocks = files.flatMap { file in
      (file.root["overrides"]?.value.elements ?? []).filter { block in
        file.means(model, by: block["paths"]?.value)
      }.map { Layer(file: file, tree: $0) }
    }
    return files.map { Layer(file: $0, tree: $0.root) } + blocks
  }

  /// The keys with values in this layer that are read by options, in the order of the form.
  func given() -> [Given] {
    given(ConfigurationForm.settings + ConfigurationForm.record, tree, [])
  }

  /// A key that has a value here.
  struct Given {
    let field: Field
    let path: [String]
    let value: JSONTree
    let place: Int
  }

  private func given(_ fields: [Field], _ tree: JSONTree, _ path: [String]) -> [Given] {
    fields.flatMap { field -> [Given] in
      guard let member = tree[field.name] else { return [] }
      let path = path + [field.name]
      if case .object(let fields) = field.kind { return given(fields, member.value, path) }
      return [Given(field: field, path: path, value: member.value, place: member.place)]
    }
  }

  /// Sets what the layer says.
  func apply(to arguments: inout Arguments) throws(UsageError) {
    for pair in [("region", "grams_per_kwh"), ("inferences", "inferences_per_month")] {
      guard tree["usage", pair.0] != nil, let second = tree["usage", pair.1] else { continue }
      throw file.error(
        "'\(pair.1)' stands in the place of '\(pair.0)'; give one", at: second.place)
    }
    for given in given() {
      do throws(UsageError) { try given.apply(to: &arguments, file) } catch {
        throw file.error(error.message, at: given.value.place)
      }
    }
  }
}

extension ConfigurationFile {
  /// Whether a list of globs, relative to the file, has `model` in it; no list has all models in it.
  func means(_ model: FilePath?, by globs: JSONTree?) -> Bool {
    guard let globs else { return true }
    guard let model else { return false }
    let path = model.relative(to: folder)
    return globs.texts.contains { Glob($0).matches(path) }
  }
}

extension Layer.Given {
  fileprivate func apply(to arguments: inout Arguments, _ file: ConfigurationFile)
    throws(UsageError)
  {
    switch path {
    case ["device"]:
      let word = value.text ?? ""
      let isFile = word.contains("/") || word.hasSuffix(".json")
      arguments.device = isFile ? file.located(word) : word
    case ["baseline"]: arguments.baseline = file.located(value.text ?? "")
    // Which models there are is settled before anything is set for one.
    case ["exclude"]: return
    case ["inputs"]:
      for member in value.members {
        arguments.request.inputShapes.removeAll { $0.name == member.key }
        try read(&arguments, "\(member.key)=\(member.value.extents)")
      }
    case ["dims"]:
      for member in value.members {
        arguments.request.symbols.removeAll { $0.name == member.key }
        try read(&arguments, "\(member.key)=\(member.value.word ?? "")")
      }
    case ["usage", "inferences_per_month"]:
      arguments.lifecycle.inferences = try inferences("\(value.word ?? "")/month")
    case ["usage", "task"]: arguments.task = value.text.flatMap(Purpose.Task.init)
    case ["usage", "regions"]:
      arguments.allowedGrids = []
      for name in value.texts { arguments.allowedGrids.append(try grid(name)) }
    case ["usage", "region"]:
      arguments.lifecycle.gramsPerKilowattHour = nil
      try read(&arguments, value.word ?? "")
    case ["usage", "grams_per_kwh"]:
      arguments.lifecycle.grid = nil
      try read(&arguments, value.word ?? "")
    case ["rules", "select"]:
      arguments.settings.selected = []
      try read(&arguments, value.word ?? "")
    case ["rules", "severity"]: try setSeverities(&arguments.settings)
    case ["training", "checkpointing"]: arguments.training.checkpoints = value.flag ?? false
    case ["strict"]: arguments.isStrict = value.flag ?? false
    default: try read(&arguments, value.word ?? "")
    }
  }

  /// Reads the value as the option of the command line would.
  private func read(_ arguments: inout Arguments, _ word: String) throws(UsageError) {
    guard let option = Option.table.first(where: { $0.name == field.option }) else { return }
    do throws(UsageError) { try option.read(&arguments, word) } catch {
      // The option has not been written here.
      var message = error.message[...]
      for prefix in ["'\(option.name) \(word)': ", "'\(option.name)': "]
      where message.hasPrefix(prefix) { message = message.dropFirst(prefix.count) }
      throw UsageError("'\(field.name)' is '\(word)': \(message)")
    }
  }

  private func setSeverities(_ settings: inout Settings) throws(UsageError) {
    for member in value.members {
      for pattern in try ruleNames(member.key) {
        settings.severities.append(
          .init(pattern: pattern, level: Level(rawValue: member.value.text ?? "")))
      }
    }
  }
}

extension JSONTree {
  /// Extents as `--input-shape` takes them.
  fileprivate var extents: String {
    guard case .list(let values, _) = self else { return text ?? "" }
    return values.isEmpty ? "scalar" : values.compactMap(\.word).joined(separator: "x")
  }
}
