/// The settings that somebody has given for a model, each with the word that holds and where it was said.
struct Origins {
  struct Row: Hashable {
    /// As the file has it: `usage.batch`.
    var key: String
    var value: String
    /// `nncost.json:4:12`, `NNCOST_DEVICE` or `--batch`.
    var origin: String
  }

  private(set) var rows: [Row] = []

  init(_ given: Arguments, _ file: ConfigurationFile?, for model: String, on terminal: Terminal) {
    if let file {
      for layer in Layer.all(file, for: model == "-" ? nil : FilePath(model)) {
        for entry in layer.given() {
          let key = entry.path.joined(separator: ".")
          for (suffix, value) in entry.value.shown {
            set(key + suffix, value, layer.file.origin(entry.place))
          }
        }
      }
    }
    if !given.isIsolated {
      for (variable, field) in ConfigurationForm.variables {
        guard let word = terminal.variables[variable], !word.isEmpty else { continue }
        set(Self.key(of: field.option ?? "") ?? field.name, word, variable)
      }
    }
    for word in given.given where word.option.group != .configuration {
      // Options that may be repeated add up.
      let key = Self.key(of: word.option.name) ?? word.option.name
      set(key, word.option.value == nil ? "yes" : word.text, word.option.name)
    }
  }

  private mutating func set(_ key: String, _ value: String, _ origin: String) {
    let row = Row(key: key, value: value, origin: origin)
    if let index = rows.firstIndex(where: { $0.key == key }) {
      rows[index] = row
    } else {
      rows.append(row)
    }
  }

  /// The key whose option is called so.
  private static func key(of option: String) -> String? {
    func find(_ fields: [Field], _ path: [String]) -> String? {
      for field in fields {
        let path = path + [field.name]
        if case .object(let fields) = field.kind, let key = find(fields, path) { return key }
        if field.option == option { return path.joined(separator: ".") }
      }
      return nil
    }
    // Two keys share an option, and the option itself says which of them is meant.
    return option == "--min-saving"
      ? nil : find(ConfigurationForm.settings + ConfigurationForm.record, [])
  }
}

extension JSONTree {
  /// The value as people read it, that of a map key by key.
  fileprivate var shown: [(suffix: String, value: String)] {
    guard case .object(let members, _) = self else { return [("", word ?? "")] }
    return members.map { (".\($0.key)", $0.value.word ?? "") }
  }
}
