import Cost
import Graph

package struct QuadraticConcatGrowth: Rule {
  package static let page = Page(
    code: "NNC333",
    name: "quadratic-concat-growth",
    group: .memoryTraffic,
    level: .warning,
    summary:
      "Each layer reads the results of all layers before it, so that traffic grows with the square of depth.",
    why: """
      In a densely connected block, layer k reads k results. They are normalised again for each reader, and
      copied together unless the runtime plans memory for it; so bytes grow with the square of the number of
      layers, and convolutions are less than half of the work. DenseNet-121 took as much energy to fine-tune
      as ResNet-50 on a T4 (82.3 and 84.7 kJ) with 31 % fewer multiply-accumulates. A detector that puts
      results together once per block, VoVNet, took 1.6 to 4.1 times less energy than one on DenseNet.
      """,
    fix: """
      Let half of the channels pass by the block (CSPNet), put results together once at the end of a block
      (VoVNet), or take a residual network.
      """,
    safety:
      "Changes the function: needs retraining. CSPNet reports 20 % less computation at equal or better ImageNet accuracy.",
    sources: [
      "Pleiss et al.: Memory-Efficient Implementation of DenseNets, 2017",
      "Lee et al.: An Energy and GPU-Computation Efficient Backbone Network (VoVNet), 2019",
      "Wang et al.: CSPNet, 2019",
      "Fine-tuning of six ImageNet networks on PneumoniaMNIST, one NVIDIA T4 (energy of training)",
    ],
    triggers: [denseBlock(of: 8)],
    passes: [
      denseBlock(of: 2),
      """
      branches (float[1,256,28,28] x) => (y)
        <float[64,256,1,1] a, float[64,256,3,3] b, float[64,256,5,5] c, float[256,192,1,1] d> {
        e = Conv(x, a)
        f = Conv <pads = [1, 1, 1, 1]> (x, b)
        g = Conv <pads = [2, 2, 2, 2]> (x, c)
        h = Concat <axis = 1> (e, f, g)
        y = Conv(h, d)
      }
      """,
    ]
  )

  /// Concatenations must write each result this many times over.
  static let replication = 3.0
  /// They, and what is computed from them element by element, must take this share of the energy.
  static let share = 0.1
  /// A block has at least this many concatenations.
  static let shortest = 3

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    let blocks = DenseBlock.all(in: subject)
    guard !blocks.isEmpty else { return }
    var rewrite = Rewrite()
    var concats: [Node.ID] = []
    var readers: Set<Node.ID> = []
    var (written, distinct) = (0.0, 0.0)
    for block in blocks {
      guard block.passHalf(&rewrite, subject) else { continue }
      concats += block.concats
      written += block.written
      distinct += block.distinct
      for concat in block.concats { readers.formUnion(elementwise(after: concat, subject)) }
    }
    let share = subject.share(of: concats + readers.sorted())
    guard distinct > 0, written / distinct >= Self.replication, share >= Self.share else { return }
    let (remedy, after, fix) = remedy(.rewrite(rewrite), subject)
    report(
      Report(
        nodes: concats,
        message: """
          \(counted(blocks.count, "densely connected block")) \(blocks.count == 1 ? "writes" : "write") \
          each result \(ratio(written / distinct)) times over: concatenations and what normalises them take \
          \(percent(share)) of the energy
          """,
        fix: fix, remedy: remedy, after: after, isExact: false, isNote: true))
  }

  /// Fewer channels in the blocks, or an engine where the copies only cost the launches of a framework.
  private func remedy(_ fewer: Remedy, _ subject: Subject)
    -> (remedy: Remedy, after: Estimate?, fix: String)
  {
    let after = subject.estimate(after: [fewer])
    let saved = (after.map(subject.saving(by:))?.value ?? 0) / subject.estimate.joules.value
    guard subject.estimate.scenario.runtime == .eager, saved < Ladder.tradeOffInfo else {
      return (
        fewer, after, "let half of the channels pass by each block, or put results together once"
      )
    }
    var engine = subject.estimate.scenario
    engine.runtime = .fused
    return (.scenario(engine), nil, "an engine that writes results where they are put together")
  }

  /// The pointwise nodes that work on the result of `concat`, one after another.
  private func elementwise(after concat: Node.ID, _ subject: Subject) -> [Node.ID] {
    var found: [Node.ID] = []
    for reader in subject.readers(of: concat) {
      var current = reader
      while found.count < subject.steps.count,
        subject.steps[current].op(is: BatchNormalization.self)
          || subject.steps[current].op(is: Elementwise.self)
      {
        found.append(current)
        guard let next = subject.onlyReader(of: current) else { break }
        current = next
      }
    }
    return found
  }

  /// An example: a dense block whose layers add 32 channels each.
  private static func denseBlock(of count: Int) -> Example {
    var weights = ["float[512,\(128 + 32 * count),1,1] t"]
    var lines: [String] = []
    var parts = ["x"]
    for layer in 1...count {
      weights.append("float[32,\(96 + 32 * layer),3,3] w\(layer)")
      let input = layer == 1 ? "x" : "c\(layer - 1)"
      lines.append("  r\(layer) = Relu(\(input))")
      lines.append("  f\(layer) = Conv <pads = [1, 1, 1, 1]> (r\(layer), w\(layer))")
      parts.append("f\(layer)")
      let mark = layer == 1 && count > 2 ? "↓" : " "
      lines.append("\(mark) c\(layer) = Concat <axis = 1> (\(parts.joined(separator: ", ")))")
    }
    let header = "block (float[1,128,56,56] x) => (y) <\(weights.joined(separator: ", "))> {"
    return Example(
      stringLiteral: ([header] + lines + ["  y = Conv(c\(count), t)", "}"]).joined(separator: "\n"))
  }
}

