import Foundation
import Testing

@Suite struct BoardTests {
  @Test func `the board's readings are printed with their units`() throws {
    let driver = try FakeDriver()
    defer { driver.remove() }
    let run = try driver.calibrate(["--list"])
    #expect(
      run.output == """
        GPU 0               Imaginary T4
        UUID                GPU-00000000-1111-2222-3333-444444444444
        PCI bus             00000000:0A:1E.0
        VBIOS               90.04.00.00.01
        driver              123.45.06
        compute capability  7.5
        memory              15360 MiB
        ECC                 on
        persistence mode    off
        power limit         70.0 W
        power               26.513 W
        temperature         41 °C
        SM clock            585 MHz
        memory clock        5001 MHz
        energy counter      9007199254.74 J since the driver was loaded
        CUDA                12.4, kernels can be run on this board

        """)
    #expect(run.errors.isEmpty)
    #expect(run.status == 0)
  }

  @Test func `a query the board does not support leaves the others readable`() throws {
    let driver = try FakeDriver()
    defer { driver.remove() }
    let run = try driver.calibrate(["--list"], ["FAKE_ECC": "3", "FAKE_POWER": "4"])
    #expect(run.output.contains("ECC                 not reported by this board\n"))
    #expect(
      run.output.contains("power               not readable: no permission (NVML status 4)\n"))
    #expect(run.output.contains("power limit         70.0 W\n"))
    #expect(run.status == 0)
  }

  @Test func `a query the driver does not have leaves the others readable`() throws {
    let driver = try FakeDriver(defines: ["WITHOUT_ENERGY"])
    defer { driver.remove() }
    let run = try driver.calibrate(["--list"])
    #expect(run.output.contains("energy counter      not known to this driver\n"))
    #expect(run.output.contains("temperature         41 °C\n"))
    #expect(run.status == 0)
  }

  @Test func `a status of a later driver keeps its number`() throws {
    let driver = try FakeDriver()
    defer { driver.remove() }
    let run = try driver.calibrate(["--list"], ["FAKE_POWER": "4711"])
    #expect(run.output.contains("an error this version does not know (NVML status 4711)"))
    #expect(run.status == 0)
  }

  @Test func `the driver is shut down after use`() throws {
    let driver = try FakeDriver()
    defer { driver.remove() }
    for environment in [[:], ["FAKE_HANDLE": "4"], ["FAKE_COUNT": "0"]] {
      let note = driver.folder.appendingPathComponent("note\(environment.keys.sorted())")
      _ = try driver.calibrate(
        ["--list"], environment.merging(["FAKE_SHUTDOWN_NOTE": note.path]) { _, given in given })
      #expect(try String(contentsOf: note, encoding: .utf8) == "shut down\n")
    }
  }

  @Test func `a board older than Volta is listed, and not measured`() throws {
    let driver = try FakeDriver()
    defer { driver.remove() }
    let list = try driver.calibrate(["--list"], ["FAKE_OLD_BOARD": "1"])
    #expect(list.output.contains("compute capability  6.1\n"))
    #expect(list.status == 0)
    let run = try driver.calibrate([], ["FAKE_OLD_BOARD": "1"])
    #expect(run.errors.contains("calibration needs 7.0 (Volta) or later"))
    #expect(run.status == 3)
  }

  @Test func `a missing CUDA driver is said, and the board still read`() throws {
    let driver = try FakeDriver()
    defer { driver.remove() }
    let run = try driver.calibrate(["--list"], ["NNCOST_CUDA_LIBRARY": "libno-such-cuda.so.1"])
    #expect(
      run.output.contains(
        "CUDA                kernels cannot be run: no NVIDIA driver: libno-such-cuda.so.1"))
    #expect(run.status == 0)
  }

  @Test func `a board hidden from CUDA is said`() throws {
    let driver = try FakeDriver()
    defer { driver.remove() }
    let run = try driver.calibrate(["--list"], ["FAKE_CUDA_DEVICE": "101"])
    #expect(
      run.output.contains(
        "kernels cannot be run: the NVIDIA driver refused CUDA on the GPU at 00000000:0A:1E.0: "
          + "CUDA does not see this GPU; CUDA_VISIBLE_DEVICES may hide it (CUDA status 101)"))
    #expect(run.status == 0)
  }
}
