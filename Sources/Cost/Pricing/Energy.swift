internal import Graph

/// The energy of kernels on a device, in joules.
package struct Energy {
  package let device: Device

  package init(device: Device) { self.device = device }

  /// What one launch of `kernel` draws above the active power: its operations, and its bytes.
  package func dynamicJoules(_ kernel: Kernel, at rate: Rate) -> Double {
    dynamicJoules(Timing(device: device).demand(kernel, at: rate), at: rate)
  }

  /// What one launch that asks for `demand` draws above the active power.
  func dynamicJoules(_ demand: Timing.Demand, at rate: Rate) -> Double {
    demand.operations * rate.joulesPerFlop + demand.bytes * device.memory.joulesPerByte
  }

  /// The operations of one launch that draw energy: those done, not those that an algorithm saves.
  package func operations(of kernel: Kernel, at rate: Rate) -> Double {
    Timing(device: device).demand(kernel, at: rate).operations
  }

  /// The bytes of one launch that draw energy, those read again included.
  package func bytes(of kernel: Kernel, at rate: Rate) -> Double {
    Timing(device: device).demand(kernel, at: rate).bytes
  }

  /// The seconds that work of `dynamicJoules` takes when it would take `seconds` at full clock.
  ///
  /// Above the cap the clock falls until the mean power is the cap.
  func cappedSeconds(_ seconds: Double, dynamicJoules: Double) -> Double {
    max(seconds, dynamicJoules / (device.power.capWatts - device.power.activeWatts))
  }
}
