import Testing

/// Everything that keeps the board from being read is one sentence on standard error and exit status 3.
@Suite struct FailureTests {
  @Test(arguments: [
    (
      ["FAKE_START": "9"],
      "the NVIDIA driver refused to start: the kernel driver is not loaded (NVML status 9)"
    ),
    (
      ["FAKE_START": "18"],
      "the NVIDIA driver refused to start: kernel driver and driver library are of different "
        + "versions; a reboot usually mends it (NVML status 18)"
    ),
    (
      ["FAKE_HANDLE": "4"],
      "the NVIDIA driver refused access to GPU 0: no permission (NVML status 4)"
    ),
    (["FAKE_COUNT": "0"], "the NVIDIA driver reports no GPU on this machine"),
    (
      ["NNCOST_NVML_LIBRARY": "libno-such-nvml.so.1"],
      "no NVIDIA driver: libno-such-nvml.so.1 cannot be loaded"
    ),
  ])
  func `an obstacle is one sentence and exit status 3`(
    environment: [String: String], sentence: String
  ) throws {
    let driver = try FakeDriver()
    defer { driver.remove() }
    expectObstacle(try driver.calibrate([], environment), sentence)
  }

  @Test(arguments: [
    ("1", "1", "there is no GPU 1: the only one is GPU 0"),
    ("4", "4", "there is no GPU 4: they are numbered 0 to 3"),
    ("1", "99999999999", "there is no GPU 99999999999: the only one is GPU 0"),
  ])
  func `a GPU that does not exist is named`(count: String, index: String, sentence: String) throws {
    let driver = try FakeDriver()
    defer { driver.remove() }
    expectObstacle(try driver.calibrate(["--device", index], ["FAKE_COUNT": count]), sentence)
  }

  @Test func `without a driver the way to one is said`() throws {
    let run = try ProgramRun.calibrate(
      ["--list"], ["NNCOST_NVML_LIBRARY": "libno-such-nvml.so.1"])
    #expect(
      run.errors.hasSuffix("; a container needs the host's, as with 'docker run --gpus all'\n"))
    #expect(run.status == 3)
  }

  @Test func `a library without the first function is no driver`() throws {
    let driver = try FakeDriver(defines: ["WITHOUT_INIT"])
    defer { driver.remove() }
    expectObstacle(
      try driver.calibrate(),
      "\(driver.nvml) is not a usable NVIDIA driver library: it has no function nvmlInit_v2; "
        + "drivers since version 450 have all that is needed")
  }

  private func expectObstacle(_ run: ProgramRun, _ sentence: String) {
    #expect(run.status == 3)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("nncost-calibrate: \(sentence)"))
    #expect(run.errors.filter { $0 == "\n" }.count == 1)
  }
}
