import Cost

// What examples of the rules on lifecycles are of: a network of any kind, and what its author says of it.

/// A network that no rule on its graph has anything to say of.
let someNetwork = """
  network (float[1,64,64,64] x) => (y) <float[64,64,3,3] w> {
    y = Conv <pads = [1, 1, 1, 1]> (x, w)
  }
  """

extension Purpose {
  /// Examples of each of 25 epochs, as the configurations of the examples have them.
  private static let examples = 4708
  private static let year = 365.25 * 86400

  /// The life of a model whose inference takes a joule, and whose training takes five for each example seen.
  private static func life(
    _ carbon: Carbon = Carbon(), search: Search? = nil, inferences: Double? = nil
  ) -> Lifecycle {
    Lifecycle(
      .init(
        carbon: carbon, search: search,
        use: inferences.map {
          .init(inferences: $0, lifetimeSeconds: year, assumesLifetime: true)
        }),
      training: Interval(exactly: Double(5 * examples * 25)), inference: Interval(exactly: 1),
      secondsPerInference: Interval(exactly: 0.01), idleWatts: 0)
  }

  static func using(_ perMonth: Double) -> Purpose {
    Purpose(lifecycle: life(inferences: 12 * perMonth))
  }

  static func searching(_ trials: Int, _ method: Search.Method) -> Purpose {
    Purpose(lifecycle: life(search: Search(trials: trials, method: method)))
  }

  static func living(inferences: Double) -> Purpose {
    Purpose(lifecycle: life(inferences: inferences))
  }

  static func living(in region: String, or regions: [String]) -> Purpose {
    Purpose(
      lifecycle: life(Carbon(grid: Grid.named(region)), inferences: 600_000),
      grids: regions.compactMap(Grid.named))
  }

  static func trained(batch: Int) -> Purpose {
    Purpose(training: .init(datasetSize: examples, epochs: 25, batch: batch))
  }

  static func ranked(score: Double, against other: Double, at joules: Double) -> Purpose {
    Purpose(
      candidate: .init(
        metric: "accuracy", score: score,
        rivals: [
          .init(
            name: "models/other.onnx", score: other, joulesPerInference: Interval(exactly: joules))
        ]))
  }
}
