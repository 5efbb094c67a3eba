import Foundation

/// One finished run of a program.
struct ProgramRun {
  let status: Int32
  let output: String
  let errors: String

  /// Runs the program to its end, with `environment` added to the test's own.
  init(_ program: URL, _ arguments: [String], _ environment: [String: String] = [:]) throws {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(environment) { _, given in given }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // The programs run here write less than a pipe holds, so one stream can be read after the other.
    self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    self.errors = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
  }

  /// Runs the built `nncost-calibrate`.
  static func calibrate(_ arguments: [String], _ environment: [String: String] = [:]) throws
    -> ProgramRun
  {
    try product("nncost-calibrate", arguments, environment)
  }

  /// Runs a program of this package.
  static func product(
    _ name: String, _ arguments: [String], _ environment: [String: String] = [:]
  ) throws -> ProgramRun {
    try ProgramRun(program(name), arguments, environment)
  }

  /// Where a program of this package is built: beside the test bundle.
  static func program(_ name: String) -> URL {
    #if os(macOS)
      let tests = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
    #else
      let tests = CommandLine.arguments.first.map { URL(fileURLWithPath: $0) }
    #endif
    let products = tests?.deletingLastPathComponent() ?? URL(fileURLWithPath: ".")
    return products.appendingPathComponent(name)
  }
}
