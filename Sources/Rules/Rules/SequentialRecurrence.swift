import Cost
import Graph

package struct SequentialRecurrence: Rule {
  package static let page = Page(
    code: "NNC527",
    name: "sequential-recurrence",
    group: .architecture,
    level: .warning,
    summary:
      "Recurrent layers multiply by their hidden weights step after step, and take most of the energy.",
    why: """
      At each step an LSTM, a GRU or a plain recurrent layer multiplies its last state by a matrix. The steps cannot be
      joined, so that the matrix is fetched once for each of them, for a single row of products with each sequence: at
      batch 1 half an operation for each byte in float32, where a T4 does about 19 in the time of one. Layers whose gates depend on the input alone
      do the products of all steps at once, and leave to the steps what is elementwise. A batch shares the
      fetches instead and keeps the network as it is, where several sequences come together: that is
      batch-one-serving. From the batch on at which arithmetic takes longer than the fetches, nothing is
      reported here.
      """,
    fix: """
      Put simple recurrent units (SRU) or quasi-recurrent layers (QRNN) in the place of LSTM and GRU layers, or convolutions or
      attention where the sequence is known as a whole.
      """,
    safety: """
      Changes the function: needs retraining. Lei et al. report results above an LSTM's on classification and
      question answering, 5 to 9 times faster than cuDNN's LSTM; Bradbury et al. better accuracy than stacked LSTMs of the
      same width (91.4 % on IMDb), up to 16 times faster. Counting and copying over long distances may suffer, since gates do not see the state.
      """,
    sources: [
      "Lei et al.: Simple Recurrent Units for Highly Parallelizable Recurrence, 2018",
      "Bradbury et al.: Quasi-Recurrent Neural Networks, 2017",
    ],
    triggers: [
      """
      one_sequence (float[128,1,512] x) => (y) <float[1,2048,512] w, float[1,2048,512] r, float[1,4096] b> {
      ↓ y, h, c = LSTM <hidden_size = 512> (x, w, r, b)
      }
      """,
      """
      both_ways (float[4,100,256] x) => (y, h)
        <float[2,768,256] w, float[2,768,256] r, float[2,768,512] v, float[2,768,256] s, int64[3] e = {0, 0, -1}> {
      ↓ a, i = GRU <hidden_size = 256, direction = "bidirectional", layout = 1> (x, w, r)
        f = Reshape(a, e)
        y, h = GRU <hidden_size = 256, direction = "bidirectional", layout = 1> (f, v, s)
      }
      """,
    ],
    passes: [
      """
      many_sequences (float[128,64,512] x) => (y) <float[1,2048,512] w, float[1,2048,512] r> {
        y, h, c = LSTM <hidden_size = 512> (x, w, r)
      }
      """,
      """
      one_step (float[1,1,512] x) => (y) <float[1,2048,512] w, float[1,2048,512] r> {
        y, h, c = LSTM <hidden_size = 512> (x, w, r)
      }
      """,
      """
      beside_others (float[1,64,56,56] x, float[16,1,32] s) => (y, z)
        <float[256,64,3,3] k, float[256,256,3,3] l, float[1,128,32] w, float[1,128,32] r> {
        a = Conv <pads = [1, 1, 1, 1]> (x, k)
        y = Conv <pads = [1, 1, 1, 1]> (a, l)
        z, h, c = LSTM <hidden_size = 32> (s, w, r)
      }
      """,
    ]
  )

  /// Recurrent layers must take this share of the energy.
  static let energyShare = 0.5
  /// A layer of fewer steps does not wait long.
  static let fewestSteps = 8

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    var rewrite = Rewrite()
    var found: [Node.ID] = []
    var steps = 0
    for launch in subject.launches
    where launch.kernel.operation == .recurrence || subject.steps[launch.node].layer == .recurrence
    {
      guard !found.contains(launch.node), let layer = ParallelRecurrence(launch.node, subject),
        layer.steps >= Self.fewestSteps, waitsForFetches(launch.kernel, layer.batch, subject),
        layer.replace(&rewrite, subject)
      else { continue }
      found.append(launch.node)
      steps = max(steps, layer.steps)
    }
    let share = subject.share(of: found)
    guard share >= Self.energyShare else { return }
    report(
      Report(
        nodes: found,
        message: """
          \(counted(found.count, "recurrent layer")) of \(steps) steps one after another: \
          \(percent(share)) of the energy
          """,
        fix: "do the products of all steps at once: SRU or QRNN layers",
        remedy: .rewrite(rewrite), isExact: false))
  }

  /// Whether a step's product with `batch` sequences takes less time than fetching its weights does.
  private func waitsForFetches(_ kernel: Kernel, _ batch: Int, _ subject: Subject) -> Bool {
    guard let contraction = kernel.contractions.first(where: { $0.steps > 1 }),
      let rate = subject.estimate.device.rate(.recurrence, kernel.type)
    else { return false }
    let bytes = Double(contraction.type.bitWidth) / 8
    let intensity = 2 * Double(batch) / bytes
    return intensity < rate.flopsPerSecond / rate.bytesPerSecond
  }
}
