import Rules

extension Run {
  /// Costs what `words` stand for, one after another, and hands each on with the run that it was costed by.
  ///
  /// Returns what the user should know, and why the run should fail, if an input could not be costed.
  static func each(
    of words: [String], _ arguments: Arguments, applyingRules: Bool, on terminal: Terminal,
    _ visit: (Entry, Run) -> Void
  ) throws(UsageError) -> (messages: [String], reason: ExitReason) {
    var plan = RunPlan(arguments, linting: true, on: terminal)
    let inputs = try plan.inputs(words)
    var runs: [Run] = []
    for path in inputs.paths {
      var run = try plan.run(for: path)
      run.isLinting = applyingRules
      runs.append(run)
    }
    var messages = (inputs.warnings + plan.notes).map { "\(Program.name): \($0)" }
    var reason = ExitReason.clean
    var extents = Extents(arguments.request)
    for (path, var run) in zip(inputs.paths, runs) {
      run.extents = extents
      let entry = run.entry(path)
      extents = run.extents
      switch entry.outcome {
      case .costed(let costed):
        messages += costed.notes.map { "\(path): \($0)".printable }
      case .failed(let error):
        reason = .input
        messages.append(error.line(for: path))
      }
      visit(entry, run)
    }
    try extents.expectAllUsed()
    return (messages, reason)
  }
}
