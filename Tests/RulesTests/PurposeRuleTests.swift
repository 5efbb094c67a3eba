import Cost
import Graph
import Testing

@testable import Rules

private func estimate(_ text: String, _ runtime: Runtime = .eager) throws -> Estimate {
  let device = try #require(try Device.named("t4"))
  return Estimate(
    try Analysis(try ONNXTextFormat.parse(text)), on: device, under: Scenario(runtime: runtime))
}

/// A life whose inferences take so much of it.
private func life(inferences: Double) -> Purpose {
  Purpose(
    lifecycle: Lifecycle(
      .init(
        carbon: Carbon(pue: 1),
        use: .init(inferences: inferences, lifetimeSeconds: 1e9, assumesLifetime: true)),
      training: Interval(exactly: 100), inference: Interval(exactly: 1),
      secondsPerInference: Interval(exactly: 0), idleWatts: 0))
}

@Suite struct PurposeRuleTests {
  /// Half precision saves most, and changes results; the rectifier is idle.
  private static let network = """
    network (float[1,256,64,64] x) => (y) <float[256,256,3,3] w> {
      s = Sigmoid(x)
      r = Relu(s)
      y = Conv <pads = [1, 1, 1, 1]> (r, w)
    }
    """

  @Test func `where inferences take nearly all, what keeps the function comes first`() throws {
    let estimate = try estimate(Self.network)
    let rules: [any Rule.Type] = [RedundantActivation.self, FP32OnTensorCoreDevice.self]
    let codes = { (purpose: Purpose) in
      Linter(rules: rules).lint(estimate, for: purpose).findings.map(\.code)
    }
    #expect(codes(Purpose()) == ["NNC435", "NNC249"])
    #expect(codes(life(inferences: 1000)) == ["NNC249", "NNC435"])
    #expect(codes(life(inferences: 300)) == ["NNC435", "NNC249"])
  }

  @Test(arguments: [("64", "2,64,5000"), ("64,64", "2,64,5000"), ("8,512,64", "5000")])
  func `a head without positions of its own has none to leave out`(
    operand: String, bias: String
  ) throws {
    let text = """
      g (float[\(operand)] x) => (y) <float[64,5000] w, float[\(bias)] b> {
        m = MatMul(x, w)
        y = Add(m, b)
      }
      """
    let result = Linter(rules: [FullSequenceLogits.self])
      .lint(try estimate(text), for: Purpose(task: .generate))
    #expect(result.findings.map(\.code) == (bias == "5000" ? ["NNC603"] : []))
  }

