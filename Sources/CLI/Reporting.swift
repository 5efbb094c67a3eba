/// Costs the inputs and writes every report that was asked for.
func report(_ arguments: Arguments, on terminal: Terminal) throws(UsageError) -> Reply {
  let format = arguments.format ?? (terminal.isInteractive ? "json" : "json")
  guard let type = allReports.first(where: { $0.name == format }) else {
    throw UsageError(unknown: "format", format, among: allReports.map { $0.name })
  }
  let device = try device(arguments.device)
  let context = ReportContext(
    arguments: arguments, device: device, hasColor: terminal.usesColor(arguments.color))
  var report = type.init(context)
  var run = Run(arguments, on: device)
  var reply = Reply()
  var reason = ExitReason.clean

  let inputs = Inputs(arguments.operands)
  reply.messages = inputs.warnings.map { "\(Program.name): \($0)" }
  for path in inputs.paths {
    let entry = run.entry(path)
    if case .failed(let error) = entry.outcome {
      reason = max(reason, .input)
      if !type.holdsErrors { reply.messages.append(error.line(for: path)) }
    }
    report.add(entry)
  }
  try run.expectAllUsed()
  reply.output = report.finish(reason)
  reply.exit = reason.exit(exitZero: arguments.exitZero)
  return reply
}

extension InputError {
  /// The error as standard error shows it: `models/det.onnx: byte 1042: …`.
  func line(for path: String) -> String {
    ([path] + [place, message].compactMap { $0 }).joined(separator: ": ")
  }
}
