import Cost
import Graph

package struct ConvAfterUpsample: Rule {
  package static let page = Page(
    code: "NNC218",
    name: "conv-after-upsample",
    group: .redundantWork,
    level: .warning,
    summary:
      "A convolution runs on a feature map that was just made larger, and held no more than before.",
    why: """
      An interpolated feature map has four times the pixels and nothing new. A 1×1 convolution works on each pixel
      and an interpolation on each channel, so that they can change places: before, the convolution has a quarter
      of the pixels. A 3×3 convolution after nearest neighbours multiplies most weights with the same
      pixel twice: taken together, the two are one transposed convolution with a 4×4 kernel and a stride of 2,
      for 16/36 of the multiply-accumulates. Where an enlarged map stands beside others, a 1×1 convolution over all of
      them is a sum of two, one of which can run before. Optimisers do none of this.
      """,
    fix: """
      Put a 1×1 convolution before the interpolation. Replace nearest neighbours and a larger convolution by one
      transposed convolution; the weights follow from the convolution's.
      """,
    safety: """
      Exact up to rounding: the weights of an interpolation add up to 1, so that a bias is kept. The border too:
      what lies outside is zero on either side.
      """,
    sources: [
      "https://onnx.ai/onnx/operators/onnx__Resize.html",
      "Shi et al.: Is the deconvolution layer the same as a convolutional layer?, 2016",
    ],
    triggers: [
      """
      pointwise (float[1,256,64,64] x) => (y) <float[128,256,1,1] w, float[4] scales = {1, 1, 2, 2}> {
        u = Resize <mode = "linear"> (x, , scales)
      ↓ y = Conv(u, w)
      }
      """,
      """
      repeated (float[1,256,64,64] x) => (y) <float[128,256,3,3] w, float[128] b, float[4] scales = {1, 1, 2, 2}> {
        u = Resize <mode = "nearest", coordinate_transformation_mode = "asymmetric", nearest_mode = "floor"> (x, , scales)
      ↓ y = Conv <pads = [1, 1, 1, 1]> (u, w, b)
      }
      """,
      """
      spelled_out (float[1,256,64,64] x) => (y)
        <float[128,256,3,3] w, int64[1] three = {3}, int64[1] five = {5}, int64[6] t = {1, 1, 1, 2, 1, 2},
        int64[4] s = {1, 256, 128, 128}> {
        a = Unsqueeze(x, three)
        b = Unsqueeze(a, five)
        c = Tile(b, t)
        d = Reshape(c, s)
      ↓ y = Conv <pads = [1, 1, 1, 1]> (d, w)
      }
      """,
      """
      beside_another (float[1,512,32,32] x, float[1,64,64,64] s) => (y)
        <float[64,576,1,1] w, float[64] b, float[4] scales = {1, 1, 2, 2}> {
        u = Resize <mode = "nearest"> (x, , scales)
        c = Concat <axis = 1> (u, s)
      ↓ y = Conv(c, w, b)
      }
      """,
    ],
    passes: [
      """
      interpolated (float[1,256,64,64] x) => (y) <float[128,256,3,3] w, float[4] scales = {1, 1, 2, 2}> {
        u = Resize <mode = "linear"> (x, , scales)
        y = Conv <pads = [1, 1, 1, 1]> (u, w)
      }
      """,
      """
      tiled_as_a_whole (float[1,64,64,64] x) => (y) <float[64,64,3,3] w, int64[4] t = {1, 1, 2, 2}> {
        u = Tile(x, t)
        y = Conv <pads = [1, 1, 1, 1]> (u, w)
      }
      """,
      """
      transposed (float[1,256,64,64] x) => (y) <float[256,128,2,2] w> {
        y = ConvTranspose <strides = [2, 2]> (x, w)
      }
      """,
      """
      read_elsewhere (float[1,256,64,64] x) => (y, u) <float[128,256,1,1] w, float[4] scales = {1, 1, 2, 2}> {
        u = Resize <mode = "linear"> (x, , scales)
        y = Conv(u, w)
      }
      """,
      """
      beside_another_in_groups (float[1,64,32,32] x, float[1,64,64,64] s) => (y)
        <float[128,64,1,1] w, float[4] scales = {1, 1, 2, 2}> {
        u = Resize <mode = "nearest"> (x, , scales)
        c = Concat <axis = 1> (u, s)
        y = Conv <group = 2> (c, w)
      }
      """,
      """
      smaller (float[1,256,64,64] x) => (y) <float[256,256,1,1] w, float[4] scales = {1, 1, 0.5, 0.5}> {
        u = Resize <mode = "linear"> (x, , scales)
        y = Conv(u, w)
      }
      """,
    ]
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    for (id, step) in subject.steps.enumerated() {
      guard step.isPlainConvolution, step.isCounted, let before = subject.producer(of: id) else {
        continue
      }
      if let split = split(id, over: before, subject) {
        report(split)
        continue
      }
      if let rewrite = spelledOut(id, before, subject) {
        report(
          Report(
            nodes: [id, before],
            message: "a convolution goes over a map whose pixels were just repeated",
            fix: "make the two one transposed convolution", remedy: .rewrite(rewrite), isExact: true
          ))
        continue
      }
      guard subject.onlyReader(of: before) == id, let upsampling = Upsampling(before, subject),
        let (window, kernel) = step.slidingWindow, window.strides.allSatisfy({ $0 == 1 }),
        kernel.indices.allSatisfy({ window.dilation($0) == 1 || kernel[$0] == 1 })
      else { continue }
      if kernel.allSatisfy({ $0 == 1 }), window.takesEachElement {
        guard let rewrite = swapped(id, upsampling, subject) else { continue }
        report(
          Report(
            nodes: [id, before],
            message: "a 1×1 convolution goes over a map that was just enlarged",
            fix: "convolve first, then enlarge", remedy: .rewrite(rewrite), isExact: true))
      } else if upsampling.repeats, let factors = upsampling.factors,
        kernel.contains(where: { $0 > 1 }),
        let joined = TransposedForm(step, factors),
        let source = subject.input(before),
        let rewrite = joined.rewrite(id, [before], source, subject)
      {
        report(
          Report(
            nodes: [id, before],
            message: "a convolution goes over a map whose pixels were just repeated",
            fix: "make the two one transposed convolution", remedy: .rewrite(rewrite), isExact: true
          ))
      }
    }
  }

  /// The convolution and the repetition of pixels before it as one layer, where the repetition is spelled out.
  private func spelledOut(_ id: Node.ID, _ before: Node.ID, _ subject: Subject) -> Rewrite? {
    guard subject.onlyComputingReader(of: before) == id,
      let repeated = RepeatedPixels(before, subject),
      let (window, kernel) = subject.steps[id].slidingWindow,
      window.strides.allSatisfy({ $0 == 1 }),
      kernel.indices.allSatisfy({ window.dilation($0) == 1 || kernel[$0] == 1 }),
      let joined = TransposedForm(subject.steps[id], repeated.factors),
      let rewrite = joined.rewrite(id, repeated.nodes, repeated.source, subject),
      subject.isWhole(rewrite), subject.holdsForOtherExtents(rewrite)
    else { return nil }
    return rewrite
  }

  /// What to say of a 1×1 convolution over a concatenation, part of which was enlarged; nil where it is no such.
  private func split(_ id: Node.ID, over concat: Node.ID, _ subject: Subject) -> Report? {
    guard let (window, kernel) = subject.steps[id].slidingWindow, window.takesEachElement,
      kernel.allSatisfy({ $0 == 1 }),
      subject.steps[id].op(as: Convolution.self)?.groups == 1,
      let split = SplitConcat(id, over: concat, subject), let rewrite = split.rewrite(subject)
    else { return nil }
    return Report(
      nodes: [id, concat],
      message: "a 1×1 convolution goes over a map of which a part was just enlarged",
      fix: "convolve that part before it is enlarged, the others apart, and add the two",
      remedy: .rewrite(rewrite), isExact: true)
  }

  /// The convolution first, then what enlarges the map.
  private func swapped(_ id: Node.ID, _ upsampling: Upsampling, _ subject: Subject) -> Rewrite? {
    var rewrite = Rewrite()
    var first = subject.steps[id].node
    guard let channels = subject.steps[id].outputs[0]?.shape[1],
      var second = upsampling.node(channels: channels, &rewrite, subject)
    else { return nil }
    let outputs = first.outputs
    first.inputs[0] = second.inputs[0]
    let small = rewrite.add("small", to: subject.scope.body)
    first.outputs = [small]
    second.inputs[0] = small
    second.outputs = outputs
    rewrite.removed.insert(upsampling.id)
    rewrite.replaced[id] = [first, second]
    return rewrite
  }
}
