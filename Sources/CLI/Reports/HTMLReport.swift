import Cost
import Graph
import Rules

/// One page that needs nothing else: a section for each model, with its findings, where its energy goes, its kernels under
/// the roofs of the device, and its modules as areas.
struct HTMLReport: ReportFormat {
  static let name = "html"
  static let holdsErrors = true

  private let context: ReportContext
  private var sections = ""
  private var paths: Set<String> = []
  /// The boards that models were costed on, in order of occurrence.
  private var boards: [String] = []

  init(_ context: ReportContext) { self.context = context }

  mutating func add(_ entry: Entry) {
    paths.insert(entry.path)
    sections += "<section>\n<h2>\(entry.path.markup)</h2>\n"
    switch entry.outcome {
    case .failed(let error):
      sections += "<p class=\"error\">Could not be costed: \(error.text.markup)</p>\n"
    case .costed(let costed):
      let device = costed.estimate.device
      let board = "\(device.title) (\(device.provenance.kind.words))"
      if !boards.contains(board) { boards.append(board) }
      sections += section(costed)
    }
    sections += "</section>\n"
  }

  mutating func finish(_: ExitReason) -> [UInt8] {
    let device = context.device
    let boards =
      self.boards.isEmpty ? ["\(device.title) (\(device.provenance.kind.words))"] : self.boards
    var page = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    page += "<title>\(Program.name)</title>\n<style>\n\(HTMLStyle.text)</style>\n</head>\n<body>\n"
    page += "<header><h1>\(Program.name)</h1>\n<p>\(counted(paths.count, "model")) on "
    page += "\(boards.joined(separator: ", ").markup); intervals are nine in ten.</p></header>\n"
    return Array((page + sections + "</body>\n</html>\n").utf8)
  }

  private func section(_ costed: Costed) -> String {
    let portion = Portion(costed.arguments.per, of: costed.throughput)
    let estimate = costed.estimate
    var html = "<p class=\"figures\"><b>\(costed.joulesText(portion))</b>"
    html += " · \(costed.secondsText(portion))"
    html += " · \(Number.text(estimate.watts, unit: "W"))"
    html += " · \(costed.conditions.joined(separator: " · ").markup)</p>\n"
    html += lines(costed) + findings(costed, portion)
    html += layers(costed, portion)
    if let plot = RooflinePlot(estimate).svg {
      html += "<h3>Kernels under the roofs of \(estimate.device.name.markup)</h3>\n\(plot)"
    }
    if let plot = TreemapPlot(estimate, per: portion).svg {
      html += "<h3>Energy by module</h3>\n\(plot)"
    }
    let footer = Footer(costed, isVerbose: context.arguments.isVerbose).text
    return html + "<p class=\"footer\">\(footer.markupLines)</p>\n"
  }

  /// Training, lifecycle and budgets, where there are any.
  private func lines(_ costed: Costed) -> String {
    let isPartial = costed.estimate.isPartial(costed.totals)
    var texts: [String] = []
    if let training = costed.training {
      let assumptions = costed.arguments.training.assumptions
      texts.append(
        TrainingWords(training, isPartial: isPartial, assumptions: assumptions).text)
    }
    if let lifecycle = costed.lifecycle {
      texts.append(
        LifecycleWords(
          lifecycle, withEquivalences: costed.arguments.lifecycle.withEquivalences,
          isPartial: isPartial
        ).text)
    }
    texts += costed.budgets.map { "\($0.line(Paint(isOn: false)))\n" }
    return texts.map { "<pre>\($0.markupLines)</pre>\n" }.joined()
  }

  private func findings(_ costed: Costed, _ portion: Portion) -> String {
    guard let lint = costed.lint else { return "" }
    guard !lint.findings.isEmpty else { return "<p>No findings.</p>\n" }
    var html = "<h3>Findings</h3>\n<table>\n<tr><th>saves</th><th>finding</th><th>where</th>"
    html += "<th>why, and what to do</th></tr>\n"
    for finding in lint.findings {
      let all = finding.landmarks
      let more = all.count > 3 ? " and \(all.count - 3) more" : ""
      let places = all.isEmpty ? "the model" : all.prefix(3).joined(separator: ", ") + more
      html += "<tr><td class=\"number\">"
      html += "\(finding.briefWorth(portion).dropFirst(prefix: "saves ").markup)</td>"
      html += "<td><span class=\"\(finding.level.rawValue)\">\(finding.level.rawValue)</span> "
      html += "\(finding.code.markup) \(finding.name.markup)</td><td>\(places.markup)</td>"
      html += "<td>\(finding.message.markup); <em>\(finding.fix.markup)</em></td></tr>\n"
    }
    return html + "</table>\n"
  }

  private func layers(_ costed: Costed, _ portion: Portion) -> String {
    let sums = costed.estimate.layerSums
    let total = sums.reduce(0) { $0 + $1.joules }
    guard total > 0 else { return "" }
    var html = "<h3>Energy by layer class</h3>\n<table class=\"bars\">\n"
    for sum in sums {
      let share = sum.joules / total
      html += "<tr><td>\(sum.layer.rawValue)</td><td class=\"number\">"
      html += "\(Number.text(sum.joules / portion.count, unit: "J/\(portion.symbol)").markup)</td>"
      html += "<td class=\"number\">\(Number.percent(share))</td>"
      html +=
        "<td class=\"bar\"><div style=\"width:\(SVG.number(share * 100))%\"></div></td></tr>\n"
    }
    return html + "</table>\n"
  }
}

extension String {
  /// The text as markup, line by line.
  fileprivate var markupLines: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { String($0).markup }
      .joined(separator: "\n")
  }
}
