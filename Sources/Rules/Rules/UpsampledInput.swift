import Cost
import Graph

package struct UpsampledInput: Rule {
  package static let page = Page(
    code: "NNC550",
    name: "upsampled-input",
    group: .architecture,
    level: .warning,
    summary: "The picture is enlarged before the first layer sees it.",
    why: """
      Enlarging adds pixels and no information, and a convolutional network's energy grows with the number of
      pixels. Pictures of 28 x 28 made 224 x 224 are 64 times as many pixels: MedMNIST's are that small, and fine-tuning ImageNet networks on one of
      its sets took 20 to 138 kJ on a T4. An Xception retrained on MNIST has been estimated to take 90 times the energy of a
      network made for it.
      """,
    fix: """
      Feed the picture at its own size, with a first convolution of stride 1 and without the pooling behind
      it; or enlarge it less. Networks meant for small pictures exist for every task of that size.
      """,
    safety:
      "Changes the function: needs fine-tuning. Features pretrained on large pictures may lose accuracy.",
    sources: [
      "Fine-tuning of six ImageNet networks on PneumoniaMNIST, one NVIDIA T4 (energy of training)",
      "A study of energy over the lifecycle of neural networks (Xception retrained on MNIST)",
    ],
    triggers: [
      """
      enlarged (float[1,1,28,28] x) => (y)
        <float[4] s = {1, 1, 8, 8}, float[64,1,7,7] w, float[64,64,3,3] v, float[10,64] k> {
      ↓ u = Resize <mode = "linear"> (x, , s)
        c = Conv <strides = [2, 2], pads = [3, 3, 3, 3]> (u, w)
        r = Relu(c)
        d = Conv <pads = [1, 1, 1, 1]> (r, v)
        g = GlobalAveragePool(d)
        f = Flatten(g)
        y = Gemm <transB = 1> (f, k)
      }
      """
    ],
    passes: [
      """
      own_size (float[1,3,224,224] x) => (y) <float[64,3,7,7] w, float[64,64,3,3] v> {
        c = Conv <strides = [2, 2], pads = [3, 3, 3, 3]> (x, w)
        r = Relu(c)
        y = Conv <pads = [1, 1, 1, 1]> (r, v)
      }
      """,
      """
      super_resolution (float[1,1,64,64] x) => (y)
        <float[4] s = {1, 1, 2, 2}, float[64,1,9,9] w, float[1,64,5,5] v> {
        u = Resize <mode = "linear"> (x, , s)
        c = Conv <pads = [4, 4, 4, 4]> (u, w)
        r = Relu(c)
        y = Conv <pads = [2, 2, 2, 2]> (r, v)
      }
      """,
      """
      decoder (float[1,3,64,64] x) => (y)
        <float[32,3,3,3] w, float[4] s = {1, 1, 2, 2}, float[8,32,3,3] v> {
        c = Conv <pads = [1, 1, 1, 1], strides = [2, 2]> (x, w)
        u = Resize <mode = "linear"> (c, , s)
        y = Conv <pads = [1, 1, 1, 1]> (u, v)
      }
      """,
    ]
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    guard let image = Image(subject) else { return }
    let scope = subject.scope
    // What is computed from the picture before any layer with weights.
    var isPicture = [Bool](repeating: false, count: scope.infos.count)
    isPicture[image.value] = true
    var enlarging: [Node.ID] = []
    var stems: [Node.ID] = []
    for (id, step) in subject.steps.enumerated() {
      guard let input = subject.input(id), isPicture[input] else { continue }
      if !step.contractions.isEmpty {
        stems.append(id)
        continue
      }
      if step.op is Resampling, growth(step) > 1 { enlarging.append(id) }
      for case let output? in step.node.outputs { isPicture[output] = true }
    }
    guard !stems.isEmpty, let first = enlarging.first, let before = subject.steps[first].inputs[0],
      let after = subject.steps[first].outputs[0],
      !scope.body.outputs.contains(where: { isDense($0, after, image, subject) })
    else { return }
    var rewrite = Rewrite()
    var gain = 1.0
    for id in enlarging {
      guard let input = subject.input(id) else { continue }
      rewrite.bypass(id, subject.steps[id].node, reading: input)
      gain *= growth(subject.steps[id])
    }
    for id in stems {
      guard let stem = subject.steps[id].op(as: Convolution.self) else { continue }
      rewrite.replaced[id] = [
        subject.steps[id].node.setting("strides", .ints(stem.window.strides.map { _ in 1 }))
      ]
    }
    report(
      Report(
        nodes: enlarging,
        message: """
          a picture of \(size(before, after)) is enlarged to \(size(after, before)), \(ratio(gain)) times as \
          many pixels with nothing more to see
          """,
        fix: "feed it at its own size, with a stride of 1 in the first layer",
        remedy: .rewrite(rewrite), isExact: false))
  }

  /// How many times as many elements the node's result has as its operand.
  private func growth(_ step: Step) -> Double {
    guard let input = step.inputs[0]?.shape.count, let output = step.outputs[0]?.shape.count,
      input > 0
    else { return 1 }
    return Double(output) / Double(input)
  }

  /// The extents that enlarging changes, wherever they are; all where they cannot be told.
  private func size(_ tensor: TensorInfo, _ other: TensorInfo) -> String {
    let axes = tensor.dims.indices.filter {
      tensor.rank == other.rank && tensor.dims[$0] != other.dims[$0]
    }
    return axes.count == 2
      ? axes.map { "\(tensor.dims[$0])" }.joined(separator: "x") : "\(tensor.shape)"
  }

  /// Whether an output has a value for each place of the enlarged picture, which is what enlarging is for.
  private func isDense(
    _ output: Value.ID, _ enlarged: TensorInfo, _ image: Image, _ subject: Subject
  )
    -> Bool
  {
    guard let tensor = subject.tensor(output), tensor.rank >= 3, enlarged.rank == 4 else {
      return false
    }
    // Its places, whichever axis its channels are along.
    let channels = max(1, subject.tensor(image.value)?.dims[image.axis == 1 ? 3 : 1] ?? 1)
    let batch = max(1, enlarged.dims[0])
    let places = enlarged.shape.count / channels / batch
    return tensor.shape.count >= places
  }
}
