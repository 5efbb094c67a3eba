import Cost
import Graph

package struct TrainBatchOne: Rule {
  package static let page = Page(
    code: "NNC757",
    name: "train-batch-one",
    group: .lifecycle,
    level: .warning,
    summary: "The model is trained on very few examples at a time.",
    why: """
      Every step fetches the weights, updates all of them and launches each kernel, whatever the batch. Few examples share that,
      and do not fill a board. Batch normalisation also needs a batch: its moments over one example are those of
      that example alone, and over fewer than eight they are rough, so that the network learns something other than
      what it computes later. Batches below 8 are reported; a batch of 1 under batch normalisation is an error.
      """,
    fix: """
      Train on 32 examples at once or more. Where they do not fit, use mixed precision or checkpointing; accumulated
      gradients help the optimizer, and neither the energy nor batch normalisation.
      """,
    safety: "Changes training: the learning rate has to follow the batch.",
    sources: [
      "https://arxiv.org/abs/1803.08494 (Wu and He: Group Normalization, error at small batches)",
      "Li et al.: Evaluating the Energy Efficiency of Deep Convolutional Neural Networks on CPUs and GPUs, 2016",
    ],
    triggers: [
      Example(
        normalised, for: .trained(batch: 1),
        configuration: #"{"training": {"dataset_size": 4708, "batch": 1}}"#)
    ],
    passes: [
      Example(
        normalised, for: .trained(batch: 32),
        configuration: #"{"training": {"dataset_size": 4708, "batch": 32}}"#),
      Example(stringLiteral: normalised),
    ],
    options: [
      Setting("training.dataset_size", "examples in an epoch", standard: "the rule is silent"),
      Setting("training.batch", "examples at once", standard: "32"),
    ]
  )

  private static let normalised = """
    block (float[1,16,32,32] x) => (y)
      <float[16,16,3,3] w, float[16] s, float[16] b, float[16] m, float[16] v> {
      c = Conv <pads = [1, 1, 1, 1]> (x, w)
      n = BatchNormalization(c, s, b, m, v)
      y = Relu(n)
    }
    """

  /// Batches below this are few.
  static let few = 8
  /// Examples at once that the saving is priced with.
  static let batch = 32

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    guard let plan = subject.purpose.training, plan.batch < Self.few,
      plan.datasetSize >= Self.batch, let now = run(plan, subject)
    else { return }
    var larger = plan
    larger.batch = Self.batch
    guard let after = run(larger, subject), now.unpriced.count >= after.unpriced.count else {
      return
    }
    let isNormalised = hasBatchNormalization(subject) || now.foldedNormalizations > 0
    let saved = now.joules.value - after.joules.value
    guard saved > 0 || isNormalised, now.joules.value > 0 else { return }
    let share = max(0, saved) / now.joules.value
    let pue = subject.purpose.lifecycle?.plan.carbon.pue ?? 1
    let models = 1 + Double(subject.purpose.lifecycle?.plan.search?.trials ?? 0)
    let saving = now.joules * (share * pue * models)
    let batch = plan.batch == 1 ? "one example" : "\(plan.batch) examples"
    report(
      Report(
        nodes: [],
        message: """
          training takes \(batch) at a time; \(Self.batch) at once take \(percent(share)) less energy\
          \(isNormalised ? ", and batch normalisation needs more to go by" : "")
          """,
        fix: "train on \(Self.batch) examples at once or more",
        remedy: .advice(
          Benefit(
            joules: saving, grams: subject.purpose.lifecycle.map { $0.grams(saving) },
            share: share)),
        isExact: false, floor: isNormalised && plan.batch == 1 ? .error : .info,
        isNote: isNormalised))
  }

  private func run(_ plan: TrainingRun.Plan, _ subject: Subject) -> TrainingRun? {
    let analysis = subject.estimate.analysis
    guard let request = analysis.binding.request(batch: plan.batch),
      let other = try? Analysis(analysis.model, binding: request),
      other.binding.batch == plan.batch
    else { return nil }
    return TrainingRun(other, on: subject.estimate.device, plan)
  }

  private func hasBatchNormalization(_ subject: Subject) -> Bool {
    subject.steps.contains { $0.op(is: BatchNormalization.self) }
  }
}
