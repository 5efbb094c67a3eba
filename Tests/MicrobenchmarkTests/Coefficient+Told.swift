@testable import Microbenchmark

extension Coefficient {
  /// Those that are told by many kernels only, or by no kernel of this project.
  static let fine = untold.union([
    "row_bytes", "l2.bytes_per_s", "launch_us", "tile_bytes_per_s", "wave_loss",
  ])
  /// Those that this project's own kernels do not tell: they have no gradients, and extents in fours.
  static let untold: Set<String> = [
    "unaligned", "input_gradient", "strided_input_gradient", "weight_gradient",
  ]
}
