internal import Graph

/// The rates of a device, each looked for once: a model has thousands of kernels of a few kinds.
struct KnownRates {
  private let device: Device
  private var rates: [Kind: Rate?] = [:]

  private struct Kind: Hashable {
    let operation: Kernel.Operation
    let type: NumberFormat
  }

  init(_ device: Device) { self.device = device }

  /// The rate of a kernel; nil where the device has none.
  subscript(kernel: Kernel) -> Rate? {
    mutating get {
      let kind = Kind(operation: kernel.operation, type: kernel.type)
      if let known = rates[kind] { return known }
      let rate = device.rate(kernel.operation, kernel.type)
      rates[kind] = .some(rate)
      return rate
    }
  }
}
