import Cost
import Graph

package struct UnmergedParallelBranches: Rule {
  package static let page = Page(
    code: "NNC220",
    name: "unmerged-parallel-branches",
    group: .redundantWork,
    level: .warning,
    summary: "Convolutions of one tensor are added up, where one convolution would do.",
    why: """
      The sum of two convolutions of the same tensor is a convolution whose kernel is the sum of theirs, the
      smaller one padded with zeros; the tensor itself is a convolution too, by 1 in the middle, and a constant that
      scales a branch is a factor of its kernel. RepVGG,
      MobileOne, ACNet and UniRepLKNet, whose small kernels are dilated, train with several branches, because that trains better, and are meant to be run with
      one. In the form they are trained in, every branch reads and writes a whole feature map, and every sum
      reads two. Optimisers do not merge the branches: it is a step of its own after training.
      """,
    fix:
      "Reparameterise before the export: the projects' own switch_to_deploy(), fuse() or reparameterize().",
    safety:
      "Exact up to rounding: relative error about 1e-6 in float32. A network to be trained further keeps its branches.",
    sources: [
      "Ding et al.: RepVGG: Making VGG-style ConvNets Great Again, 2021, section 3.3"
    ],
    triggers: [
      """
      repvgg (float[1,64,56,56] x) => (y)
        <float[64,64,3,3] a, float[64,64,1,1] b, float[64] s, float[64] o, float[64] m, float[64] v> {
        c = Conv <pads = [1, 1, 1, 1]> (x, a)
        cn = BatchNormalization(c, s, o, m, v)
        d = Conv(x, b)
        dn = BatchNormalization(d, s, o, m, v)
        n = BatchNormalization(x, s, o, m, v)
        t = Add(cn, dn)
      ↓ u = Add(t, n)
        y = Relu(u)
      }
      """,
      """
      crossed (float[1,64,56,56] x) => (y)
        <float[64,64,3,3] a, float[64,64,3,1] b, float[64,64,1,3] c> {
        d = Conv <pads = [1, 1, 1, 1]> (x, a)
        e = Conv <pads = [1, 0, 1, 0]> (x, b)
        f = Conv <pads = [0, 1, 0, 1]> (x, c)
      ↓ y = Sum(d, e, f)
      }
      """,
      """
      dilated (float[1,64,56,56] x) => (y)
        <float[64,1,7,7] a, float[64,1,3,3] b, float[64,1,3,3] c, float half = {0.5}> {
        d = Conv <group = 64, pads = [3, 3, 3, 3]> (x, a)
        e = Conv <group = 64, dilations = [2, 2], pads = [2, 2, 2, 2]> (x, b)
        f = Conv <group = 64, dilations = [3, 3], pads = [3, 3, 3, 3]> (x, c)
        g = Mul(f, half)
      ↓ y = Sum(d, e, g)
      }
      """,
    ],
    passes: [
      """
      residual (float[1,64,56,56] x) => (y) <float[64,64,3,3] a, float[64,64,3,3] b> {
        c = Conv <pads = [1, 1, 1, 1]> (x, a)
        r = Relu(c)
        d = Conv <pads = [1, 1, 1, 1]> (r, b)
        y = Add(d, x)
      }
      """,
      """
      wider_than_all (float[1,64,56,56] x) => (y) <float[64,64,3,3] a, float[64,64,3,3] b> {
        c = Conv <pads = [1, 1, 1, 1]> (x, a)
        d = Conv <dilations = [4, 4], pads = [4, 4, 4, 4]> (x, b)
        y = Add(c, d)
      }
      """,
      """
      other_strides (float[1,64,56,56] x) => (y) <float[64,64,3,3] a, float[64,64,2,2] b> {
        c = Conv <pads = [1, 1, 1, 1], strides = [2, 2]> (x, a)
        d = Conv <strides = [2, 2]> (x, b)
        p = Relu(d)
        y = Add(c, p)
      }
      """,
      """
      read_elsewhere (float[1,64,56,56] x) => (y, z) <float[64,64,3,3] a, float[64,64,1,1] b> {
        c = Conv <pads = [1, 1, 1, 1]> (x, a)
        d = Conv(x, b)
        y = Add(c, d)
        z = Relu(c)
      }
      """,
    ]
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    for id in subject.steps.indices {
      guard let sum = BranchSum(id, subject), let merged = sum.merged(subject) else { continue }
      report(
        Report(
          nodes: [id] + merged.layers,
          message: "convolutions of one tensor are added up that could be one convolution",
          fix: "merge the branches before exporting: switch_to_deploy() or the like",
          remedy: .rewrite(merged.rewrite), isExact: true))
    }
  }
}