/// A run of concatenations, each of which holds all results of the one before.
private struct DenseBlock {
  /// The concatenations, in order.
  var concats: [Node.ID]
  /// What goes into the block.
  let root: Value.ID
  /// The bytes that all concatenations write, and those of the results that they hold.
  var written = 0.0
  var distinct = 0.0

  static func all(in subject: Subject) -> [DenseBlock] {
    var blocks: [DenseBlock] = []
    /// For each value that a block has put together or starts from, the number of the block.
    var homes: [Value.ID: Int] = [:]
    for (id, step) in subject.steps.enumerated() {
      guard step.isCounted, let concat = step.op(as: Concat.self), let output = step.outputs[0],
        output.rank == 4, concat.axis == 1 || concat.axis == -3, let result = subject.output(id),
        let root = subject.input(id), step.inputs.count >= 2
      else { continue }
      let bytes = Double(output.byteCount)
      if let home = homes[root] {
        blocks[home].concats.append(id)
        blocks[home].written += bytes
        homes[result] = home
      } else {
        homes[root] = blocks.count
        homes[result] = blocks.count
        blocks.append(DenseBlock(concats: [id], root: root, written: bytes))
      }
    }
    return blocks.compactMap { block in
      var block = block
      // The last one holds every result once.
      let last = block.concats.last.flatMap { subject.steps[$0].outputs[0]?.byteCount }
      block.distinct = Double(last ?? 0)
      return block.concats.count >= QuadraticConcatGrowth.shortest ? block : nil
    }
  }

  /// Lets half of the channels that go into the block pass by it; whether the graph allows it.
  func passHalf(_ rewrite: inout Rewrite, _ subject: Subject) -> Bool {
    guard let first = concats.first, let last = concats.last, let tensor = subject.tensor(root),
      tensor.shape[1] >= 2
    else { return false }
    let opset = max(10, subject.steps[first].node.opset)
    let half = tensor.shape[1] / 2
    let base = subject.scope.body.values.count + rewrite.added.count
    var constants: [Value] = []
    for numbers in [[0], [half], [tensor.shape[1]], [1]] {
      guard let info = try? TensorInfo(.int64, [1], value: .integers(numbers)) else { return false }
      constants.append(Value("bound", initializer: Literal(info)))
    }
    rewrite.added += [Value("first"), Value("second")] + constants
    let slices = [
      Node("Slice", opset: opset, inputs: [root, base + 2, base + 3, base + 5], outputs: [base]),
      Node(
        "Slice", opset: opset, inputs: [root, base + 3, base + 4, base + 5], outputs: [base + 1]),
    ]
    let readers = Set(subject.scope.readers[root]).sorted()
    for (index, id) in readers.enumerated() {
      var node = rewrite.replaced[id]?.last ?? subject.steps[id].node
      node.inputs = node.inputs.map { $0 == root ? base : $0 }
      rewrite.replaced[id] = (index == 0 ? slices : []) + [node]
    }
    guard var node = rewrite.replaced[last]?.last ?? subject.steps[last].node as Node? else {
      return false
    }
    node.inputs.append(base + 1)
    rewrite.replaced[last] = (rewrite.replaced[last] ?? []).dropLast() + [node]
    return true
  }
}
