import Foundation
import Testing

@testable import CLI

private func script(_ shell: String) throws -> String {
  var arguments = Arguments()
  arguments.operands = [shell]
  let terminal = Terminal(isInteractive: false) { _ in nil }
  let reply = try CompletionsCommand.run(arguments, on: terminal)
  return String(decoding: reply.output, as: UTF8.self)
}

/// What bash offers for the last of `words`.
private func offered(_ words: [String]) throws -> [Substring] {
  let process = Process()
  process.executableURL = URL(filePath: "/bin/bash")
  let line = words.map { "'\($0)'" }.joined(separator: " ")
  process.arguments = [
    "-c",
    try script("bash")
      + "\nCOMP_WORDS=(\(line)); COMP_CWORD=\(words.count - 1); _nncost; printf '%s\\n' \"${COMPREPLY[@]}\"",
  ]
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  #expect(process.terminationStatus == 0)
  return text.split(separator: "\n")
}

@Test(
  .enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash")),
  arguments: [
    (["nncost", "co"], ["cost", "config", "completions"]),
    (["nncost", "cost", "--prec"], ["--precision"]),
    (["nncost", "cost", "--precision", "f"], ["fp32", "fp16"]),
    (["nncost", "lint", "--device", "t4"], ["t4"]),
    (["nncost", "lint", "--fail-on", ""], ["error", "warning", "info", "never"]),
    (["nncost", "explain", "NNC50"], ["NNC501", "NNC505", "NNC506", "NNC507"]),
    (["nncost", "rules", "--js"], ["--json"]),
  ])
func `bash completes commands, options and values`(words: [String], choices: [String]) throws {
  #expect(Set(try offered(words)) == Set(choices.map { $0[...] }))
}

@Test func `every command and option is in every script`() throws {
  for shell in ["bash", "zsh", "fish"] {
    let script = try script(shell)
    for command in allCommands { #expect(script.contains(command.name)) }
    for option in Option.table { #expect(script.contains(option.name.dropFirst(2))) }
  }
}

@Test func `another shell is told by name`() {
  #expect(throws: UsageError.self) { try script("bas") }
}
