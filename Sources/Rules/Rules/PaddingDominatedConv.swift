import Cost
import Graph

package struct PaddingDominatedConv: Rule {
  package static let page = Page(
    code: "NNC516",
    name: "padding-dominated-conv",
    group: .architecture,
    level: .warning,
    summary: "Convolutions multiply the padding around their map by weights.",
    why: """
      A tap of a kernel that falls on the padding multiplies a weight by zero, and is paid like any other. A
      few per cent of that is what padding costs. It gets large where a dilated kernel is wider than the map:
      at a rate near the size of the map only the middle weight ever meets it, and a 3x3 convolution works
      like a 1x1 one, as the authors of DeepLabv3 say. It gets large too where a network meant for large pictures is
      fed small ones: 3x3 kernels over maps of 2x2. And a causal convolution that is padded at both ends, of which the
      last results are cut off again, computes those for nothing: with dilations of hundreds, as many as it keeps.
      """,
    fix: """
      Cut off the rows and columns of the kernel that never meet the map, and pad only where results are kept, which both
      keep the function exactly.
      Beyond that, choose rates for the size of the map, use a 1x1 kernel where the middle tap does the work,
      or shrink the picture less often.
      """,
    safety:
      "Exact where taps never meet the map or results are cut off; otherwise it changes the function and needs fine-tuning.",
    sources: [
      "Chen et al.: Rethinking Atrous Convolution (DeepLabv3), 2017, section 3.3",
      "Bai, Kolter, Koltun: An Empirical Evaluation of Generic Convolutional and Recurrent Networks, 2018 (causal convolutions)",
      "https://onnx.ai/onnx/operators/onnx__Conv.html",
    ],
    triggers: [
      """
      wide_rate (float[1,512,28,28] x) => (y) <float[256,512,3,3] w> {
      ↓ y = Conv <pads = [36, 36, 36, 36], dilations = [36, 36]> (x, w)
      }
      """,
      """
      causal (float[8,64,1000] x) => (y)
        <float[64,64,7] w, int64[1] from = {0}, int64[1] to = {-48}, int64[1] axis = {2}> {
      ↓ c = Conv <pads = [48, 48], dilations = [8]> (x, w)
        s = Slice(c, from, to, axis)
        y = Relu(s)
      }
      """,
      """
      small_map (float[1,512,2,2] x) => (y) <float[512,512,3,3] w> {
      ↓ y = Conv <pads = [1, 1, 1, 1]> (x, w)
      }
      """,
    ],
    passes: [
      """
      cut_further (float[8,64,1000] x) => (y)
        <float[64,64,7] w, int64[1] from = {0}, int64[1] to = {-49}, int64[1] axis = {2}> {
        c = Conv <pads = [48, 48], dilations = [8]> (x, w)
        s = Slice(c, from, to, axis)
        y = Relu(s)
      }
      """,
      """
      usual (float[1,256,14,14] x) => (y) <float[256,256,3,3] w> {
        y = Conv <pads = [1, 1, 1, 1]> (x, w)
      }
      """,
      """
      dilated (float[1,256,64,64] x) => (y) <float[256,256,3,3] w> {
        y = Conv <pads = [2, 2, 2, 2], dilations = [2, 2]> (x, w)
      }
      """,
    ]
  )

  /// Padding must take this share of the multiply-accumulates of all convolutions to be reported where
  /// mending it changes the function.
  static let share = 0.15
  /// A tap that meets the map at no more than this share of the positions is one to do without.
  static let rareTap = 0.5

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    for id in subject.steps.indices {
      guard let cut = CutPadding(id, subject) else { continue }
      var rewrite = Rewrite()
      cut.mend(&rewrite, subject)
      report(
        Report(
          nodes: [id], message: "a convolution is padded to give results that are cut off again",
          fix: "pad it less, on the side that is cut off, and leave the slice out",
          remedy: .rewrite(rewrite), isExact: true))
    }
    var (macs, padding) = (0.0, 0.0)
    var exact = Crop(limit: 0)
    var lossy = Crop(limit: Self.rareTap)
    for (id, step) in subject.steps.enumerated() {
      guard let taps = Taps.all(of: step) else { continue }
      let lost = 1 - taps.reduce(1) { $0 * $1.share }
      macs += Double(step.work.macs)
      padding += Double(step.work.macs) * lost
      exact.add(id, taps, subject)
      lossy.add(id, taps, subject)
    }
    if !exact.nodes.isEmpty {
      report(
        Report(
          nodes: exact.nodes,
          message: """
            \(counted(exact.nodes.count, "convolution")) with kernel taps that read padding at every position
            """.joinedLines,
          fix: "cut those rows and columns off the kernel: the result is the same",
          remedy: .rewrite(exact.rewrite), isExact: true))
    }
    guard macs > 0, padding / macs >= Self.share, lossy.nodes != exact.nodes else { return }
    report(
      Report(
        nodes: lossy.nodes,
        message: """
          \(percent(padding / macs)) of the convolutions' multiply-accumulates are with padding; \
          \(counted(lossy.nodes.count, "kernel")) \(lossy.nodes.count == 1 ? "has" : "have") taps that \
          meet the map at half of the positions or fewer
          """,
        fix: lossy.isDilated
          ? "smaller dilations, or a 1x1 kernel where only the middle tap works"
          : "larger pictures, or fewer strides: the last maps are smaller than the kernels that go over them",
        remedy: .rewrite(lossy.rewrite), isExact: false, isNote: true))
  }
}

