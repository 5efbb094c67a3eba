import Rules

extension Run {
  /// Compares models before and after, and writes every report that was asked for.
  static func changes(_ arguments: Arguments, on terminal: Terminal) throws(UsageError) -> Reply {
    var plan = RunPlan(arguments, linting: true, comparing: true, on: terminal)
    let pairing = try Pairing(arguments) { path throws(UsageError) in try plan.isExcluded(path) }
    var runs: [Run] = []
    for pair in pairing.pairs { runs.append(try plan.run(for: pair.path)) }
    let first = if let run = runs.first { run } else { try plan.run(for: ".") }
    let paint = Paint(isOn: terminal.usesColor(arguments.color))
    var context = ChangeContext(
      arguments: first.arguments, device: first.device, revision: pairing.revision, paint: paint)
    if let revision = pairing.revision {
      // What holds for models that are the same may have changed.
      for path in pairing.unchanged { try plan.consider(path) }
      context.loosened = plan.configurations.flatMap {
        LoosenedLimits($0, since: revision).sentences
      }
    }
    let format = arguments.format ?? (terminal.isInteractive ? FullChange.name : ConciseChange.name)
    var reports: [any ChangeFormat] = [try changeFormat(format).init(context)]
    context.paint = Paint(isOn: false)
    for file in arguments.files { reports.append(try changeFormat(file.format).init(context)) }

    var reply = Reply()
    reply.messages = (pairing.warnings + plan.notes).map { "\(Program.name): \($0)" }
    var reason = ExitReason.clean
    var extents = Extents(arguments.request)
    for (pair, var run) in zip(pairing.pairs, runs) {
      run.extents = extents
      let entry = run.changeEntry(pair, against: arguments.base ?? pair.basePath ?? "the base")
      extents = run.extents
      switch entry.outcome {
      case .compared(let change):
        reason = max(reason, change.reason)
        let notes = (change.base?.notes ?? []) + (change.head?.notes ?? [])
        for (index, note) in notes.enumerated() where !notes[..<index].contains(note) {
          reply.messages.append("\(pair.path): \(note)".printable)
        }
      case .failed(let error):
        reason = max(reason, .input)
        if !type(of: reports[0]).holdsErrors {
          reply.messages.append(error.line(for: pair.path))
        }
      }
      for index in reports.indices { reports[index].add(entry) }
    }
    try extents.expectAllUsed()
    let texts = reports.indices.map { reports[$0].finish(reason, unchanged: pairing.unchanged) }
    reply.output = texts[0]
    reply.files = zip(arguments.files, texts.dropFirst()).map { .init(path: $0.path, bytes: $1) }
    reply.exit = reason.exit(exitZero: arguments.exitZero)
    return reply
  }

  private mutating func changeEntry(_ pair: Pair, against name: String) -> ChangeEntry {
    do throws(InputError) {
      return ChangeEntry(pair: pair, outcome: .compared(try change(pair, against: name)))
    } catch {
      return ChangeEntry(pair: pair, outcome: .failed(error))
    }
  }
}

extension ModelChange {
  /// Why the run should fail because of this change, if at all: limits, and findings that are new.
  fileprivate var reason: ExitReason {
    guard var head else { return .clean }
    head.budgets = budgets
    head.lint?.findings = newFindings
    return head.reason
  }
}
