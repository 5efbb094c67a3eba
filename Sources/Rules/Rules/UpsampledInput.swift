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
      its sets took 20 to 138 kJ on a T4. Pixels that are repeated, and a transposed convolution that interpolates, are enlargements too. An Xception retrained on MNIST has been estimated to take 90 times the energy of a
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
      """,
      """
      repeated (float[1,1,28,28] x) => (y)
        <int64[6] apart = {1, 1, 28, 1, 28, 1}, int64[6] wide = {1, 1, 28, 8, 28, 8}, int64[4] whole = {1, 1, 224, 224},
         float[64,1,7,7] w, float[64,64,3,3] v, float[10,64] k> {
        a = Reshape(x, apart)
        b = Expand(a, wide)
      ↓ u = Reshape(b, whole)
        c = Conv <strides = [2, 2], pads = [3, 3, 3, 3]> (u, w)
        r = Relu(c)
        d = Conv <pads = [1, 1, 1, 1]> (r, v)
        g = GlobalAveragePool(d)
        f = Flatten(g)
        y = Gemm <transB = 1> (f, k)
      }
      """,
      """
      transposed (float[1,3,56,56] x) => (y)
        <float[3,1,4,4] t, float[64,3,7,7] w, float[64,64,3,3] v, float[10,64] k> {
      ↓ u = ConvTranspose <group = 3, strides = [4, 4]> (x, t)
        c = Conv <strides = [2, 2], pads = [3, 3, 3, 3]> (u, w)
        r = Relu(c)
        d = Conv <pads = [1, 1, 1, 1]> (r, v)
        g = GlobalAveragePool(d)
        f = Flatten(g)
        y = Gemm <transB = 1> (f, k)
      }
      """,
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
    var enlargements: [Enlargement] = []
    var stems: [Node.ID] = []
    for (id, step) in subject.steps.enumerated() {
      guard let input = subject.input(id), isPicture[input] else { continue }
      let enlargement = Enlargement(id, image, subject)
      if enlargement == nil, !step.contractions.isEmpty {
        stems.append(id)
        continue
      }
      if let enlargement {
        // A chain of repetitions is seen again from each of its later nodes.
        enlargements.removeAll { $0.nodes.contains(where: enlargement.nodes.contains) }
        enlargements.append(enlargement)
      }
      for case let output? in step.node.outputs { isPicture[output] = true }
    }
    guard !stems.isEmpty, let before = enlargements.first?.before,
      let after = enlargements.map(\.after).max(by: { $0.shape.count < $1.shape.count }),
      !scope.body.outputs.contains(where: { isDense($0, after, image, subject) })
    else { return }
    var rewrite = Rewrite()
    var gain = 1.0
    for enlargement in enlargements {
      let (last, others) = (enlargement.nodes[0], enlargement.nodes.dropFirst())
      rewrite.bypass(last, subject.steps[last].node, reading: enlargement.source)
      rewrite.removed.formUnion(others)
      gain *= enlargement.growth
    }
    for id in stems {
      guard let stem = subject.steps[id].op(as: Convolution.self) else { continue }
      rewrite.replaced[id] = [
        subject.steps[id].node.setting("strides", .ints(stem.window.strides.map { _ in 1 }))
      ]
    }
    report(
      Report(
        nodes: enlargements.map(\.nodes[0]),
        message: """
          a picture of \(size(before, after)) is enlarged to \(size(after, before)), \(ratio(gain)) times as \
          many pixels with nothing more to see
          """,
        fix: "feed it at its own size, with a stride of 1 in the first layer",
        remedy: .rewrite(rewrite), isExact: false))
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

/// Nodes that make a picture larger without seeing more in it.
private struct Enlargement {
  /// What is enlarged, and the nodes that do it, the last first.
  let source: Value.ID
  let nodes: [Node.ID]
  let before: TensorInfo
  let after: TensorInfo

  /// How many times as many elements there are behind it.
  var growth: Double { Double(after.shape.count) / Double(max(1, before.shape.count)) }

  /// Nil unless the node ends an enlargement.
  init?(_ id: Node.ID, _ image: Image, _ subject: Subject) {
    let step = subject.steps[id]
    if let repeated = RepeatedPixels(id, subject) {
      (source, nodes) = (repeated.source, repeated.nodes)
    } else {
      guard let input = subject.input(id), step.enlargesPictures else { return nil }
      (source, nodes) = (input, [id])
    }
    guard let before = subject.tensor(source), let after = step.outputs[0], !after.isEstimated,
      after.shape.count > before.shape.count, before.rank == after.rank
    else { return nil }
    (self.before, self.after) = (before, after)
  }
}

extension Step {
  /// Whether the node interpolates between the pixels of a picture, or takes them more than once.
  fileprivate var enlargesPictures: Bool {
    switch op {
    case is Resampling: return true
    case is Gather: return inputs.isConstant(1) && inputs[1]?.rank == 1
    case let transposed as TransposedConvolution:
      // A few channels become as many: weights interpolate, and see nothing new.
      guard let weights = inputs[1], weights.rank == 4, let channels = inputs[0]?.dims[1] else {
        return false
      }
      return channels <= 4 && outputs[0]?.dims[1] == channels
        && (0..<2).contains { transposed.window.stride($0) > 1 }
    default: return false
    }
  }
}
