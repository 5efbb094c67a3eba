/// A training run priced as so many inferences, without looking at the backward pass.
///
/// All that training does beside the forward passes is a share `o` of its energy, so that it takes
/// `1 / (1 - o)` times what the forward passes take. The lifecycle study measured 0.8 on small dense networks:
/// training took five times the inferences of as many examples.
package struct OverheadTraining: Hashable, Sendable {
  package var datasetSize: Int
  package var epochs: Int
  /// The share of the training's energy that is not the forward passes, from 0 to below 1.
  package var overhead: Double
  /// The joules and seconds of one inference.
  package var joulesPerInference: Interval
  package var secondsPerInference: Interval

  package init(
    datasetSize: Int, epochs: Int, overhead: Double, joulesPerInference: Interval,
    secondsPerInference: Interval
  ) {
    self.datasetSize = datasetSize
    self.epochs = epochs
    self.overhead = overhead
    self.joulesPerInference = joulesPerInference
    self.secondsPerInference = secondsPerInference
  }

  /// What one example takes, in inferences.
  package var factor: Double {
    // Decimal shares have no exact binary form, and 0.8 should mean 5, not 5.000000000000001.
    let rest = ((1 - overhead) * 1e9).rounded()
    return rest > 0 ? 1e9 / rest : 1 / (1 - overhead)
  }

  /// The examples seen in the whole run.
  package var examples: Double { Double(datasetSize) * Double(epochs) }

  package var joules: Interval { joulesPerInference * (factor * examples) }

  /// The time of the whole run, if what the overhead does draws the same power.
  package var seconds: Interval { secondsPerInference * (factor * examples) }
}
