import Cost

extension RateModel {
  /// Puts the length of row into `rate` up to which it predicts `sweeps` best.
  ///
  /// How fast sweeps stream is found with it, since they are other kernels than those that `rate` was fitted to.
  func fitRows(of rate: inout Rate, to sweeps: [Observation]) {
    guard let rows = rate.rows else { return }
    let fixed = rate
    // Beyond twice the length nothing changes any more, so the search begins at several.
    let beginnings = [1e3, 4e3, 16e3, 64e3, 256e3].map { [fixed.bytesPerSecond, $0] }
    let parameters: [Parameter] = [
      .scale(fixed.bytesPerSecond, reach: 10), .scale(rows.keptBytes, reach: 1000),
    ]
    let values = robustLeastSquares(parameters, beginnings: beginnings) { values in
      var rate = fixed
      rate.bytesPerSecond = values[0]
      rate.rows?.keptBytes = values[1]
      return sweeps.compactMap { sweep in
        predicted(sweep, at: rate).map { logarithm($0 / sweep.seconds) }
      }
    }
    rate.rows?.keptBytes = values[1]
  }
}
