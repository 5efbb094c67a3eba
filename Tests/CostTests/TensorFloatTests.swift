import Graph
import Testing

@testable import Cost

@Suite struct TensorFloatTests {
  let a100: Device

  init() throws { a100 = try #require(try Device.named("a100")) }

  private func estimate(_ analysis: Analysis, _ precision: Precision, _ runtime: Runtime = .fused)
    -> Estimate
  {
    Estimate(analysis, on: a100, under: Scenario(runtime: runtime, precision: precision))
  }

  @Test func `tensors keep their 32 bits, and products take the rate of tensor cores`() throws {
    let analysis = try Networks.dense(layers: 2, width: 4096, rows: 4096)
    let (single, tensor) = (estimate(analysis, .fp32, .eager), estimate(analysis, .tf32, .eager))
    #expect(tensor.kernelTraffic == single.kernelTraffic)
    #expect(tensor.kernels.map(\.type.name) == ["tf32", "float32", "tf32", "float32"])
    #expect(tensor.unpriced.isEmpty)
    // What is no product takes as long as before.
    #expect(tensor.costs[1].seconds == single.costs[1].seconds)
    #expect(tensor.costs[0].seconds < single.costs[0].seconds / 2)
    let half = estimate(analysis, .fp16, .eager)
    #expect(half.kernelTraffic * 2 == tensor.kernelTraffic)
    #expect(half.seconds.value < tensor.seconds.value)
  }

  @Test(arguments: [
    (Kernel.Operation.gemm, Precision.tf32, "tf32"), (.convolution, .tf32, "tf32"),
    (.groupedConvolution, .tf32, "tf32"), (.attention, .tf32, "tf32"),
    (.recurrence, .tf32, "tf32"),
    // No matrix to multiply by.
    (.depthwiseConvolution, .tf32, "float32"), (.softmax, .tf32, "float32"),
    (.gemm, .fp32, "float32"),
  ])
  func `what has a matrix is done in TF32, where that is asked for`(
    operation: Kernel.Operation, precision: Precision, name: String
  ) {
    #expect(NumberFormat(.float32, for: operation, in: precision).name == name)
    #expect(NumberFormat(.int8, for: operation, in: precision) == .int8)
  }

  @Test func `boards of the Ampere generation and later have a rate for each kind of product`()
    throws
  {
    for name in DeviceList.names {
      let device = try #require(try Device.named(name))
      let hasTensorFloat = ["8", "9"].contains(device.computeCapability.prefix(1))
      for operation in [
        Kernel.Operation.gemm, .convolution, .groupedConvolution, .attention, .recurrence,
      ] {
        #expect((device.rate(operation, .tensorFloat32) != nil) == hasTensorFloat, "\(name)")
      }
      #expect(DeviceCheck(device).problems.isEmpty, "\(name)")
    }
  }

  @Test func `a rate in TF32 above half of FP16's peak is an error`() throws {
    var device = a100
    let index = try #require(device.rates.firstIndex { $0.type == .tensorFloat32 })
    device.rates[index].flopsPerSecond = 170e12
    let problems = DeviceCheck(device).problems.filter { $0.severity == .error }
    #expect(problems.map(\.path) == ["classes[\(index)].flops_per_s"])
    #expect(problems.first?.message.contains("gemm in tf32 at 170 TFLOP/s") == true)
  }

  @Test func `a table with rates in TF32 is read as it is written`() throws {
    let text = DeviceFile.text(of: a100)
    let read = try DeviceFile.read(Array(text.utf8), name: "a100", file: "a100.json")
    #expect(read.rates.map(\.type) == a100.rates.map(\.type))
    #expect(DeviceFile.text(of: read) == text)
  }

  @Test func `training in TF32 moves the bytes and keeps the memory of training in FP32`() throws {
    let analysis = try Networks.residual()
    func run(_ precision: Precision) -> TrainingRun {
      TrainingRun(
        analysis, on: a100, .init(datasetSize: 1, epochs: 1, batch: 1, precision: precision))
    }
    let (single, tensor) = (run(.fp32), run(.tf32))
    let traffic = { (run: TrainingRun) in run.kernels.map { $0.work.traffic }.reduce(0, +) }
    #expect(traffic(single) == traffic(tensor))
    #expect(single.memory == tensor.memory)
    #expect(
      tensor.kernels.allSatisfy {
        $0.type == ($0.contractions.isEmpty ? .float32 : .tensorFloat32)
      })
  }
}
