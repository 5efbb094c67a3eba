import Testing

@Suite struct ArgumentTests {
  @Test(arguments: [
    (["--frobnicate"], "unknown argument '--frobnicate'"),
    (["extra"], "unknown argument 'extra'"),
    (["--device"], "--device needs the number of a GPU, counted from 0"),
    (["--device", "one"], "--device needs the number of a GPU, counted from 0"),
    (["--device", "-1"], "--device needs the number of a GPU, counted from 0"),
  ])
  func `a wrong command line is exit status 2`(arguments: [String], message: String) throws {
    let run = try ProgramRun.calibrate(arguments)
    #expect(run.status == 2)
    #expect(run.errors == "nncost-calibrate: \(message); see nncost-calibrate --help\n")
    #expect(run.output.isEmpty)
  }

  @Test func `help names every option and says that nothing is measured`() throws {
    let run = try ProgramRun.calibrate(["--help"])
    #expect(run.status == 0)
    for word in [
      "--device", "--version", "--help", "NNCOST_NVML_LIBRARY", "NNCOST_CUDA_LIBRARY",
      "measures nothing yet",
    ] {
      #expect(run.output.contains(word))
    }
  }

  @Test func `the version is one line`() throws {
    let run = try ProgramRun.calibrate(["--version"])
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("nncost-calibrate "))
    #expect(run.output.filter { $0 == "\n" }.count == 1)
  }
}
