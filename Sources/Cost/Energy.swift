internal import Graph

/// The energy of kernels on a device, in joules.
package struct Energy {
  package let device: Device

  package init(device: Device) { self.device = device }

  /// What one launch of `kernel` draws above the active power: its operations, and its bytes.
  package func dynamicJoules(_ kernel: Kernel, at rate: Rate) -> Double {
    operations(of: kernel, at: rate) * rate.joulesPerFlop
      + bytes(of: kernel, at: rate) * device.memory.joulesPerByte
  }

  /// The operations of one launch that draw energy: those done, not those that an algorithm saves.
  package func operations(of kernel: Kernel, at rate: Rate) -> Double {
    kernel.contractions.reduce(Double(kernel.work.elementwise)) { sum, contraction in
      sum + 2 * Double(contraction.macs) * rate.algorithmShare(of: contraction)
    }
  }

  /// The bytes of one launch that draw energy, those read again included.
  package func bytes(of kernel: Kernel, at rate: Rate) -> Double {
    Double(kernel.work.traffic) + kernel.bytesReadAgain(at: rate)
  }

  /// The seconds that work of `dynamicJoules` takes when it would take `seconds` at full clock.
  ///
  /// Above the cap the clock falls until the mean power is the cap.
  func cappedSeconds(_ seconds: Double, dynamicJoules: Double) -> Double {
    max(seconds, dynamicJoules / (device.power.capWatts - device.power.activeWatts))
  }
}
