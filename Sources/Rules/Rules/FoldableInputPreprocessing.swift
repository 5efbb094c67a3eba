import Cost
import Graph

package struct FoldableInputPreprocessing: Rule {
  package static let page = Page(
    code: "NNC251",
    name: "foldable-input-preprocessing",
    group: .redundantWork,
    level: .warning,
    summary: "The first layer could take in what is done to the input before it.",
    why: """
      A grey image copied into three equal channels makes the first convolution do the same products three times
      over: one channel, with the weights of the three added up, gives the same. Scaling an image to between 0 and 1, or
      by the deviation of each channel, is a factor that the first layer's weights can hold, and the order of channels,
      such as blue before red, is an order of its weights. Each such step reads
      and writes the whole image, at its full resolution. Channels that are scaled one by one, as torchvision's
      `transform_input` does, take several steps each.
      """,
    fix: """
      Sum the first convolution's weights over its input channels and feed one channel. Multiply the weights by
      the scale of each channel. Subtract means in the bias where the convolution is not padded.
      """,
    safety: """
      Exact up to rounding. A mean is not folded into a padded convolution: around the image it would be
      subtracted from zeros, which changes the border by 50 % and more.
      """,
    sources: [
      "Jacob et al.: Quantization and Training of Neural Networks, 2018, section 3.2 (folding scales into weights)"
    ],
    triggers: [
      """
      grey (float[1,1,224,224] x) => (y) <float[64,3,7,7] w> {
      ↓ c = Concat <axis = 1> (x, x, x)
        y = Conv <pads = [3, 3, 3, 3], strides = [2, 2]> (c, w)
      }
      """,
      """
      scaled (float[8,3,224,224] x) => (y) <float[64,3,7,7] w, float s = {255}> {
        t = Transpose <perm = [0, 1, 3, 2]> (x)
      ↓ d = Div(t, s)
        y = Conv <pads = [3, 3, 3, 3], strides = [2, 2]> (d, w)
      }
      """,
      """
      centred (float[8,3,224,224] x) => (y) <float[64,3,8,8] w, float[1,3,1,1] m, float[1,3,1,1] s> {
      ↓ c = Sub(x, m)
        d = Div(c, s)
        y = Conv <strides = [8, 8]> (d, w)
      }
      """,
      """
      channels_last (float[8,224,224,3] x) => (y) <float[64,3,8,8] w, float[3] m, float s = {127.5}> {
      ↓ d = Div(x, s)
        c = Sub(d, m)
        t = Transpose <perm = [0, 3, 1, 2]> (c)
        y = Conv <strides = [8, 8]> (t, w)
      }
      """,
      """
      three_of_one (float[1,224,224] x) => (y) <float[64,3,7,7] w, int64[1] one = {1}> {
        a = Unsqueeze(x, one)
        b = Unsqueeze(x, one)
      ↓ c = Concat <axis = 1> (a, b, a)
        y = Conv <pads = [3, 3, 3, 3], strides = [2, 2]> (c, w)
      }
      """,
      """
      blue_first (float[1,3,224,224] x) => (y) <float[64,3,7,7] w, int64[3] order = {2, 1, 0}> {
      ↓ b = Gather <axis = 1> (x, order)
        y = Conv <pads = [3, 3, 3, 3], strides = [2, 2]> (b, w)
      }
      """,
      """
      one_by_one (float[1,3,299,299] x) => (y)
        <float[32,3,3,3] w, int64 zero = {0}, int64 first = {1}, int64 two = {2}, int64[1] one = {1}, float a = {0.458},
         float b = {-0.03}, float c = {0.448}, float d = {-0.088}, float e = {0.45}, float f = {-0.188}> {
      ↓ r = Gather <axis = 1> (x, zero)
        ru = Unsqueeze(r, one)
        rm = Mul(ru, a)
        ra = Add(rm, b)
        g = Gather <axis = 1> (x, first)
        gu = Unsqueeze(g, one)
        gm = Mul(gu, c)
        ga = Add(gm, d)
        h = Gather <axis = 1> (x, two)
        hu = Unsqueeze(h, one)
        hm = Mul(hu, e)
        ha = Add(hm, f)
        k = Concat <axis = 1> (ra, ga, ha)
        y = Conv <strides = [2, 2]> (k, w)
      }
      """,
    ],
    passes: [
      """
      mean_and_padding (float[8,3,224,224] x) => (y) <float[64,3,7,7] w, float[1,3,1,1] m> {
        c = Sub(x, m)
        y = Conv <pads = [3, 3, 3, 3], strides = [2, 2]> (c, w)
      }
      """,
      """
      three_channels (float[1,1,224,224] a, float[1,1,224,224] b) => (y) <float[64,3,7,7] w> {
        c = Concat <axis = 1> (a, a, b)
        y = Conv <pads = [3, 3, 3, 3], strides = [2, 2]> (c, w)
      }
      """,
      """
      a_channel_twice (float[1,3,224,224] x) => (y) <float[64,3,7,7] w, int64[3] order = {0, 0, 1}> {
        b = Gather <axis = 1> (x, order)
        y = Conv <pads = [3, 3, 3, 3], strides = [2, 2]> (b, w)
      }
      """,
      """
      inner_scale (float[8,3,224,224] x) => (y) <float[64,3,7,7] v, float[64,64,3,3] w, float s = {2}> {
        a = Conv <pads = [3, 3, 3, 3], strides = [2, 2]> (x, v)
        b = Relu(a)
        c = Div(b, s)
        y = Conv(c, w)
      }
      """,
    ],
    runtime: .eager
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    let isGiven = subject.madeFromInputsAlone
    var folded: Set<Node.ID> = []
    for (id, step) in subject.steps.enumerated() where step.isPlainConvolution && step.isCounted {
      guard let input = step.node.inputs[0] else { continue }
      if let copies = ReplicatedChannel(id, subject), let rewrite = copies.rewrite(subject) {
        report(
          Report(
            nodes: [copies.source, id],
            message:
              "one channel is copied into \(copies.channels) that the first convolution adds up again",
            fix: "sum the weights over the copies and feed one channel",
            remedy: .rewrite(rewrite), isExact: true))
      } else if isGiven[input], let folding = InputFolding(id, subject),
        let rewrite = folding.rewrite(subject)
      {
        report(
          Report(
            nodes: folding.nodes,
            message:
              "\(subject.operators(folding.nodes)) before the first convolution could be in its weights",
            fix: folding.isReordered
              ? "put the weights' channels into that order, and what scales and shifts them into weights and bias"
              : "multiply the weights by the scale, and add the shift to the bias",
            remedy: .rewrite(rewrite), isExact: true))
        folded.formUnion(folding.nodes)
      }
    }
    for (id, step) in subject.steps.enumerated()
    where step.op(is: Concat.self) && !folded.contains(id) {
      guard let map = ChannelMap(id, subject), isGiven[map.source],
        let rewrite = map.rewrite(subject)
      else { continue }
      report(
        Report(
          nodes: map.nodes,
          message: "each channel of the input is scaled by itself: \(subject.operators(map.nodes))",
          fix: "scale all channels at once, by one number for each",
          remedy: .rewrite(rewrite), isExact: true))
    }
  }
}

extension Subject {
  /// For each value, whether it is an input of the model, with nothing but preprocessing done to it.
  fileprivate var madeFromInputsAlone: [Bool] {
    var isMade = [Bool](repeating: false, count: scope.infos.count)
    for id in scope.body.inputs where !scope.constants[id] { isMade[id] = true }
    for step in steps {
      // All else that it reads are constants.
      let read = step.inputs.all.indices.filter {
        step.inputs.isGiven($0) && !step.inputs.isConstant($0)
      }
      guard !read.isEmpty, read.count == 1 || step.op(is: Concat.self),
        read.allSatisfy({ index in step.node.inputs[index].map { isMade[$0] } ?? false }),
        step.contractions.isEmpty
      else { continue }
      switch step.family {
      case Elementwise.self, Cast.self, Transpose.self, Pad.self, Resampling.self, Clip.self,
        Slicing.self, Reshape.self, Squeeze.self, Unsqueeze.self, Identity.self, Concat.self,
        Gather.self, Split.self:
        for case let output? in step.node.outputs { isMade[output] = true }
      default: continue
      }
    }
    return isMade
  }
}
