import Cost
import Graph

package struct FP32OnTensorCoreDevice: Rule {
  package static let page = Page(
    code: "NNC435",
    name: "fp32-on-tensor-core-device",
    group: .precision,
    level: .warning,
    summary: "The matrix products run in float32 on a device that has tensor cores.",
    why: """
      Tensor cores multiply float16 matrices several times faster than the other units multiply float32 ones,
      for less energy each: a T4's data sheet says 65 against 8.1 TFLOP/s. Half as many bytes move as well. A
      network that was trained in float32 mostly keeps its accuracy when it runs in float16, with
      normalisations and sums kept in float32. Boards of the Ampere generation and later also take float32
      tensors into their tensor cores as TF32 (--precision tf32), with ten bits of fraction in each product:
      half as fast as float16, and as many bytes as float32.
      """,
    fix: """
      Build the engine with float16 allowed (TensorRT --fp16), or convert the model with onnxconverter-common's
      float16 tool and keep its inputs and outputs in float32. Check the accuracy on your own data. Where the
      board has TF32, that needs no conversion: TensorRT builds with it unless told not to, PyTorch takes it for
      convolutions, and for other products after torch.backends.cuda.matmul.allow_tf32 = True.
      """,
    safety:
      "Changes results slightly: accuracy mostly stays, check it; overflow is possible above 65504.",
    sources: [
      "NVIDIA: Tesla T4 data sheet, 2019 (65 TFLOP/s float16 tensor cores, 8.1 TFLOP/s float32)",
      "NVIDIA: A100 data sheet, 2021 (312 TFLOP/s float16, 156 TF32, 19.5 float32)",
      "Micikevicius et al.: Mixed Precision Training, 2018",
    ],
    triggers: [
      """
      float32 (float[64,3,64,64] x) => (y) <float[256,3,3,3] w, float[256,256,3,3] v> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
      ↓ y = Conv <pads = [1, 1, 1, 1]> (c, v)
      }
      """
    ],
    passes: [
      """
      half (float16[64,3,64,64] x) => (y) <float16[256,3,3,3] w, float16[256,256,3,3] v> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
        y = Conv <pads = [1, 1, 1, 1]> (c, v)
      }
      """,
      """
      no_products (float[1024,1024] x) => (y) {
        y = Relu(x)
      }
      """,
    ]
  )

  /// At least this share of the products' energy must be spent in float32.
  static let share = 0.8
  /// Below this share of the whole, products are not what most of the saving comes from.
  static let most = 0.3
  /// The device must be this much faster at float16.
  static let speedup = 1.5

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    let estimate = subject.estimate
    let isTensorFloat = estimate.scenario.precision == .tf32
    guard [nil, .fp32, .tf32].contains(estimate.scenario.precision),
      let single = estimate.device.rate(.gemm, isTensorFloat ? .tensorFloat32 : .float32)?
        .flopsPerSecond,
      let half = estimate.device.rate(.gemm, .float16)?.flopsPerSecond,
      half >= Self.speedup * single
    else { return }
    let products = subject.steps.indices.filter { id in
      subject.steps[id].contractions.contains(where: \.fillsTensorCores)
    }
    let inFloat32 = products.filter { id in
      subject.steps[id].contractions.allSatisfy { $0.type == .float32 }
    }
    let (all, float32) = (subject.joules(of: products), subject.joules(of: inFloat32))
    guard all > 0, float32 >= Self.share * all,
      let dearest = inFloat32.max(by: { subject.joules(of: [$0]) < subject.joules(of: [$1]) })
    else { return }
    var scenario = estimate.scenario
    scenario.precision = .fp16
    let hasUnusedTensorFloat =
      !isTensorFloat && estimate.device.rate(.gemm, .tensorFloat32) != nil
    report(
      Report(
        nodes: [dearest],
        message: """
          \(percent(float32 / subject.totalJoules)) of the energy goes to \(isTensorFloat ? "TF32" : "float32") matrix \
          products, which \(estimate.device.name)'s tensor cores do in float16 \(ratio(half / single)) times as fast\
          \(float32 < Self.most * subject.totalJoules ? "; most of the rest moves tensors, which are half as long then" : "")
          """,
        fix: "run in float16: build the engine with --fp16, or convert the model"
          + (hasUnusedTensorFloat ? "; TF32 is the lesser way, which needs no conversion" : ""),
        remedy: .scenario(scenario), isExact: false))
  }
}

extension Contraction {
  /// Whether tensor cores can take the product: a depthwise convolution has no matrix to multiply by.
  fileprivate var fillsTensorCores: Bool {
    guard case .convolution(_, _, _, let groups) = form else { return true }
    return groups == 1 || columns >= 8
  }
}
