import BenchmarkKernels

/// What a table gets wrong, kernel by kernel, as a table with commas that plots are made from.
enum ResidualReport {
  static let columns = [
    "kernel", "class", "type", "provider", "problem", "operations", "bytes", "samples",
    "measured_s", "predicted_s", "time_error_pct", "measured_j", "predicted_j",
    "energy_error_pct", "capped",
  ]

  static func text(_ residuals: [TableFit.Residual]) -> String {
    columns.joined(separator: ",") + "\n" + residuals.map(line).joined()
  }

  private static func line(_ residual: TableFit.Residual) -> String {
    let subject = residual.subject
    func error(_ measured: Double, _ predicted: Double?) -> String {
      predicted.map { oneDigit(100 * ($0 / measured - 1)) } ?? ""
    }
    let (seconds, joules) = (residual.seconds, residual.joules)
    let work = subject.work
    var fields = [
      subject.name, subject.kernelClass.rawValue, subject.type.rawValue, subject.provider,
      subject.problem.text, "\(work.operations)", "\(work.bytes + work.cachedBytes)",
      "\(residual.samples)", "\(seconds.measured)",
    ]
    fields += [seconds.predicted.map { "\($0)" } ?? "", error(seconds.measured, seconds.predicted)]
    if let joules {
      fields += [
        "\(joules.measured)", "\(joules.predicted)", error(joules.measured, joules.predicted),
      ]
    } else {
      fields += ["", "", ""]
    }
    fields.append(residual.isCapped ? "1" : "0")
    return fields.joined(separator: ",") + "\n"
  }
}
