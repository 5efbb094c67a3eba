internal import Graph

/// What in a table cannot be, or hardly can.
///
/// A table that reads is complete and positive; this holds it against physics, the board's data sheet and itself.
package struct DeviceCheck {
  /// One thing that is wrong, as a sentence.
  package struct Problem: Hashable, Sendable {
    package enum Severity: String, Sendable { case error, warning }

    package let severity: Severity
    /// The key, with its way from the top: `classes[3].flops_per_s`.
    package let path: String
    package let message: String
  }

  package private(set) var problems: [Problem] = []
  private let device: Device
  private let peaks: DevicePeaks

  /// How far above its data sheet a board may be measured: sheets round, and boards differ.
  private static let tolerance = 1.05

  package init(_ device: Device) {
    self.device = device
    peaks = DevicePeaks(device)
    checkBoard()
    checkPower()
    checkMemory()
    for (index, rate) in device.rates.enumerated() { check(rate, "classes[\(index)]") }
    checkOrder()
    checkCoverage()
  }

  package var hasErrors: Bool { problems.contains { $0.severity == .error } }

  private mutating func add(
    _ severity: Problem.Severity, _ path: String, _ message: String
  ) {
    problems.append(Problem(severity: severity, path: path, message: message))
  }

  private mutating func checkBoard() {
    if peaks.operationsPerSecond(in: .float32) == nil {
      add(
        .warning, "device.compute_capability",
        "'\(device.computeCapability)' is no generation that this program knows, so rates are not held against peaks"
      )
    }
    if device.provenance.kind != .datasheet, device.provenance.samples == 0 {
      add(.warning, "provenance.samples", "a table that was measured stands on samples")
    }
    let launch = device.launch
    if launch.kernelSeconds > launch.dispatchSeconds {
      add(
        .warning, "launch.gpu_us",
        "the gap between kernels, \(text(launch.kernelSeconds * 1e6)) µs, is longer than dispatch_us, what a framework takes for one"
      )
    }
  }

  private mutating func checkPower() {
    let power = device.power
    if power.idleWatts > power.idleContextWatts {
      let isAboveCap = power.idleWatts >= power.capWatts
      add(
        isAboveCap ? .error : .warning, "power.idle_w",
        "\(text(power.idleWatts)) W at rest is above "
          + (isAboveCap
            ? "the cap of \(text(power.capWatts)) W"
            : "idle_context_w, \(text(power.idleContextWatts)) W, at rest with a program"))
    }
    if power.capWatts > Self.tolerance * device.designWatts {
      add(
        .warning, "power.cap_w",
        "the cap of \(text(power.capWatts)) W is above tdp_w, \(text(device.designWatts)) W")
    }
  }

  private mutating func checkMemory() {
    let memory = device.memory
    checkBandwidth(memory.bytesPerSecond, "memory.dram.bytes_per_s")
    if memory.cacheBytesPerSecond < memory.bytesPerSecond {
      add(
        .warning, "memory.l2.bytes_per_s",
        "the cache is slower than the memory behind it, \(text(memory.bytesPerSecond / 1e9)) GB/s")
    }
    checkDraw(
      memory.bytesPerSecond * memory.joulesPerByte, "memory.dram.joules_per_byte",
      "moving bytes at bytes_per_s")
  }

  private mutating func checkBandwidth(_ rate: Double, _ path: String) {
    guard let most = peaks.bytesPerSecond, rate > most * Self.tolerance else { return }
    add(
      .error, path,
      "\(text(rate / 1e9)) GB/s is above the \(text(most / 1e9)) GB/s that the memory of \(device.title) has"
    )
  }

  /// What work draws beside the active power: a cap holds the clock, so some more than the cap is usual for a moment.
  private mutating func checkDraw(_ watts: Double, _ path: String, _ work: String) {
    let cap = device.power.capWatts
    guard watts > 1.5 * cap else { return }
    add(
      watts > 3 * cap ? .error : .warning, path,
      "\(work) would draw \(text(watts)) W beside the active power, on a board with a cap of \(text(cap)) W"
    )
  }

  private mutating func check(_ rate: Rate, _ path: String) {
    let name = "\(rate.operation.rawValue) in \(rate.type?.name ?? "any type")"
    if let peak = peaks.operationsPerSecond(in: rate.type),
      rate.flopsPerSecond > peak * Self.tolerance
    {
      add(
        .error, path + ".flops_per_s",
        "\(name) at \(text(rate.flopsPerSecond / 1e12)) TFLOP/s is above the \(text(peak / 1e12)) that \(device.multiprocessors) "
          + "multiprocessors of generation \(device.computeCapability) do at \(text(peaks.clock / 1e9)) GHz"
      )
    }
    checkBandwidth(rate.bytesPerSecond, path + ".bytes_per_s")
    if rate.type != nil {
      checkDraw(
        rate.flopsPerSecond * rate.joulesPerFlop, path + ".joules_per_flop",
        "\(name) at flops_per_s")
    }
    // A table of data sheets says in every report that it is one.
    if rate.residualPercent > 50, device.provenance.kind != .datasheet {
      add(
        .warning, path + ".mape_pct",
        "\(name) is off by \(text(rate.residualPercent)) % on kernels that it was not fitted to")
    }
    if let spread = rate.spreadPercent, spread > 10 {
      add(
        .warning, path + ".spread_pct",
        "repeated measurements of \(name) are \(text(spread)) % apart")
    }
  }

  /// Rows of one type stand together, and none hides another.
  private mutating func checkOrder() {
    var last: [String: Int] = [:]
    var isUnsorted = false
    for (index, rate) in device.rates.enumerated() {
      let path = "classes[\(index)]"
      let type = rate.type?.name ?? "any"
      let hiding = device.rates[..<index].firstIndex {
        $0.operation == rate.operation && ($0.type == nil || $0.type == rate.type)
      }
      if let hiding {
        add(
          .error, path,
          "\(rate.operation.rawValue) in \(type) is never used: classes[\(hiding)] stands before it for the same kernels"
        )
      } else if let before = last[type], before != index - 1, !isUnsorted {
        isUnsorted = true
        add(
          .warning, path,
          "unsorted: \(rate.operation.rawValue) in \(type) stands apart from the other rows of \(type), which end with classes[\(before)]"
        )
      }
      last[type] = index
    }
  }

  /// What has no rate leaves kernels of real networks uncounted.
  private mutating func checkCoverage() {
    let types = [NumberFormat.float32, .tensorFloat32, .float16, .bfloat16, .int8].filter {
      device.rate(.gemm, $0) != nil
    }
    if !types.contains(.float32) {
      add(.error, "classes", "there is no gemm in float32, without which no network has a price")
    }
    for operation in Kernel.Operation.allCases {
      let missing = types.filter { type in
        let precision: Precision? = type.isTensorFloat ? .tf32 : nil
        return device.rate(operation, NumberFormat(type.storage, for: operation, in: precision))
          == nil
      }.map(\.name)
      guard !missing.isEmpty else { continue }
      add(
        .warning, "classes",
        "there is no \(operation.rawValue) in \(missing.joined(separator: ", ")): such kernels stay uncounted"
      )
    }
  }

  private func text(_ value: Double) -> String {
    let rounded = threeDigits(value)
    return rounded == rounded.rounded() && rounded.magnitude < 1e15
      ? "\(Int(rounded))" : "\(rounded)"
  }
}