/// Convolutions whose kernels are cut to the taps that meet the map often enough.
private struct Crop {
  /// A tap has to meet the map at more than this share of the positions.
  let limit: Double
  var rewrite = Rewrite()
  var nodes: [Node.ID] = []
  /// Whether one of the kernels has gaps between its taps.
  var isDilated = false

  init(limit: Double) { self.limit = limit }

  mutating func add(_ id: Node.ID, _ taps: [Taps], _ subject: Subject) {
    let step = subject.steps[id]
    guard step.node.op == "Conv", let weights = subject.input(id, 1),
      subject.scope.body.values[weights].initializer != nil
    else { return }
    var ranges: [Range<Int>] = []
    var pads: (before: [Int], after: [Int]) = ([], [])
    for axis in taps {
      var range = axis.used(atMoreThan: limit)
      let whole = 0..<axis.kernel
      var padding = axis.padding(keeping: range)
      if padding == nil { (range, padding) = (whole, axis.padding(keeping: whole)) }
      guard let padding else { return }
      ranges.append(range)
      pads.before.append(padding.before)
      pads.after.append(padding.after)
    }
    guard zip(ranges, taps).contains(where: { $0.count < $1.kernel }) else { return }
    if taps.contains(where: { $0.dilation > 1 }) { isDilated = true }
    let dilations = zip(ranges, taps).map { $0.count == 1 ? 1 : $1.dilation }
    // The weights are cut by a node, which every runtime folds when it loads the model.
    let opset = step.node.opset
    let base = subject.scope.body.values.count + rewrite.added.count
    var slice = Node("Slice", opset: opset, inputs: [weights], outputs: [base])
    let starts = ranges.map(\.lowerBound)
    let ends = ranges.map(\.upperBound)
    let axes = ranges.indices.map { $0 + 2 }
    let name = subject.scope.body.values[weights].name
    rewrite.added.append(Value("\(name).cropped"))
    if opset < 10 {
      slice.attributes = [
        Attribute("starts", .ints(starts)), Attribute("ends", .ints(ends)),
        Attribute("axes", .ints(axes)),
      ]
    } else {
      for (what, numbers) in [("starts", starts), ("ends", ends), ("axes", axes)] {
        guard let info = try? TensorInfo(.int64, [numbers.count], value: .integers(numbers)) else {
          return
        }
        rewrite.added.append(Value("\(name).\(what)", initializer: Literal(info)))
        slice.inputs.append(subject.scope.body.values.count + rewrite.added.count - 1)
      }
    }
    var node = step.node
      .setting("pads", .ints(pads.before + pads.after))
      .setting("dilations", .ints(dilations))
      .setting("auto_pad", nil)
      .setting("kernel_shape", .ints(ranges.map(\.count)))
    node.inputs[1] = base
    rewrite.replaced[id] = [slice, node]
    nodes.append(id)
  }
}
