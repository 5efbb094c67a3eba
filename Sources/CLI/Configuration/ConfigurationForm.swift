import Cost
import Rules

/// The form of a configuration file.
enum ConfigurationForm {
  /// What a file may have.
  static let file: [Field] =
    [
      Field("$schema", .text, "where editors find the schema; not read"),
      Field("extends", .text, "another file, which holds wherever this one says nothing"),
    ] + settings + [
      Field("budgets", .list(budget), "limits on energy or CO2e"),
      Field("ignore", .list(ignore), "findings that are known and accepted"),
      Field("candidates", .object(candidates), "models that do the same, with what they score"),
      Field("overrides", .list([paths] + settings), "what holds for some models alone"),
    ] + record

  /// Which models are looked at, and what they are held against.
  static let record = [
    Field(
      "exclude", .texts, "globs of models and folders to leave out where a folder is given",
      option: "--exclude"),
    Field("baseline", .text, "file of findings that were there before", option: "--baseline"),
    Field(
      "max_increase", .text, "how much more an inference may take than in the baseline: \"3%\"",
      option: "--max-increase"),
  ]

  private static let paths = Field("paths", .texts, "globs of the models meant")

  /// What may be said for all models and for some.
  static let settings: [Field] = [
    Field(
      "device", .text, "name of a device, or the file of a table", option: "--device",
      hasVariable: true),
    Field(
      "runtime", words(Runtime.self), "how the graph is turned into kernels", option: "--runtime",
      hasVariable: true),
    Field(
      "precision", words(Precision.self), "what arithmetic and weights are cast to",
      option: "--precision", hasVariable: true),
    Field("per", words(Per.self), "what figures for people are divided by", option: "--per"),
    Field("usage", .object(usage), "what the model is used for, how much, and where"),
    Field("training", .object(training), "how the model is trained"),
    Field("inputs", .map(.extents), "extents of inputs by name", option: "--input-shape"),
    Field("dims", .map(.count), "numbers for named dimensions", option: "--dim"),
    Field("rules", .object(rules), "which rules are run, and how loud they are"),
    Field(
      "fail_on", .choice(["error", "warning", "info", "never"]), "least finding that fails",
      option: "--fail-on"),
    Field("strict", .flag, "an undecided budget fails too", option: "--strict"),
  ]

  private static let usage: [Field] = [
    Field(
      "batch", .count, "inferences made at once", option: "--batch", hasVariable: true),
    Field(
      "inferences", .amount, "inferences in all, or a rate: \"3e7/month\"", option: "--inferences"),
    Field("inferences_per_month", .number, "a rate of inferences, in the place of 'inferences'"),
    Field("lifetime", .text, "how long the model is in use: \"18 months\"", option: "--lifetime"),
    Field("boards", .count, "boards kept ready", option: "--boards"),
    Field(
      "region", .text, "grid by country or cloud, one of 'nncost regions'", option: "--region",
      hasVariable: true),
    Field(
      "grams_per_kwh", .number, "CO2e of a kilowatt-hour, in the place of a region",
      option: "--grams-per-kwh", hasVariable: true),
    Field(
      "pue", .number, "energy of the building for each of its machines", option: "--pue",
      hasVariable: true),
    Field("regions", .texts, "grids that may be used, for rules to compare"),
    Field(
      "task", words(Purpose.Task.self),
      "what is wanted of a model that reads text: the last position"),
  ]

  private static let training: [Field] = [
    Field("dataset_size", .count, "examples in an epoch", option: "--dataset-size"),
    Field("epochs", .count, "passes over the examples", option: "--epochs"),
    Field("batch", .count, "examples that go through the model at once", option: "--train-batch"),
    Field(
      "optimizer", words(TrainingRun.Optimizer.self), "what updates the parameters",
      option: "--optimizer"),
    Field("accumulate", .count, "batches to an update", option: "--accumulate"),
    Field(
      "checkpointing", .flag, "keep few activations, and compute the others once more",
      option: "--checkpointing"),
    Field(
      "overhead", .number, "price training as inferences, of which this share comes on top",
      option: "--training-overhead"),
    Field("trials", .count, "models trained in the search for the best one", option: "--trials"),
    Field(
      "search", words(Search.Method.self), "how the search picks its trials", option: "--search"),
  ]

  private static let candidates: [Field] = [
    Field("metric", .text, "what the score is of: \"accuracy\""),
    Field("scores", .map(.number), "what each model scores, by its path; more is better"),
  ]

  private static let rules: [Field] = [
    Field("select", .texts, "rules to run, by code, start of a code or name", option: "--select"),
    Field("ignore", .texts, "rules to leave out", option: "--ignore"),
    Field(
      "severity", .map(.choice(["off", "info", "warning", "error"])),
      "level of the findings of a rule, by code, start of a code or name"),
    Field(
      "min_saving",
      .object([
        Field("absolute", .text, "energy, like \"10 uJ/inf\"", option: "--min-saving"),
        Field("relative", .text, "share, like \"0.5%\"", option: "--min-saving"),
      ]), "least saving to report"),
  ]

  static let budget: [Field] = [
    Field("name", .text, "what reports call it; the limit if not given"),
    paths,
    Field("max", .text, "the limit, with a unit: \"11 mJ/inf\""),
    Field(
      "against", .text,
      "in the place of 'max': the revision whose common commit with HEAD is the base: \"merge-base:origin/main\""
    ),
    Field(
      "max_increase",
      .textOrObject([
        Field("relative", .text, "a share: \"3%\""),
        Field("absolute", .text, "an energy: \"0.2 mJ/inf\""),
      ]), "how much more than the base an inference may take; of two limits, both hold"),
    Field("warn_at", .text, "share of the limit that is worth a word: \"90%\""),
    Field(
      "decide", words(Budget.Decision.self),
      "which end of the interval is held against the limit; central if not given"),
    Field(
      "coverage_min", .text, "share of nodes that must be priced to pass; \"98%\" if not given"),
  ]

  static let ignore: [Field] = [
    Field("rules", .texts, "rules by code, start of a code or name"),
    paths,
    Field("nodes", .texts, "globs of names of nodes or modules"),
    Field("reason", .text, "why the finding is accepted"),
    Field("expires", .text, "day after which it is reported again: \"2027-03-31\""),
  ]

  private static func words<Choice: CaseIterable & RawRepresentable<String>>(_: Choice.Type)
    -> Field.Kind
  { .choice(Choice.allCases.map(\.rawValue)) }
}
