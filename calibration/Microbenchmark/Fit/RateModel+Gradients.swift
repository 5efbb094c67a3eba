import BenchmarkKernels
import Cost

extension RateModel {
  /// The shares of a convolution's rates that are left for what carries gradients back, by their keys in a table.
  enum Gradient: String, CaseIterable {
    case input = "input_gradient"
    case stridedInput = "strided_input_gradient"
    case weight = "weight_gradient"

    func isShown(by subject: Subject) -> Bool {
      guard case .convolution(let extents) = subject.problem else { return false }
      return switch self {
      case .input: subject.pass == .inputGradient && extents.stride == 1
      case .stridedInput: subject.pass == .inputGradient && extents.stride > 1
      case .weight: subject.pass == .weightGradient
      }
    }

    func set(_ share: Double, in rate: inout Rate) {
      switch self {
      case .input: rate.inputGradientShare = share
      case .stridedInput: rate.stridedGradientShare = share
      case .weight: rate.weightGradientShare = share
      }
    }
  }

  /// Puts the share into `rate` with which it predicts `group` best; everything else of it stays.
  func fit(_ gradient: Gradient, of rate: inout Rate, to group: [Observation]) {
    let fixed = rate
    // By its logarithm: a share may be a hundredth.
    let values = robustLeastSquares([.scale(0.5, reach: 100, atMost: 1)]) { values in
      var rate = fixed
      gradient.set(values[0], in: &rate)
      return group.compactMap { observation in
        predicted(observation, at: rate).map { logarithm($0 / observation.seconds) }
      }
    }
    gradient.set(values[0], in: &rate)
  }
}
