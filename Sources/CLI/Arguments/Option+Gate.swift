import Rules

// What models are held against: rules, budgets, a base, and the record of what was there before.

extension Option {
  static let rules = [
    taking(
      .rules, "--select", "CODES", "rules to run, by code, start of a code or name: NNC5,noop-node"
    ) {
      a, text throws(UsageError) in a.settings.selected += try ruleNames(text)
    },
    taking(.rules, "--ignore", "CODES", "rules to leave out") {
      a, text throws(UsageError) in a.settings.ignored += try ruleNames(text)
    },
    taking(
      .rules, "--min-saving", "AMOUNT",
      "least saving to report: \"10 uJ\" and \"0.5%\" are two floors, set apart"
    ) {
      a, text throws(UsageError) in try setFloor(&a.settings, text)
    },
  ]

  static let gate = [
    taking(
      .gate, "--budget", "LIMIT",
      "\"11 mJ/inf\", \"2 kWh/training\", \"900 gCO2e/month\": fail when exceeded; may be repeated"
    ) {
      a, text throws(UsageError) in a.budgets.append(try budget(text))
    },
    taking(
      .gate, "--fail-on", "LEVEL",
      "error (if not given), warning, info or never: least finding that fails"
    ) {
      a, text throws(UsageError) in a.failureLevel = try failureLevel(text)
    },
    flag(.gate, "--strict", "an undecided budget fails too") { $0.isStrict = true },
    flag(.gate, "--exit-zero", "end with 0 whatever findings and budgets say") {
      $0.exitZero = true
    },
  ]

  static let comparison = [
    taking(
      .comparison, "--base", "REV",
      "compare with the commit that REV and HEAD have in common, such as origin/main"
    ) {
      a, text throws(UsageError) in a.base = text
    },
    taking(
      .comparison, "--max-increase", "LIMIT",
      "\"3%\" or \"0.2 mJ/inf\": fail when an inference takes so much more than in the base or baseline"
    ) {
      a, text throws(UsageError) in
      a.maximumIncrease = try increase(text, beside: a.maximumIncrease)
    },
  ]

  static let record = [
    taking(
      .record, "--baseline", "FILE", "findings that were there before, which are told by number"
    ) {
      a, text throws(UsageError) in a.baseline = text
    }
  ]

  static let baseline = [
    taking(.baseline, "--write-baseline", "FILE", "write down the findings of this run") {
      a, text throws(UsageError) in a.newBaseline = text
    }
  ]

  static let budgets = [
    taking(
      .budget, "--headroom", "SHARE",
      "how far above what models take limits are set; 10% if not given"
    ) {
      a, text throws(UsageError) in a.headroom = try share("--headroom", text)
    }
  ]

  static let writing = [
    flag(.writing, "--dry-run", "say what would be written, and write nothing") {
      $0.isDryRun = true
    }
  ]
}
