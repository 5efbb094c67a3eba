import Cost
import Graph

package struct ExcessInputResolution: Rule {
  package static let page = Page(
    code: "NNC552",
    name: "excess-input-resolution",
    group: .architecture,
    level: .warning,
    summary:
      "A classifier looks at a picture so large that its last maps still have 16 x 16 places or more.",
    why: """
      Energy grows with the number of pixels. A classifier averages its last maps to one number per channel,
      and those of most networks have 7 x 7 places by then; more say that the picture is larger than the network was
      made for, or than the task needs. EfficientNet V2 trains on smaller pictures, up to 2.2 times as fast, at equal or better accuracy.
      """,
    fix: """
      Try a side smaller by a third: export the network for it, and fine-tune or test its accuracy.
      """,
    safety:
      "Changes the function: small details may be lost. The RegNet study found a fixed resolution of 224 best for its networks.",
    sources: [
      "Tan, Le: EfficientNetV2, 2021",
      "Radosavovic et al.: Designing Network Design Spaces (RegNet), 2020",
    ],
    triggers: [
      """
      large (float[1,3,640,640] x) => (y)
        <float[64,3,3,3] w, float[256,64,3,3] v, float[512,256,3,3] u, float[10,512] k> {
      ↓ a = Conv <pads = [1, 1, 1, 1], strides = [4, 4]> (x, w)
        b = Conv <pads = [1, 1, 1, 1], strides = [4, 4]> (a, v)
        c = Conv <pads = [1, 1, 1, 1], strides = [2, 2]> (b, u)
        g = GlobalAveragePool(c)
        f = Flatten(g)
        y = Gemm <transB = 1> (f, k)
      }
      """
    ],
    passes: [
      """
      usual (float[1,3,224,224] x) => (y)
        <float[64,3,3,3] w, float[256,64,3,3] v, float[512,256,3,3] u, float[10,512] k> {
        a = Conv <pads = [1, 1, 1, 1], strides = [4, 4]> (x, w)
        b = Conv <pads = [1, 1, 1, 1], strides = [4, 4]> (a, v)
        c = Conv <pads = [1, 1, 1, 1], strides = [2, 2]> (b, u)
        g = GlobalAveragePool(c)
        f = Flatten(g)
        y = Gemm <transB = 1> (f, k)
      }
      """,
      """
      segmentation (float[1,3,640,640] x) => (y) <float[64,3,3,3] w, float[10,64,1,1] v> {
        a = Conv <pads = [1, 1, 1, 1], strides = [4, 4]> (x, w)
        y = Conv(a, v)
      }
      """,
    ]
  )

  /// The least height and width of the last maps.
  static let places = 16
  /// Smaller pictures are no larger than what others take.
  static let smallestSide = 256
  /// The side that the saving is priced with, as a share of that of now: half of the pixels.
  static let side = 0.7071
  /// Sides are multiples of this, since networks halve five times.
  static let multiple = 32

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    guard let image = Image(subject), min(image.height, image.width) >= Self.smallestSide,
      let tensor = subject.tensor(image.value),
      subject.scope.body.outputs.allSatisfy({ (subject.tensor($0)?.rank ?? 9) <= 2 })
    else { return }
    // Squeeze-and-excitation averages maps too; only the last average of all feeds the classifier.
    guard let head = subject.steps.indices.last(where: { averaged(subject.steps[$0]) != nil }),
      let (height, width) = averaged(subject.steps[head]),
      let stem = subject.steps.indices.first(where: {
        subject.steps[$0].layer == .convolution && subject.steps[$0].isCounted
      }),
      min(height, width) >= Self.places, max(height, width) < min(image.height, image.width)
    else { return }
    func smaller(_ side: Int) -> Int {
      max(1, Int(Double(side) * Self.side) / Self.multiple) * Self.multiple
    }
    var dims = tensor.dims
    dims[image.axis] = smaller(image.height)
    dims[image.axis + 1] = smaller(image.width)
    var request = subject.estimate.analysis.binding.request
    let name = subject.scope.body.values[image.value].name
    request.inputShapes.removeAll { $0.name == name }
    request.inputShapes.append(Binding.InputShape(name: name, dims: dims))
    report(
      Report(
        nodes: [stem, head],
        message: """
          a picture of \(image.height)x\(image.width) leaves \(height)x\(width) places for the classifier \
          to average
          """,
        fix: "try \(dims[image.axis])x\(dims[image.axis + 1])", remedy: .binding(request),
        isExact: false, cap: .info))
  }

  /// The height and width of the maps that a node averages to one number per channel; nil where it does not.
  private func averaged(_ step: Step) -> (height: Int, width: Int)? {
    guard step.isCounted, step.op(is: GlobalPooling.self) || step.op(is: Reduction.self),
      let before = step.inputs[0], before.rank == 4, let after = step.outputs[0]
    else { return nil }
    if after.shape.count == saturatingProduct(before.shape[0], before.shape[1]) {
      return (before.shape[2], before.shape[3])
    }
    if after.shape.count == saturatingProduct(before.shape[0], before.shape[3]) {
      return (before.shape[1], before.shape[2])
    }
    return nil
  }
}
