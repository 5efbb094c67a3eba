/// Random numbers that are the same on every machine: SplitMix64
/// (Steele, Lea and Flood, [Fast splittable pseudorandom number generators](https://doi.org/10.1145/2660193.2660195)).
package struct RandomNumbers: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// The next number of a normal distribution with mean 0 and deviation 1, none beyond ±6.
  ///
  /// The sum of twelve uniform numbers, because the logarithms and cosines of C libraries differ in the last bit.
  package mutating func nextNormal() -> Double {
    var sum = 0.0
    for _ in 0..<3 {
      let bits = next()
      for part in 0..<4 { sum += Double(bits >> UInt64(16 * part) & 0xFFFF) + 0.5 }
    }
    return sum / 65536 - 6
  }
}
