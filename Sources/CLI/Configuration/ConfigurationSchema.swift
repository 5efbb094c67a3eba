// The form of a configuration file, written down for editors and for people.

extension ConfigurationForm {
  /// The form as a JSON Schema, from which editors complete and check.
  static var schema: String {
    var json = JSONWriter(brokenDepth: 12)
    json.object { json in
      json.member("$schema", "https://json-schema.org/draft/2020-12/schema")
      json.member("title", "\(Program.name) configuration")
      json.object(of: file)
    }
    json.endLine()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  /// A file to start from.
  static let example = """
    // The settings of \(Program.name) for the models in this folder and below; '\(Program.name) config schema' lists all keys.
    {
      "device": "t4",
      "usage": {
        "batch": 1,
        // "inferences": "3e7/month",
        // "region": "DE",
        // "pue": 1.2,
      },
      "rules": {
        "severity": {
          // "NNC435": "info",
        },
        "min_saving": { "absolute": "10 uJ/inf", "relative": "0.5%" },
      },
      "fail_on": "error",
      "budgets": [
        // { "name": "detector", "paths": ["models/det*.onnx"], "max": "11 mJ/inf", "warn_at": "90%" },
      ],
      "ignore": [
        // { "rules": ["NNC501"], "paths": ["models/det.onnx"], "nodes": ["/head/**"], "reason": "why it stays" },
      ],
    }

    """
}

extension JSONWriter {
  fileprivate mutating func object(of fields: [Field]) {
    member("type", "object")
    members(fields)
  }

  private mutating func members(_ fields: [Field]) {
    object("properties") { json in
      for field in fields {
        json.object(field.name) { json in
          json.member("description", field.meaning)
          json.kind(field.kind)
        }
      }
    }
    member("additionalProperties", false)
  }

  private mutating func kind(_ kind: Field.Kind) {
    switch kind {
    case .text: member("type", "string")
    case .number: member("type", "number")
    case .count:
      member("type", "integer")
      member("minimum", 1)
    case .flag: member("type", "boolean")
    case .choice(let words): member("enum", words)
    case .amount: member("type", ["number", "string"])
    case .texts:
      member("type", "array")
      object("items") { $0.member("type", "string") }
    case .extents:
      member("type", ["array", "string"])
      object("items") { $0.member("type", "integer") }
    case .object(let fields): object(of: fields)
    case .textOrObject(let fields):
      member("type", ["string", "object"])
      members(fields)
    case .list(let fields):
      member("type", "array")
      object("items") { $0.object(of: fields) }
    case .map(let kind):
      member("type", "object")
      object("additionalProperties") { $0.kind(kind) }
    }
  }
}
