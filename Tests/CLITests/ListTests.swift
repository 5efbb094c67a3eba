import Foundation
import Testing

@testable import CLI

/// The names of the files in a folder of the program.
private func files(in folder: String) throws -> [String] {
  let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  return try FileManager.default.contentsOfDirectory(
    atPath: root.appending(path: "Sources/CLI/\(folder)").path)
}

@Test func `every command in the folder is in the list`() throws {
  let listed = allCommands.map { "\($0).swift" }
  #expect(try files(in: "Commands").sorted() == listed.sorted())
}

@Test func `every report in the folder is in the list`() throws {
  let listed = allReports.map { "\($0)" }
  for file in try files(in: "Reports") where file.hasSuffix("Report.swift") {
    #expect(listed.contains(String(file.dropLast(6))), "\(file) is not in allReports")
  }
}

@Test func `every report of changes in the folder is in the list`() throws {
  let listed = allChangeFormats.map { "\($0)" }
  for file in try files(in: "Comparison/Reports") where file.hasSuffix("Change.swift") {
    #expect(listed.contains(String(file.dropLast(6))), "\(file) is not in allChangeFormats")
  }
}

@Test func `every command says what it does`() {
  for command in allCommands {
    #expect(command.summary.first?.isLowercase == true && !command.summary.hasSuffix("."))
    #expect(Help.text(of: command).contains("usage: nncost \(command.name)"))
    #expect(Help.overview.contains(command.summary))
  }
}

@Test func `every option of every command is told by its help`() {
  for command in allCommands {
    let help = Help.text(of: command)
    for option in command.options { #expect(help.contains(option.usage)) }
  }
}

@Test func `help looks as recorded`() throws {
  try expectSnapshot(Help.text(of: LintCommand.self), "help-lint.txt")
}
