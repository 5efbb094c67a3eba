import Cost
import Graph

package struct BatchOneServing: Rule {
  package static let page = Page(
    code: "NNC660",
    name: "batch-one-serving",
    group: .deployment,
    level: .warning,
    summary: "One inference at a time takes far more energy than several at once would take each.",
    why: """
      One inference seldom fills a board, and its weights are fetched for it alone; several at once share both.
      How much that is worth depends on the network: on a T4 in float32, 32 at once take an estimated 85 % less
      each for AlexNet, half for VGG-16 and a fifth for ViT-B/16. A network that gains less than 48 % is not reported,
      since nearly all gain something, and what does gain is a note. Where it is said how many inferences there are, 20 % is enough, and nothing is reported
      where as many do not come together within a second.
      """,
    fix: """
      Let a server gather requests (Triton's dynamic batcher, TorchServe's batch_delay), or process stored inputs
      in batches. Keep to one where an answer cannot wait.
      """,
    safety: "Keeps every result; an answer waits for the others of its batch.",
    sources: [
      "https://docs.nvidia.com/deeplearning/tensorrt/latest/performance/best-practices.html (batching)",
      "Li et al.: Evaluating the Energy Efficiency of Deep Convolutional Neural Networks on CPUs and GPUs, 2016",
      "the shares: this tool's own estimates",
    ],
    triggers: [
      """
      large_weights (float[1,4096] x) => (y) <float[4096,4096] w> {
      ↓ y = MatMul(x, w)
      }
      """
    ],
    passes: [
      """
      large_maps (float[1,64,512,512] x) => (y) <float[64,64,3,3] w> {
        y = Conv <pads = [1, 1, 1, 1]> (x, w)
      }
      """,
      """
      several_already (float[32,4096] x) => (y) <float[4096,4096] w> {
        y = MatMul(x, w)
      }
      """,
      Example(
        """
        seldom_used (float[1,4096] x) => (y) <float[4096,4096] w> {
          y = MatMul(x, w)
        }
        """,
        for: .using(1e4), configuration: #"{"usage": {"inferences": "10000/month"}}"#),
    ],
    options: [
      Setting(
        "usage.inferences", "how many inferences there are, such as 3e7/month",
        standard: "any batch is possible")
    ]
  )

  /// Inferences made at once by a server with enough to do.
  static let batch = 32
  /// What that must save of an inference's energy.
  static let share = 0.48
  /// What it must save where it is known that as many come together.
  static let knownShare = 0.2
  /// As many must come together in this time.
  static let patienceSeconds = 1.0

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    guard let after = subject.manyAtOnce else { return }
    // Whether inferences may wait for one another, only their author knows.
    var (threshold, cap) = (Self.share, Level.info)
    if let use = subject.purpose.lifecycle?.plan.use {
      let rate = use.inferences / use.lifetimeSeconds
      guard rate * Self.patienceSeconds >= Double(Self.batch) else { return }
      (threshold, cap) = (Self.knownShare, .error)
    }
    let joules = subject.estimate.joules.value
    let share = 1 - after.joules.value / Double(Self.batch) / joules
    guard joules > 0, share >= threshold, let dearest = subject.dearest else { return }
    report(
      Report(
        nodes: [dearest],
        message: """
          one inference at a time; \(Self.batch) at once take \(percent(share)) less energy each
          """,
        fix: "gather inferences into batches where they can wait for one another",
        remedy: .binding(after.analysis.binding.request), after: after, isExact: false, cap: cap))
  }
}
