#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A number that a fit looks for.
struct Parameter {
  var start: Double
  var lower: Double
  var upper: Double
  /// Whether it is looked for by its logarithm, as numbers are that may be off by a factor.
  var isLogarithmic: Bool

  /// A positive number within a factor of `reach` around `start`.
  static func scale(_ start: Double, reach: Double = 100, atMost: Double = .infinity) -> Parameter {
    Parameter(
      start: min(start, atMost), lower: start / reach, upper: min(start * reach, atMost),
      isLogarithmic: true)
  }

  /// A number between two bounds.
  static func between(_ lower: Double, _ upper: Double, start: Double) -> Parameter {
    Parameter(start: start, lower: lower, upper: upper, isLogarithmic: false)
  }

  fileprivate func inner(_ value: Double) -> Double { isLogarithmic ? log(value) : value }
  fileprivate func outer(_ value: Double) -> Double { isLogarithmic ? exp(value) : value }
  /// How far from the start counts as one.
  fileprivate var width: Double { isLogarithmic ? 1 : max(upper - lower, 1e-300) }
}

/// Values of `parameters` that make `residuals` small, those that are outliers counting less.
///
/// The method is Levenberg's and Marquardt's; beyond `tolerance` a residual counts by its size and not by its square
/// (soft L1). Each parameter is drawn to its start by `prior`, so that what no row tells stays there. The search begins at
/// each of `beginnings`, or at the starts, and the best end is taken: what a minimum of several is in has several minima.
func robustLeastSquares(
  _ parameters: [Parameter], beginnings: [[Double]] = [], tolerance: Double = 0.15,
  prior: Double = 0.002, _ residuals: ([Double]) -> [Double]
) -> [Double] {
  let ends = (beginnings.isEmpty ? [parameters.map(\.start)] : beginnings).map {
    descent(parameters, from: $0, tolerance, prior, residuals)
  }
  return ends.min { $0.loss < $1.loss }?.values ?? parameters.map(\.start)
}

/// One descent, and the loss at its end.
private func descent(
  _ parameters: [Parameter], from beginning: [Double], _ tolerance: Double, _ prior: Double,
  _ residuals: ([Double]) -> [Double]
) -> (values: [Double], loss: Double) {
  let first = parameters.map { $0.inner($0.start) }
  func bounded(_ x: [Double]) -> [Double] {
    zip(x, parameters).map { min(max($0, $1.inner($1.lower)), $1.inner($1.upper)) }
  }
  func errors(_ x: [Double]) -> [Double] {
    let drawn = zip(zip(x, first), parameters).map { prior * ($0.0 - $0.1) / $1.width }
    return residuals(zip(x, parameters).map { $1.outer($0) }) + drawn
  }
  func loss(_ errors: [Double]) -> Double {
    errors.reduce(0) { sum, error in
      let share = error / tolerance
      return sum + 2 * tolerance * tolerance * ((1 + share * share).squareRoot() - 1)
    }
  }

  var x = bounded(zip(beginning, parameters).map { $1.inner($0) })
  var current = errors(x)
  var best = loss(current)
  var damping = 1e-3
  for _ in 0..<100 {
    let columns = parameters.indices.map { i -> [Double] in
      guard parameters[i].upper > parameters[i].lower else { return current.map { _ in 0 } }
      // Towards the inside, so that no parameter leaves its bounds.
      let step = 1e-5 * parameters[i].width
      var moved = x
      moved[i] += x[i] + step <= parameters[i].inner(parameters[i].upper) ? step : -step
      return zip(errors(moved), current).map { ($0 - $1) / (moved[i] - x[i]) }
    }
    let weights = current.map { 1 / (1 + ($0 / tolerance) * ($0 / tolerance)).squareRoot() }
    var matrix = columns.map { a in
      columns.map { b in zip(zip(a, b), weights).reduce(0) { $0 + $1.0.0 * $1.0.1 * $1.1 } }
    }
    let right = columns.map { a in
      -zip(zip(a, current), weights).reduce(0) { $0 + $1.0.0 * $1.0.1 * $1.1 }
    }
    let diagonal = matrix.indices.map { max(matrix[$0][$0], 1e-12) }
    var isBetter = false
    while damping < 1e12 {
      for i in matrix.indices { matrix[i][i] = diagonal[i] * (1 + damping) }
      if let step = solution(of: matrix, right) {
        let next = bounded(zip(x, step).map { $0 + $1 })
        let errors = errors(next)
        let loss = loss(errors)
        if loss < best {
          isBetter = best - loss > 1e-12 * best
          (x, current, best) = (next, errors, loss)
          damping = max(damping / 5, 1e-12)
          break
        }
      }
      damping *= 4
    }
    if !isBetter { break }
    damping = min(damping, 1e3)
  }
  return (zip(x, parameters).map { $1.outer($0) }, best)
}

/// The natural logarithm.
func logarithm(_ x: Double) -> Double { log(x) }
/// The exponential.
func exponential(_ x: Double) -> Double { exp(x) }
