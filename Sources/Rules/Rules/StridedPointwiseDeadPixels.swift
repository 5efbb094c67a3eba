import Cost
import Graph

package struct StridedPointwiseDeadPixels: Rule {
  package static let page = Page(
    code: "NNC219",
    name: "strided-pointwise-dead-pixels",
    group: .redundantWork,
    level: .warning,
    summary: "Layers compute pixels that a strided 1×1 convolution skips.",
    why: """
      A 1×1 convolution with a stride of 2 reads one pixel in four. Where all readers of a feature map skip the
      same pixels, the layers before need not compute them. Taking every other row and column, by a slice or as the
      nearest neighbours in a picture of half the size, is the same. The first ResNets put the stride there, on both
      branches of a block, so the 3×3 convolution before is computed at four times the pixels that are read: 9.7 % of
      all multiply-accumulates of that ResNet-50.
      Later variants moved the stride onto the 3×3 convolution, for accuracy; that is another network.
      """,
    fix: """
      Let the layer before take the stride: a convolution with a stride of 2 followed by one without computes
      the same pixels, and none that are thrown away.
      """,
    safety:
      "Exact: pixels that nobody reads are left out, the others are computed from the same numbers.",
    sources: [
      "He et al.: Bag of Tricks for Image Classification with Convolutional Neural Networks, 2019, section 4.1",
      "the share of multiply-accumulates: this tool's own count over ResNet-50 with strides as first published",
    ],
    triggers: [
      """
      first_resnets (float[1,64,56,56] x) => (y)
        <float[64,64,3,3] a, float[256,64,1,1] b, float[128,256,1,1] c, float[512,256,1,1] d, float[512,128,1,1] e> {
        h = Relu(x)
      ↓ f = Conv <pads = [1, 1, 1, 1]> (h, a)
        g = Relu(f)
        i = Conv(g, b)
        j = Relu(i)
        k = Conv <strides = [2, 2]> (j, c)
        l = Relu(k)
        m = Conv(l, e)
        n = Conv <strides = [2, 2]> (j, d)
        y = Add(m, n)
      }
      """,
      """
      nearest_neighbours (float[1,64,56,56] x) => (y)
        <float[64,64,3,3] a, float[64] s, float[128,64,1,1] b, float[4] half = {1, 1, 0.5, 0.5}> {
      ↓ f = Conv <pads = [1, 1, 1, 1]> (x, a, s)
        g = Relu(f)
        d = Resize <mode = "nearest", coordinate_transformation_mode = "asymmetric", nearest_mode = "floor"> (g, , half)
        y = Conv(d, b)
      }
      """,
    ],
    passes: [
      """
      later_resnets (float[1,256,56,56] x) => (y)
        <float[128,256,1,1] a, float[128,128,3,3] b, float[512,128,1,1] c, float[512,256,1,1] d, float[256,256,1,1] z> {
        h = Conv(x, z)
        f = Conv(h, a)
        g = Relu(f)
        i = Conv <pads = [1, 1, 1, 1], strides = [2, 2]> (g, b)
        j = Relu(i)
        k = Conv(j, c)
        n = Conv <strides = [2, 2]> (h, d)
        y = Add(k, n)
      }
      """,
      """
      averaged (float[1,64,56,56] x) => (y)
        <float[64,64,3,3] a, float[128,64,1,1] b, float[4] half = {1, 1, 0.5, 0.5}> {
        f = Conv <pads = [1, 1, 1, 1]> (x, a)
        d = Resize <mode = "linear"> (f, , half)
        y = Conv(d, b)
      }
      """,
      """
      padded (float[1,64,56,56] x) => (y) <float[64,64,3,3] a, float[64,64,1,1] b> {
        f = Conv <pads = [1, 1, 1, 1]> (x, a)
        y = Conv <pads = [1, 1, 1, 1], strides = [2, 2]> (f, b)
      }
      """,
    ]
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    for (narrowing, rewrite) in Narrowing.all(in: subject, .strides) {
      report(
        Report(
          nodes: narrowing.layers,
          message: "layers compute more pixels than what comes after them reads",
          fix: "move the stride to the first of these layers",
          remedy: .rewrite(rewrite), isExact: true))
    }
  }
}
