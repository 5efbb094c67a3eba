import Testing

@testable import CLI

@Test(arguments: [
  (true, [:], true), (false, [:], false), (true, ["TERM": "dumb"], false),
  (true, ["NO_COLOR": "1"], false), (true, ["NO_COLOR": ""], true),
  (false, ["FORCE_COLOR": "1"], true), (true, ["FORCE_COLOR": "0"], false),
  (true, ["NO_COLOR": "1", "FORCE_COLOR": "1"], false),
  (false, ["FORCE_COLOR": "1", "TERM": "dumb"], true),
])
func `colour is for terminals, unless the environment says otherwise`(
  isInteractive: Bool, environment: [String: String], hasColor: Bool
) {
  let terminal = Terminal(isInteractive: isInteractive) { environment[$0] }
  #expect(terminal.hasColor == hasColor)
  #expect(!terminal.usesColor(.never))
  #expect(terminal.usesColor(.always))
}
