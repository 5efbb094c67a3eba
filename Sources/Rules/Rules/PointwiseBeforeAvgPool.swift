import Cost
import Graph

package struct PointwiseBeforeAvgPool: Rule {
  package static let page = Page(
    code: "NNC217",
    name: "pointwise-before-avgpool",
    group: .redundantWork,
    level: .warning,
    summary:
      "A 1×1 convolution or dense layer runs at every place, and its result is averaged right after.",
    why: """
      A 1×1 convolution mixes channels, an average pool mixes pixels, and both are linear: the order does not
      matter to the result. Averaged first, the convolution has a quarter of the pixels to go over, or a single
      one where the pool is global. The transitions of DenseNet are in the dear order: there, swapping saves
      8 to 9 % of all multiply-accumulates. A dense layer over all positions of a sequence, followed by their mean, is
      the same waste. Optimisers do not swap the two.
      """,
    fix:
      "Swap the two: the average pool first, then the convolution. The weights stay as they are.",
    safety:
      "Exact up to rounding: relative error below 1e-6 in float32. Not offered where padding would take part in the mean.",
    sources: [
      "Huang et al.: Densely Connected Convolutional Networks, 2017 (the transition layers)",
      "the share of multiply-accumulates: this tool's own count over DenseNet-121, 169 and 201",
    ],
    triggers: [
      """
      transition (float[1,256,56,56] x) => (y) <float[128,256,1,1] w, float[128] b> {
        r = Relu(x)
      ↓ c = Conv(r, w, b)
        y = AveragePool <kernel_shape = [2, 2], strides = [2, 2]> (c)
      }
      """,
      """
      classifier (float[1,512,13,13] x) => (y) <float[1000,512,1,1] w> {
      ↓ c = Conv(x, w)
        y = GlobalAveragePool(c)
      }
      """,
    ],
    passes: [
      """
      relu_between (float[1,512,13,13] x) => (y) <float[1000,512,1,1] w> {
        c = Conv(x, w)
        r = Relu(c)
        y = GlobalAveragePool(r)
      }
      """,
      """
      largest (float[1,256,56,56] x) => (y) <float[128,256,1,1] w> {
        c = Conv(x, w)
        y = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (c)
      }
      """,
      """
      padding_in_the_mean (float[1,256,56,56] x) => (y) <float[128,256,1,1] w, float[128] b> {
        c = Conv(x, w, b)
        y = AveragePool <kernel_shape = [3, 3], strides = [2, 2], pads = [1, 1, 1, 1], count_include_pad = 1> (c)
      }
      """,
      """
      mean_over_channels (float[1,512,13,13] x) => (y) <float[1000,512,1,1] w> {
        c = Conv(x, w)
        y = ReduceMean <axes = [1, 2], keepdims = 0> (c)
      }
      """,
      """
      mean_over_features (float[8,196,384] x) => (y) <float[384,1000] w> {
        m = MatMul(x, w)
        y = ReduceMean <axes = [-1], keepdims = 0> (m)
      }
      """,
      """
      wide_first (float[1,16,56,56] x) => (y) <float[512,16,1,1] w> {
        p = AveragePool <kernel_shape = [2, 2], strides = [2, 2]> (x)
        y = Conv(p, w)
      }
      """,
    ]
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    for id in subject.steps.indices {
      if let rewrite = PoolFirst.convolution(id, subject) {
        report(
          Report(
            nodes: [id],
            message: "a 1×1 convolution computes every pixel that an average pool then averages",
            fix: "pool first, then convolve", remedy: .rewrite(rewrite), isExact: true))
      } else if let rewrite = PoolFirst.product(id, subject) {
        report(
          Report(
            nodes: [id],
            message: "a dense layer computes every position that a mean then averages",
            fix: "take the mean first", remedy: .rewrite(rewrite), isExact: true))
      }
    }
  }
}
