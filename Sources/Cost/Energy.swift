internal import Graph

/// The energy of kernels on a device, in joules.
struct Energy {
  let device: Device

  /// What one launch of `kernel` draws above the active power: its operations, and its bytes.
  func dynamicJoules(_ kernel: Kernel, at rate: Rate) -> Double {
    let work = kernel.work
    let products = kernel.contractions.reduce(0.0) { sum, contraction in
      sum + 2 * Double(contraction.macs) * rate.algorithmShare(of: contraction)
    }
    return (products + Double(work.elementwise)) * rate.joulesPerFlop
      + (Double(work.traffic) + kernel.bytesReadAgain(at: rate)) * device.memory.joulesPerByte
  }

  /// The seconds that work of `dynamicJoules` takes when it would take `seconds` at full clock.
  ///
  /// Above the cap the clock falls until the mean power is the cap.
  func cappedSeconds(_ seconds: Double, dynamicJoules: Double) -> Double {
    max(seconds, dynamicJoules / (device.power.capWatts - device.power.activeWatts))
  }
}
