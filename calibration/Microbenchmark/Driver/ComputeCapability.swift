/// A generation of NVIDIA GPUs, as kernels are compiled for it.
struct ComputeCapability: Comparable, CustomStringConvertible {
  let major: Int
  let minor: Int

  /// Volta, the first generation with tensor cores.
  static let volta = ComputeCapability(major: 7, minor: 0)

  var description: String { "\(major).\(minor)" }

  static func < (left: Self, right: Self) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}
