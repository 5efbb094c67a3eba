import Rules

extension Run {
  /// Costs the inputs and writes every report that was asked for.
  static func reply(to arguments: Arguments, linting: Bool, on terminal: Terminal)
    throws(UsageError) -> Reply
  {
    var plan = RunPlan(arguments, linting: linting, on: terminal)
    let inputs = try plan.inputs(arguments.operands)
    try arguments.checkFix(of: inputs.paths)
    var runs: [(path: String, run: Run)] = []
    for path in inputs.paths { for run in try plan.runs(for: path) { runs.append((path, run)) } }
    let first = if let run = runs.first?.run { run } else { try plan.run(for: ".") }
    let context = ReportContext(
      arguments: first.arguments, device: first.device, isLinting: linting,
      paint: Paint(isOn: terminal.usesColor(arguments.color)))
    var plain = context
    plain.paint = Paint(isOn: false)
    let format = arguments.format ?? (terminal.isInteractive ? FullReport.name : ConciseReport.name)
    var reports: [any ReportFormat] = [try reportFormat(format).init(context)]
    for file in arguments.files { reports.append(try reportFormat(file.format).init(plain)) }

    var reply = Reply()
    reply.messages = (inputs.warnings + plan.notes).map { "\(Program.name): \($0)" }
    var reason = ExitReason.clean
    var extents = Extents(arguments.request)
    var exceptions = Exceptions()
    var baseline = arguments.newBaseline.map { BaselineFile(new: $0) }
    var lost: String?
    // What cannot be read for one device is said once.
    for (path, var run) in runs where path != lost {
      run.extents = extents
      let entry = run.entry(path)
      extents = run.extents
      switch entry.outcome {
      case .costed(let costed):
        reason = max(reason, costed.reason)
        reply.messages += costed.notes.map { "\(path): \($0)".printable }
        exceptions.add(costed, at: path)
        baseline?.add(costed, at: path)
      case .failed(let error):
        reason = max(reason, .input)
        lost = path
        if !type(of: reports[0]).holdsErrors { reply.messages.append(error.line(for: path)) }
      }
      for index in reports.indices { reports[index].add(entry) }
    }
    try extents.expectAllUsed()
    reply.messages += exceptions.notes.map { "\(Program.name): \($0)".printable }

    let texts = reports.indices.map { reports[$0].finish(reason) }
    reply.output = texts[0]
    reply.files = zip(arguments.files, texts.dropFirst()).map { .init(path: $0.path, bytes: $1) }
    if let baseline { reply.files.append(.init(path: baseline.path, bytes: baseline.bytes)) }
    reply.exit = reason.exit(exitZero: arguments.exitZero)
    return reply
  }
}

extension Arguments {
  /// Throws where a fixed model would overwrite another file of the run, or has no one file to go to.
  fileprivate func checkFix(of paths: [String]) throws(UsageError) {
    guard let fixedFile else { return }
    guard wantsFix else { throw UsageError("'-o \(fixedFile)' is for '--fix'") }
    guard paths.count == 1 else {
      throw UsageError("'-o \(fixedFile)' takes one model, but there are \(paths.count)")
    }
    let target = FileStatus(fixedFile)
    guard target?.isFolder != true else {
      throw UsageError("'-o \(fixedFile)' is a folder; name the file")
    }
    guard target == nil || target?.identity != FileStatus(paths[0])?.identity else {
      throw UsageError("'-o \(fixedFile)' is the model itself, which is never overwritten")
    }
  }
}

/// The format of that name.
func reportFormat(_ name: String) throws(UsageError) -> any ReportFormat.Type {
  guard let format = allReports.first(where: { $0.name == name }) else {
    throw UsageError(unknown: "format", name, among: allReports.map { $0.name })
  }
  return format
}
