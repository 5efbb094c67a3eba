// What is written, and where.

extension Option {
  static let reports = [
    taking(
      .reports, "--format", short: "f", "FORMAT",
      "\(allReports.map { $0.name }.joined(separator: ", ")); full on a terminal, else concise"
    ) {
      a, text throws(UsageError) in a.format = try reportName(text)
    },
    flag(.reports, "--tensors", "list the type and shape of every tensor (JSON)") {
      $0.withTensors = true
    },
    flag(.reports, "--kernels", "list what the device would launch, with its extents (JSON)") {
      $0.withKernels = true
    },
  ]

  static let changes = [
    taking(
      .changes, "--format", short: "f", "FORMAT",
      "\(allChangeFormats.map { $0.name }.joined(separator: ", ")); full on a terminal, else concise"
    ) {
      a, text throws(UsageError) in a.format = try changeFormat(text).name
    }
  ]

  static let output = [
    taking(.output, "--output", "FORMAT=PATH", "write a report to a file too; may be repeated") {
      a, text throws(UsageError) in a.files.append(try outputFile(text))
    },
    taking(.output, "--top", "N", "how many nodes (cost) or findings (lint) to show") {
      a, text throws(UsageError) in a.top = try positive("--top", text)
    },
    flag(.output, "--quiet", short: "q", "only findings and failed budgets") { $0.isQuiet = true },
    flag(.output, "--verbose", short: "v", "every node of a finding, every reason") {
      $0.isVerbose = true
    },
    taking(
      .output, "--color", names(Arguments.ColorChoice.self),
      "colour on terminals, everywhere or nowhere"
    ) {
      a, text throws(UsageError) in a.color = try choice("choice", text)
    },
  ]

  static let dump = [
    flag(.dump, "--metadata", "write what exporters left at nodes too, as comments") {
      $0.withMetadata = true
    }
  ]
}
