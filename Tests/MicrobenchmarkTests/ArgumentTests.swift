import Cost
import Testing

@testable import Microbenchmark

@Suite struct ArgumentTests {
  @Test(arguments: [
    (["--frobnicate"], "unknown argument '--frobnicate'"),
    (["extra"], "unknown argument 'extra'"),
    (["--device"], "--device needs the number of a GPU, counted from 0"),
    (["--device", "one"], "--device needs the number of a GPU, counted from 0"),
    (["--device", "-1"], "--device needs the number of a GPU, counted from 0"),
    (["--output"], "--output needs a file"),
    (["--lock-clocks", "fast"], "--lock-clocks needs a clock in megahertz"),
    (["fit"], "fit needs one file of samples"),
    (["fit", "a.csv", "b.csv"], "fit needs one file of samples"),
    (["compare", "a.json"], "compare needs two files, each a table or samples"),
    (["compare", "a.json", "b.json", "--within", "3"], "--within needs a share, such as 3%"),
    (["compare", "a.json", "b.json", "--within", "-3%"], "--within needs a share, such as 3%"),
  ])
  func `a wrong command line is exit status 2`(arguments: [String], message: String) throws {
    let run = try ProgramRun.calibrate(arguments)
    #expect(run.status == 2)
    #expect(run.errors == "nncost-calibrate: \(message); see nncost-calibrate --help\n")
    #expect(run.output.isEmpty)
  }

  @Test func `help names every option`() throws {
    let run = try ProgramRun.calibrate(["--help"])
    #expect(run.status == 0)
    for word in [
      "--device", "--quick", "--output", "--raw", "--residuals", "--lock-clocks", "--only",
      "--list",
      "--version", "--help", "fit SAMPLES", "compare FIRST SECOND", "--within",
      "NNCOST_NVML_LIBRARY", "NNCOST_CUDA_LIBRARY",
      "NNCOST_CUDNN_LIBRARY",
    ] {
      #expect(run.output.contains(word))
    }
  }

  @Test func `samples lie beside the table unless said otherwise`() {
    var request = Arguments.Request()
    #expect(request.samples == nil)
    request.output = "folder/board.json"
    #expect(request.samples == "folder/board.samples.csv")
    request.output = "board"
    #expect(request.samples == "board.samples.csv")
    request.raw = "raw.csv"
    #expect(request.samples == "raw.csv")
  }

  @Test func `every kernel's text can be printed without a GPU`() throws {
    guard case .kernels = try Arguments(["kernels"]) else {
      Issue.record("kernels is no command")
      return
    }
    #expect(throws: Arguments.UsageError.self) { try Arguments(["kernels", "gemm"]) }
    #expect(help.contains("nncost-calibrate kernels"))
  }

  @Test func `the version is one line`() throws {
    let run = try ProgramRun.calibrate(["--version"])
    #expect(run.status == 0)
    #expect(run.output == "nncost-calibrate \(Version.current)\n")
    #expect(try ProgramRun.product("nncost", ["version"]).output == "nncost \(Version.current)\n")
    #expect(run.output.filter { $0 == "\n" }.count == 1)
  }
}
