import Cost
import Graph
import Rules

/// The findings and the energy of models when somebody wrote them down, one to a line.
///
/// Models are known by their paths from the file's folder, findings by rule and structure.
struct BaselineFile: Sendable {
  static let schema = "nncost-baseline/1"
  /// The file where nobody names one.
  static let name = ".nncost-baseline.json"

  let path: String
  let folder: FilePath
  var models: [Model] = []
  var findings: [Finding] = []

  struct Model: Sendable {
    var path: String
    /// The table and the way of running that its figures are of.
    var conditions: String
    var joulesPerInference: Double
  }

  struct Finding: Sendable {
    var path: String
    var entry: Baseline.Entry
  }

  /// A file yet to be written.
  init(new path: String) {
    self.path = path
    folder = FilePath(path).folder ?? FilePath(path)
  }

  /// Reads the file at `path`.
  init(_ path: String) throws(UsageError) {
    self.init(new: path)
    let bytes: [UInt8]
    do throws(FormatError) {
      let file = try MappedFile(path)
      bytes = file.bytes.indices.map { file.bytes[$0] }
    } catch {
      throw UsageError("\(path): \(error); '--write-baseline \(path)' makes one")
    }
    do throws(FormatError) {
      var reader = JSONReader(bytes.span)
      let root = try JSONTree(&reader)
      try reader.end()
      try Field.check(root, Self.form, in: "the baseline")
      guard root["schema"]?.value.text == Self.schema else {
        throw FormatError("this program reads '\(Self.schema)'", at: .byte(root.place))
      }
      for tree in root["models"]?.value.elements ?? [] { models.append(try Self.model(tree)) }
      for tree in root["findings"]?.value.elements ?? [] {
        findings.append(try Self.finding(tree))
      }
    } catch {
      throw UsageError("\(path): \(error.located(in: bytes.span))")
    }
  }

  private static let form = [
    Field("schema", .text, "the version of the form"),
    Field(
      "models",
      .list([
        Field("path", .text, "seen from this file"),
        Field("conditions", .text, "table and way of running"),
        Field("joules_per_inference", .number, "central figure"),
      ]), "the models, one to a line"),
    Field(
      "findings",
      .list([
        Field("path", .text, "the model"), Field("rule", .text, "its code"),
        Field("name", .text, "its name, for people"),
        Field("fingerprint", .text, "rule and structure of the places"),
        Field("places", .count, "how many look alike"),
        Field("saving_joules", .number, "of one execution"),
      ]), "the findings, one to a line"),
  ]

  private static func model(_ tree: JSONTree) throws(FormatError) -> Model {
    guard let path = tree["path"]?.value.text, let conditions = tree["conditions"]?.value.text,
      let joules = tree["joules_per_inference"]?.value.number
    else { throw FormatError("a model without path, conditions or figure", at: .byte(tree.place)) }
    return Model(path: path, conditions: conditions, joulesPerInference: joules)
  }

  private static func finding(_ tree: JSONTree) throws(FormatError) -> Finding {
    guard let path = tree["path"]?.value.text, let code = tree["rule"]?.value.text,
      let fingerprint = tree["fingerprint"]?.value.text,
      let places = tree["places"]?.value.number.flatMap({ Int(exactly: $0) }),
      let joules = tree["saving_joules"]?.value.number
    else {
      throw FormatError(
        "a finding without path, rule, fingerprint or figures", at: .byte(tree.place))
    }
    return Finding(
      path: path,
      entry: .init(code: code, fingerprint: fingerprint, places: places, joules: joules))
  }
}

extension BaselineFile {
  /// The table and the way of running that the figures of an estimate are of, as one word.
  static func conditions(_ estimate: Estimate) -> String {
    [
      estimate.device.name, String(estimate.device.sha256.prefix(16)),
      estimate.scenario.runtime.rawValue, estimate.scenario.precision?.rawValue ?? "as-is",
      "batch-\(estimate.analysis.binding.batch)", Program.version,
    ].joined(separator: " ")
  }

  func name(of model: String) -> String { FilePath(model).relative(to: folder) }

  /// The findings that the model at `path` had.
  func baseline(of path: String, _ estimate: Estimate) -> Baseline {
    let name = name(of: path)
    let model = models.first { $0.path == name }
    return Baseline(
      entries: findings.filter { $0.path == name }.map(\.entry),
      isComparable: model?.conditions == Self.conditions(estimate))
  }

  /// The joules that an inference of the model at `path` took; nil where the model is new.
  ///
  /// Throws where they are of another table, or of another way of running.
  func joulesPerInference(of path: String, _ estimate: Estimate) throws(InputError) -> Double? {
    let name = name(of: path)
    guard let model = models.first(where: { $0.path == name }) else { return nil }
    let conditions = Self.conditions(estimate)
    guard model.conditions == conditions else {
      throw InputError(
        code: "baseline",
        message: "\(self.path) has figures of '\(model.conditions)', which cannot be compared with"
          + " '\(conditions)'; cost the base again with '--write-baseline \(self.path)'")
    }
    return model.joulesPerInference
  }

  /// Takes down what was found in the model at `path`.
  mutating func add(_ costed: Costed, at path: String) {
    let name = name(of: path)
    models.append(
      Model(
        path: name, conditions: Self.conditions(costed.estimate),
        joulesPerInference: costed.estimate.joulesPerInference.value))
    guard let lint = costed.lint else { return }
    findings += Baseline.entries(of: lint).map { Finding(path: name, entry: $0) }
  }

  /// The file, its lines sorted by path, rule and fingerprint.
  var bytes: [UInt8] {
    var json = JSONWriter(brokenDepth: 2)
    json.object { json in
      json.member("schema", Self.schema)
      json.array("models", models.sorted { $0.path < $1.path }) { json, model in
        json.object { json in
          json.member("path", model.path)
          json.member("conditions", model.conditions)
          json.member("joules_per_inference", model.joulesPerInference)
        }
      }
      let sorted = findings.sorted {
        ($0.path, $0.entry.code, $0.entry.fingerprint)
          < ($1.path, $1.entry.code, $1.entry.fingerprint)
      }
      json.array("findings", sorted) { json, finding in
        json.object { json in
          json.member("path", finding.path)
          json.member("rule", finding.entry.code)
          json.member(
            "name", allRules.first { $0.page.code == finding.entry.code }?.page.name)
          json.member("fingerprint", finding.entry.fingerprint)
          json.member("places", finding.entry.places)
          json.member("saving_joules", finding.entry.joules)
        }
      }
    }
    json.endLine()
    return json.bytes
  }
}
