import Cost
import Graph

package struct ExcessiveDepth: Rule {
  package static let page = Page(
    code: "NNC506",
    name: "excessive-depth",
    group: .architecture,
    level: .warning,
    summary: "Many equal blocks in a row take a large share of the energy.",
    why: """
      Each further block of a stage costs as much as the one before and gives less. Fine-tuned on one
      pneumonia data set on a T4, DenseNet-201 took 67 % more energy than DenseNet-121 for 0.021 more
      accuracy, DenseNet-169 took 27 % more for less accuracy, and ResNet-50 took 4.2 times ResNet-18's for
      0.009 less. Where the stages are those of a known family, the finding prices its shallower members, by
      leaving blocks out of this very graph: DenseNet-201 cut down to 121 is estimated to save 36 % of an
      inference, where the study measured 40 % of training. The best networks of the RegNet search have about 20 blocks in all, whatever their size.
      At equal parameters a deep, narrow network costs more than a shallow, wide one, since its kernels are
      too small to fill the device.
      """,
    fix: """
      Take the next smaller member of the family, or give the network width in place of depth. Where it is
      trained already, drop blocks and fine-tune or distil.
      """,
    safety: "Changes the function: needs fine-tuning, distillation or retraining.",
    sources: [
      "Fine-tuning of six ImageNet networks on PneumoniaMNIST, one NVIDIA T4 (energy of training)",
      "Radosavovic et al.: Designing Network Design Spaces (RegNet), 2020",
      "Sanh et al.: DistilBERT, 2019 (half of the layers, 97 % of the quality)",
    ],
    triggers: [
      chain(of: 40)
    ],
    passes: [
      chain(of: 8),
      """
      widening (float[1,64] x) => (y) <float[128,64] a, float[256,128] b, float[512,256] c> {
        h = Gemm <transB = 1> (x, a)
        i = Gemm <transB = 1> (h, b)
        y = Gemm <transB = 1> (i, c)
      }
      """,
    ]
  )

  /// Blocks beyond this many in a row count as excess: the depth of BERT-base and ViT-B, and as deep
  /// as any stage of a network found by search.
  static let usefulDepth = 12
  /// An excess of this share of the energy is noted.
  static let share = 0.1
  /// An excess of this share is worth a warning: between DenseNet-121 (21 % at batch 1 on a T4), whose depth
  /// pays in accuracy, and ResNet-101 (27 %), whose depth hardly does.
  static let warningShare = 0.24
  /// The most blocks that one repeated unit may span.
  static let longestPeriod = 6

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    let stages = Stage.all(in: subject, atLeast: Self.usefulDepth + 1)
    let excess = stages.flatMap(\.excess)
    let share = subject.share(of: excess.joined())
    guard share >= Self.share, let first = stages.first else { return }
    let family = Family(subject)
    var rewrite = Rewrite()
    for stage in stages { stage.shorten(to: Self.usefulDepth, &rewrite, subject) }
    let lengths = stages.map { "\($0.units.count)" }.joined(separator: " and ")
    let perBlock = subject.joules(of: excess.joined()) / Double(excess.count)
    let isAttention = stages.contains(where: \.isAttention)
    let isShallowest = family.map { $0.siblings.isEmpty } ?? false
    report(
      Report(
        nodes: excess.compactMap { unit in unit.first { !subject.steps[$0].contractions.isEmpty } },
        message: """
          \(stages.count == 1 ? "a stage" : "stages") of \(lengths) equal blocks: the \(excess.count) \
          beyond \(stages.count == 1 ? "the twelfth" : "twelve each") take \(percent(share)) of the \
          energy, \(percent(perBlock / max(subject.totalJoules, .leastNormalMagnitude))) for each block\
          \(family?.prices(subject) ?? "")
          """,
        fix: first.isAttention
          ? "fewer layers, by distillation; depth may be what pretraining needed"
          : family?.advice ?? "a shallower member of the family, or width in place of depth",
        remedy: .rewrite(family?.shortened(subject) ?? rewrite), isExact: false,
        cap: isAttention || isShallowest || share < Self.warningShare ? .info : .error))
  }

  /// An example: a chain of equal dense layers, those beyond the twelfth marked.
  private static func chain(of count: Int) -> Example {
    var lines = ["chain (float[1,512] x) => (y) <float[512,512] w> {"]
    for layer in 1...count {
      let (input, output) = (layer == 1 ? "x" : "h\(layer - 1)", layer == count ? "y" : "h\(layer)")
      let mark = layer == usefulDepth + 1 && count > usefulDepth ? "↓" : " "
      lines.append("\(mark) \(output) = Gemm <transB = 1> (\(input), w)")
    }
    return Example(stringLiteral: (lines + ["}"]).joined(separator: "\n"))
  }
}

