import Cost
import Graph
import Testing

/// What cannot be in a table, or hardly can, is told with the key it stands at.
@Suite struct DeviceCheckTests {
  private let t4: Device

  init() throws { t4 = try #require(try Device.named("t4")) }

  private func problems(_ change: (inout Device) -> Void) -> [String] {
    var device = t4
    change(&device)
    return DeviceCheck(device).problems.map { "\($0.severity.rawValue): \($0.path): \($0.message)" }
  }

  @Test(arguments: DeviceList.names) func `every embedded table is without a fault`(name: String)
    throws
  {
    #expect(DeviceCheck(try #require(try Device.named(name))).problems == [])
  }

  @Test func `a rate above the peak of the board is an error`() throws {
    let index = try #require(t4.rates.firstIndex { $0.operation == .gemm && $0.type == .float32 })
    let found = problems { $0.rates[index].flopsPerSecond = 9.9e12 }
    #expect(
      found == [
        "error: classes[\(index)].flops_per_s: gemm in float32 at 9.9 TFLOP/s is above the 8.14 that 40 multiprocessors of "
          + "generation 7.5 do at 1.59 GHz"
      ])
    // The same rate is possible where more of them are.
    #expect(
      problems {
        $0.rates[index].flopsPerSecond = 9.9e12; $0.multiprocessors = 80
      } == [])
  }

  @Test func `a board that is not known is held against the highest clock there is`() throws {
    let index = try #require(t4.rates.firstIndex { $0.operation == .gemm && $0.type == .float32 })
    let found = problems {
      $0.title = "Another Board"
      $0.rates[index].flopsPerSecond = 16.4e12
      $0.memory.bytesPerSecond = 4e11
    }
    #expect(found.count == 1)
    #expect(found.first?.hasSuffix("do at 3 GHz") == true)
    #expect(
      problems { $0.computeCapability = "13.7" }.map { $0.prefix(42) }
        == ["warning: device.compute_capability: '13.7'"])
  }

  @Test func `bandwidth above the data sheet is an error, wherever it stands`() {
    let found = problems {
      $0.memory.bytesPerSecond = 4e11
      $0.rates[$0.rates.count - 1].bytesPerSecond = 5e11
    }
    #expect(
      found.contains(
        "error: memory.dram.bytes_per_s: 400 GB/s is above the 320 GB/s that the memory of NVIDIA Tesla T4 has"
      ))
    #expect(
      found.contains { $0.hasPrefix("error: classes[\(t4.rates.count - 1)].bytes_per_s: 500 GB/s") }
    )
  }

  @Test func `work that would draw far more than the cap is told`() throws {
    let index = try #require(t4.rates.firstIndex { $0.operation == .gemm && $0.type == .float32 })
    let rate = t4.rates[index].flopsPerSecond
    func found(_ watts: Double) -> String? {
      problems { $0.rates[index].joulesPerFlop = watts / rate }.first
    }
    #expect(found(100) == nil)
    #expect(found(110)?.hasPrefix("warning: classes[\(index)].joules_per_flop: ") == true)
    #expect(
      found(300)
        == "error: classes[\(index)].joules_per_flop: gemm in float32 at flops_per_s would draw 300 W beside the active "
        + "power, on a board with a cap of 70 W")
    #expect(
      problems { $0.memory.joulesPerByte = 1e-9 }.first?.hasPrefix(
        "error: memory.dram.joules_per_byte") == true)
  }

  @Test func `a board at rest draws less than at work`() {
    #expect(
      problems { $0.power.idleWatts = 35 } == [
        "warning: power.idle_w: 35 W at rest is above idle_context_w, 30.7 W, at rest with a program"
      ])
    #expect(
      problems { $0.power.idleWatts = 75 } == [
        "error: power.idle_w: 75 W at rest is above the cap of 70 W"
      ])
    #expect(
      problems { $0.power.capWatts = 90 } == [
        "warning: power.cap_w: the cap of 90 W is above tdp_w, 70 W"
      ])
  }

  @Test func `a class that is missing is told with its types, and float32 products are needed`() {
    #expect(
      problems { $0.rates.removeAll { $0.operation == .softmax } } == [
        "warning: classes: there is no softmax in float32, float16, int8: such kernels stay uncounted"
      ])
    let found = problems { $0.rates.removeAll { $0.operation == .gemm && $0.type == .float32 } }
    #expect(
      found.contains(
        "error: classes: there is no gemm in float32, without which no network has a price"))
  }

  @Test func `a row that another hides is an error, and one that stands apart a warning`() throws {
    let last = t4.rates.count
    let hidden = problems { $0.rates.append($0.rates[0]) }
    #expect(
      hidden == [
        "error: classes[\(last)]: gemm in float32 is never used: classes[0] stands before it for the same kernels"
      ])
    let apart = problems { $0.rates.append($0.rates.remove(at: 1)) }
    #expect(apart.count == 1)
    #expect(apart.first?.hasPrefix("warning: classes[\(last - 1)]: unsorted: ") == true)
  }

  @Test func `rates that are hardly known are told`() {
    let found = problems {
      $0.rates[0].residualPercent = 70
      $0.rates[0].spreadPercent = 20
      $0.provenance.samples = 0
      $0.launch.kernelSeconds = 1e-3
      $0.memory.cacheBytesPerSecond = 1e10
    }
    #expect(
      found.map { $0.split(separator: ":")[1] } == [
        " provenance.samples", " launch.gpu_us", " memory.l2.bytes_per_s", " classes[0].mape_pct",
        " classes[0].spread_pct",
      ])
    #expect(found.allSatisfy { $0.hasPrefix("warning: ") })
  }
}