  @Test
  func
    `half precision is worth it where products are in TF32 already, and TF32 where they are not`()
    throws
  {
    let device = try #require(try Device.named("a100"))
    let analysis = try Analysis(try ONNXTextFormat.parse(Self.network))
    func finding(_ precision: Precision?) -> Finding? {
      let estimate = Estimate(
        analysis, on: device, under: Scenario(runtime: .eager, precision: precision))
      return Linter(rules: [FP32OnTensorCoreDevice.self]).lint(estimate).findings.first
    }
    let (tensor, single) = (try #require(finding(.tf32)), try #require(finding(nil)))
    #expect(tensor.message.contains("to TF32 matrix products"))
    #expect(tensor.fix.contains("TF32") == false)
    #expect(single.message.contains("to float32 matrix products"))
    #expect(single.fix.contains("TF32"))
    #expect(finding(.fp16) == nil)
  }

  @Test func `where training takes most, small savings of an inference are not told`() throws {
    let estimate = try estimate(Self.network)
    let linter = Linter(rules: [RedundantActivation.self])
    let share = try #require(linter.lint(estimate).findings.first?.share)
    let used = linter.lint(estimate, for: life(inferences: 10))
    #expect(used.findings.isEmpty == (share < LifecyclePhasePriority.dwarfedShare))
    #expect(used.findings.count + used.belowFloor.count == 1)
  }

  @Test func `advice is worth something over a life, and nothing of an inference`() throws {
    let estimate = try estimate(Self.network)
    let carbon = Carbon(pue: 2, grid: Grid(gramsPerKilowattHour: 500))
    let lifecycle = Lifecycle(
      .init(carbon: carbon, search: Search(trials: 54, method: .grid)),
      training: Interval(exactly: 10), inference: Interval(exactly: 1),
      secondsPerInference: Interval(exactly: 0), idleWatts: 0)
    let result = Linter(rules: [SearchBudget.self]).lint(
      estimate, for: Purpose(lifecycle: lifecycle))
    let finding = try #require(result.findings.first)
    #expect(finding.saving.value == 0 && result.jointAll.value == 0)
    // Half of 54 trials of 20 J each.
    #expect(finding.benefit?.joules?.value == 540)
    #expect(finding.benefit?.grams?.value == 540 / 3.6e6 * 500)
    #expect(finding.benefit?.share == 540.0 / (54 * 20 + 20))
    #expect(finding.level == .warning)
  }

  @Test func `one example at a time is an error where batches are normalised`() throws {
    let text = """
      block (float[1,16,32,32] x) => (y) <float[16,16,3,3] w, float[16] s> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
        n = BatchNormalization(c, s, s, s, s)
        y = Relu(n)
      }
      """
    let plain = """
      dense (float[1,4096] x) => (y) <float[4096,4096] w> {
        y = MatMul(x, w)
      }
      """
    func finding(_ text: String, batch: Int) throws -> Finding? {
      let plan = TrainingRun.Plan(datasetSize: 640, epochs: 1, batch: batch)
      return Linter(rules: [TrainBatchOne.self]).lint(
        try estimate(text), for: Purpose(training: plan)
      ).findings.first
    }
    #expect(try finding(text, batch: 1)?.level == .error)
    #expect(try finding(text, batch: 4).map { $0.level < .error } == true)
    #expect(try finding(text, batch: 8) == nil)
    #expect(try finding(plain, batch: 1).map { $0.level < .error } == true)
  }

  @Test func `a model loses to one that scores as much for less, and to nothing else`() throws {
    let estimate = try estimate(Self.network)
    let joules = estimate.joulesPerInference
    func finding(_ score: Double, _ share: Double) -> Finding? {
      let rival = Purpose.Rival(
        name: "b.onnx", score: score, joulesPerInference: joules * share)
      let candidate = Purpose.Candidate(metric: "accuracy", score: 0.8, rivals: [rival])
      return Linter(rules: [ParetoDominated.self]).lint(
        estimate, for: Purpose(candidate: candidate)
      ).findings.first
    }
    #expect(finding(0.8, 0.5)?.benefit?.share == 0.5)
    #expect(finding(0.9, 0.5)?.level == .warning)
    #expect(finding(0.79, 0.1) == nil)
    #expect(finding(0.9, 1) == nil)
    #expect(finding(0.9, 0.99) == nil, "a difference that small is none")
  }

  @Test func `the fine-tuning study's own figures leave the networks that it shows`() throws {
    // Accuracy, AUC and kilojoules of six networks on a T4.
    let study: [(name: String, accuracy: Double, auc: Double, kilojoules: Double)] = [
      ("densenet121", 0.851, 0.972, 82.3), ("densenet169", 0.821, 0.970, 104.9),
      ("densenet201", 0.872, 0.976, 137.7), ("resnet18", 0.846, 0.967, 20.4),
      ("resnet50", 0.837, 0.942, 84.7), ("inception_v3", 0.873, 0.945, 37.5),
    ]
    let base = try estimate(Self.network).joulesPerInference
    func frontier(_ score: (Int) -> Double) throws -> [String] {
      let estimate = try estimate(Self.network)
      return study.indices.filter { own in
        // The estimate stands for the network's own energy, and the rivals' are to scale.
        let rivals = study.indices.filter { $0 != own }.map { other in
          Purpose.Rival(
            name: study[other].name, score: score(other),
            joulesPerInference: base * (study[other].kilojoules / study[own].kilojoules))
        }
        let candidate = Purpose.Candidate(metric: "score", score: score(own), rivals: rivals)
        return Linter(rules: [ParetoDominated.self]).lint(
          estimate, for: Purpose(candidate: candidate)
        ).findings.isEmpty
      }.map { study[$0].name }
    }
    #expect(try frontier { study[$0].accuracy } == ["resnet18", "inception_v3"].sorted { $0 > $1 })
    #expect(try frontier { study[$0].auc } == ["densenet121", "densenet201", "resnet18"])
  }
}