/// Equal units in a row, more than are useful, and how to do without the rest.
struct Stage {
  /// The nodes of each unit.
  let units: [Range<Node.ID>]
  /// The value that each unit adds to what was there.
  let outputs: [Value.ID]
  let kind: Kind
  let isAttention: Bool

  enum Kind {
    /// Each unit's result replaces the last one's: residual blocks, plain layers.
    case chain
    /// Each unit's result is put beside those before: the layers of a dense block.
    case concatenation
  }

  var excess: ArraySlice<Range<Node.ID>> { units.dropFirst(ExcessiveDepth.usefulDepth) }

  /// The stages of at least `minimum` units, in order of execution.
  static func all(in subject: Subject, atLeast minimum: Int) -> [Stage] {
    let blocks = Blocks(subject).all
    let runs = Run.all(
      in: blocks.map(\.signature), atLeast: minimum, longest: ExcessiveDepth.longestPeriod)
    var stages = runs.compactMap { run in chain(run, blocks, subject) }
    let inRuns = Set(runs.flatMap { $0.start..<($0.start + $0.count * $0.period) })
    for (index, block) in blocks.enumerated() where !inRuns.contains(index) {
      stages += concatenations(in: block, subject, atLeast: minimum)
    }
    return stages.sorted { ($0.units.first?.lowerBound ?? 0) < ($1.units.first?.lowerBound ?? 0) }
  }

  private static func chain(_ run: Run, _ blocks: [Blocks.Block], _ subject: Subject) -> Stage? {
    let units = (0..<run.count).map { index in
      let range = run.occurrence(index)
      return blocks[range.lowerBound].nodes
        .lowerBound..<blocks[range.upperBound - 1].nodes.upperBound
    }
    let outputs = (0..<run.count).map { blocks[run.occurrence($0).upperBound - 1].output }
    // Shortening joins an earlier result to the last one's readers, so the two must be alike.
    let (kept, last) = (outputs[0], outputs[run.count - 1])
    guard let shape = subject.scope.infos[kept]?.tensor?.shape,
      shape == subject.scope.infos[last]?.tensor?.shape, !blocks[run.start].signature.isEmpty
    else { return nil }
    let isAttention = blocks[run.occurrence(0)].contains {
      $0.signature.contains(where: \.isAttention)
    }
    return Stage(units: units, outputs: outputs, kind: .chain, isAttention: isAttention)
  }

  /// The runs of layers inside a block whose results are only ever concatenated.
  private static func concatenations(
    in block: Blocks.Block, _ subject: Subject, atLeast minimum: Int
  ) -> [Stage] {
    let weighted = block.nodes.filter { Signature(subject.steps[$0]) != nil }
    let runs = Run.all(
      in: weighted.map { Signature(subject.steps[$0]) },
      atLeast: minimum, longest: ExcessiveDepth.longestPeriod)
    return runs.compactMap { run in
      var units: [Range<Node.ID>] = []
      var outputs: [Value.ID] = []
      for index in 0..<run.count {
        let last = weighted[run.occurrence(index).upperBound - 1]
        // A unit starts after the last weighted node of the one before: with its own normalisation.
        let before = run.occurrence(index).lowerBound - 1
        let start = before >= 0 ? weighted[before] + 1 : block.nodes.lowerBound
        guard let output = subject.steps[last].node.outputs.first, let output,
          subject.scope.readers[output].allSatisfy({ subject.steps[$0].layer == .concatenate })
        else { return nil }
        units.append(start..<(last + 1))
        outputs.append(output)
      }
      return Stage(units: units, outputs: outputs, kind: .concatenation, isAttention: false)
    }
  }

  /// Adds to `rewrite` what leaves out all units but the first `useful`, of which there is at least one.
  func shorten(to useful: Int, _ rewrite: inout Rewrite, _ subject: Subject) {
    guard useful >= 1, useful < units.count else { return }
    switch kind {
    case .chain:
      if let last = outputs.last { rewrite.substitutions[last] = outputs[useful - 1] }
    case .concatenation:
      let dropped = Set(outputs.dropFirst(useful))
      let readers = Set(dropped.flatMap { subject.scope.readers[$0] })
      for id in readers {
        var node = subject.steps[id].node
        node.inputs.removeAll { $0.map(dropped.contains) ?? false }
        rewrite.replaced[id] = [node]
      }
    }
  }
}
