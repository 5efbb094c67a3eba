import Cost
import Graph

package struct DeepNarrowLaunchBound: Rule {
  package static let page = Page(
    code: "NNC507",
    name: "deep-narrow-launch-bound",
    group: .architecture,
    level: .warning,
    summary: "Most layers hold less work than fills the board for as long as a launch takes.",
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

  /// Layers that hold less work than a launch must take this share of what all layers take at full speed:
  /// between MobileNet v2 (46 % at batch 1) and MnasNet, MobileNet v3 and ShuffleNet v2 (52 to 94 %).
  static let share = 0.5
  /// How long launching a kernel takes, in seconds: some 5 µs on any board of the last ten years.
  static let launchSeconds = 5e-6
  /// Fewer kernels than this are a small model, not a fragmented one.
  static let kernels = 50
  /// The inferences at once that the saving is priced with, for each one of now, where there are several.
  static let batchGrowth = 8

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    let estimate = subject.estimate
    guard estimate.launches > Self.kernels, let (layers, kind) = Load.layers(of: subject) else {
      return
    }
    let narrow = layers.filter { $0.seconds < Self.launchSeconds }
    let all = layers.reduce(0) { $0 + $1.wattSeconds }
    guard all > 0, narrow.reduce(0, { $0 + $1.wattSeconds }) >= Self.share * all,
      let remedy = remedy(subject)
    else { return }
    var seen: Set<Node.ID> = []
    let nodes = narrow.map(\.launch.node).filter { seen.insert($0).inserted }
    let count = narrow.reduce(0) { saturatingSum($0, $1.launch.kernel.launches) }
    let total = layers.reduce(0) { saturatingSum($0, $1.launch.kernel.launches) }
    report(
      Report(
        nodes: nodes,
        message: """
          \(count) of \(total) \(kind) hold less work than fills the board for the 5 µs of a launch: \
          \(percent(subject.share(of: nodes))) of the energy
          """,
        fix: remedy.words, remedy: remedy.remedy, after: remedy.after, isExact: false))
  }

  /// Where layers take less of the energy than this, it is what stands between them that is launched.
  static let layersShare = 0.25

  /// What would make the waiting worth it: an engine in place of a framework, or more inferences at once.
  private func remedy(_ subject: Subject) -> (remedy: Remedy, after: Estimate?, words: String)? {
    let estimate = subject.estimate
    if estimate.scenario.runtime == .eager {
      var scenario = estimate.scenario
      scenario.runtime = .fused
      let engine = Remedy.scenario(scenario)
      if let after = subject.estimate(after: [engine]),
        subject.saving(by: after).value >= Ladder.tradeOffWarning * estimate.joules.value
      {
        return (engine, after, "a compiled engine, which joins operators and launches them at once")
      }
    }
    let words = "inferences at once; or fewer, wider layers"
    if let after = subject.manyAtOnce {
      return (.binding(after.analysis.binding.request), after, "\(BatchOneServing.batch) \(words)")
    }
    let binding = estimate.analysis.binding
    let batch = saturatingProduct(binding.batch, Self.batchGrowth)
    return binding.request(batch: batch).map { (.binding($0), nil, "\(batch) \(words)") }
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

/// A layer's kernel, and how long its work would keep the whole board busy.
///
/// That is a property of the network and of the board's peak, not of the kernels that happen to be fitted: a
/// network is no deeper for being run by slow kernels.
private struct Load {
  let launch: Subject.Launch
  /// The longer of arithmetic and traffic at full speed; of one launch.
  let seconds: Double
  /// What all launches take, with full power counting as one watt: a board that waits draws less.
  let wattSeconds: Double

  /// The kernels with matrix products, or nil where the device has no rate for them.
  ///
  /// Those that see one position of each inference, such as the gates of squeeze-and-excitation and the
  /// classifier, stand beside the network; they count where there are no others.
  /// Where there are few layers, and other kernels take nearly all, it is all kernels that are looked at.
  static func layers(of subject: Subject) -> (loads: [Load], kind: String)? {
    let device = subject.estimate.device
    guard let rate = device.rate(.gemm, .float32), rate.flopsPerSecond > 0,
      device.memory.bytesPerSecond > 0, device.power.capWatts > 0
    else { return nil }
    let idle = device.power.idleContextWatts / device.power.capWatts
    let all = subject.launches.map { launch in
      let work = launch.kernel.work
      // Arithmetic and bytes as if in float32, so that a network is no narrower for having been quantised.
      let widening = 4 / Double(max(1, launch.kernel.type.storage.byteCount(1)))
      let seconds = max(
        2 * Double(work.macs) / rate.flopsPerSecond,
        Double(work.traffic) * widening / device.memory.bytesPerSecond)
      let waiting = max(0, DeepNarrowLaunchBound.launchSeconds - seconds)
      return Load(
        launch: launch, seconds: seconds,
        wattSeconds: (seconds + idle * waiting) * Double(launch.kernel.launches))
    }
    let batch = subject.estimate.analysis.binding.batch
    let loads = all.filter { !$0.launch.kernel.contractions.isEmpty }
    let wide = loads.filter { $0.launch.kernel.contractions.contains { $0.rows > batch } }
    let main = wide.isEmpty ? loads : wide
    let joules = main.reduce(0) { $0 + $1.launch.joules }
    let isBeside =
      main.count <= DeepNarrowLaunchBound.kernels
      && joules < DeepNarrowLaunchBound.layersShare * subject.totalJoules
    return isBeside ? (all, "kernels") : (main, "layers")
  }
}
