import Cost
import Graph

package struct DeepNarrowLaunchBound: Rule {
  package static let page = Page(
    code: "NNC507",
    name: "deep-narrow-launch-bound",
    group: .architecture,
    level: .warning,
    summary: "Most of the energy goes to kernels that take less time than launching them.",
    why: """
      A board draws power while it waits for the next kernel, and a kernel too small to fill it costs as much
      as one that does more. So a deep, narrow network takes many times
      the energy of a shallow, wide one: 170 dense layers of width 50 take 82 mJ of an inference, two of width 460
      with 0.6 times as many parameters 20 mJ, by this program's estimate for a T4. Splitting one layer into four in a row, at equal
      arithmetic, has been measured to make a network up to three times slower on a GPU.
      """,
    fix: """
      Run several inferences at once, where they come often enough; capture the launches in a CUDA graph, or
      build an engine that joins operators. Otherwise fewer and wider layers, or a smaller device.
      """,
    safety:
      "A larger batch keeps the function and delays answers; wider layers need retraining.",
    sources: [
      "Ma et al.: ShuffleNet V2, 2018 (guideline 3: fragmentation, table 3)",
      "Estimates of this program for two perceptrons, T4, float32, batch 1",
    ],
    triggers: [chain(of: 60, width: 64, isMarked: true)],
    passes: [chain(of: 40, width: 64), chain(of: 60, width: 4096)]
  )

  /// Kernels that wait longer than they work must take this share of the energy.
  static let share = 0.6
  /// Fewer kernels than this are a small model, not a fragmented one.
  static let kernels = 50
  /// The inferences at once that the saving is priced with, for each one of now.
  static let batchGrowth = 8

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    let estimate = subject.estimate
    guard estimate.launches > Self.kernels, estimate.joules.value > 0,
      let remedy = remedy(subject)
    else { return }
    // What the host and the engine take beside it all would hide how long the kernels themselves work.
    var device = estimate.device
    device.launch.dispatchSeconds = 0
    device.launch.executionSeconds = 0
    let alone = Subject(Estimate(estimate.analysis, on: device, under: estimate.scenario))
    let waiting = alone.launches.filter { isWaiting($0, device) }
    let share = waiting.reduce(0) { $0 + $1.joules } / alone.estimate.joules.value
    guard share >= Self.share else { return }
    let count = waiting.reduce(0) { saturatingSum($0, $1.kernel.launches) }
    var seen: Set<Node.ID> = []
    report(
      Report(
        nodes: waiting.map(\.node).filter { seen.insert($0).inserted },
        message: """
          \(count) of \(estimate.launches) kernels work for less time than it takes to launch them, and \
          take \(percent(share)) of the energy
          """,
        fix: remedy.words, remedy: remedy.remedy, isExact: false))
  }

  /// Whether the kernel works for less time than passes before it.
  private func isWaiting(_ launch: Subject.Launch, _ device: Device) -> Bool {
    guard let rate = device.rate(launch.kernel.operation, launch.kernel.type) else { return false }
    return launch.cost.seconds < 2 * device.launch.kernelSeconds + rate.launchSeconds
  }

  /// What would make the waiting worth it: an engine in place of a framework, or more inferences at once.
  private func remedy(_ subject: Subject) -> (remedy: Remedy, words: String)? {
    let estimate = subject.estimate
    if estimate.scenario.runtime == .eager {
      var scenario = estimate.scenario
      scenario.runtime = .fused
      return (
        .scenario(scenario), "a compiled engine, which joins operators and launches them at once"
      )
    }
    let binding = estimate.analysis.binding
    let batch = saturatingProduct(binding.batch, Self.batchGrowth)
    var request = binding.request
    request.batch = batch
    for index in request.inputShapes.indices where !request.inputShapes[index].dims.isEmpty {
      guard request.inputShapes[index].dims[0] == binding.batch else { return nil }
      request.inputShapes[index].dims[0] = batch
    }
    return (.binding(request), "\(batch) inferences at once; or fewer, wider layers")
  }

  /// An example: dense layers in a row.
  private static func chain(of count: Int, width: Int, isMarked: Bool = false) -> Example {
    var lines = ["chain (float[1,\(width)] x) => (y) <float[\(width),\(width)] w> {"]
    for layer in 1...count {
      let (input, output) = (layer == 1 ? "x" : "h\(layer - 1)", layer == count ? "y" : "h\(layer)")
      let mark = layer == 1 && isMarked ? "↓" : " "
      lines.append("\(mark) \(output) = Gemm <transB = 1> (\(input), w)")
    }
    return Example(stringLiteral: (lines + ["}"]).joined(separator: "\n"))
  }
}
