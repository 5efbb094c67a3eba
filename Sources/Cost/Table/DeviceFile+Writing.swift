internal import Graph

extension DeviceFile {
  /// The table of `device` as the text that ``read(_:name:file:)`` reads, one class on each line.
  ///
  /// Numbers have three significant digits, which is more than any of them is known to.
  package static func text(of device: Device) -> String {
    var members = [
      ("schema", quoted(schema)),
      ("device", object(board(device))), ("provenance", object(provenance(device.provenance))),
    ]
    if let sensor = device.sensor { members.append(("sensor", object(self.sensor(sensor)))) }
    members += [
      ("power", object(power(device.power))), ("launch", object(launch(device.launch))),
      ("memory", object(memory(device.memory))),
      (
        "classes",
        "[\n"
          + device.rates.map { "  " + object(rate($0, device.memory)) }.joined(separator: ",\n")
          + "\n ]"
      ),
      ("uncertainty", object(spread(device.uncertainty))),
    ]
    return "{\n" + members.map { " \(quoted($0.0)): \($0.1)" }.joined(separator: ",\n") + "\n}\n"
  }

  private typealias Members = [(key: String, value: String)]

  private static func board(_ device: Device) -> Members {
    [
      ("name", quoted(device.title)), ("compute_capability", quoted(device.computeCapability)),
      ("sms", "\(device.multiprocessors)"), ("l2_bytes", "\(device.l2Bytes)"),
      ("dram_bytes", "\(device.dramBytes)"), ("tdp_w", number(device.designWatts)),
    ]
  }

  private static func provenance(_ provenance: Device.Provenance) -> Members {
    [
      ("kind", quoted(provenance.kind.rawValue)),
      ("sources", "[" + provenance.sources.map(quoted).joined(separator: ", ") + "]"),
      ("date", quoted(provenance.date)), ("tool", quoted(provenance.tool)),
      ("samples", "\(provenance.samples)"),
    ]
  }

  private static func sensor(_ sensor: Device.Sensor) -> Members {
    [
      ("update_ms", number(sensor.updateSeconds * 1e3)),
      ("window_ms", number(sensor.windowSeconds * 1e3)),
    ] + (sensor.counterPercent.map { [("counter_vs_integral_pct", number($0))] } ?? [])
  }

  private static func power(_ power: Device.Power) -> Members {
    [
      ("idle_w", number(power.idleWatts)), ("idle_context_w", number(power.idleContextWatts)),
      ("active_w", number(power.activeWatts)), ("cap_w", number(power.capWatts)),
    ]
  }

  private static func launch(_ launch: Device.Launch) -> Members {
    let layers =
      launch.layerDispatchSeconds == launch.dispatchSeconds
      ? [] : [("layer_dispatch_us", number(launch.layerDispatchSeconds * 1e6))]
    return [
      ("gpu_us", number(launch.kernelSeconds * 1e6)),
      ("dispatch_us", number(launch.dispatchSeconds * 1e6)),
    ] + layers + [("execution_us", number(launch.executionSeconds * 1e6))]
  }

  private static func memory(_ memory: Device.Memory) -> Members {
    [
      (
        "dram",
        object([
          ("bytes_per_s", number(memory.bytesPerSecond)),
          ("joules_per_byte", number(memory.joulesPerByte)),
        ])
      ), ("l2", object([("bytes_per_s", number(memory.cacheBytesPerSecond))])),
    ]
  }

  private static func spread(_ spread: Device.Spread) -> Members {
    [
      ("sensor_pct", number(spread.sensorPercent)),
      ("unit_to_unit_pct", number(spread.unitToUnitPercent)),
      ("model_pct", number(spread.modelPercent)), ("data_pct", number(spread.dataPercent)),
    ]
  }

  /// Members that say what the reader assumes anyway are left out.
  private static func rate(_ rate: Rate, _ memory: Device.Memory) -> Members {
    var members: Members = [
      ("op", quoted(rate.operation.rawValue)), ("type", quoted(rate.type?.name ?? "any")),
      ("flops_per_s", number(rate.flopsPerSecond)),
    ]
    func add(_ key: String, _ value: Double, unless usual: Double) {
      if value != usual { members.append((key, number(value))) }
    }
    add("bytes_per_s", rate.bytesPerSecond, unless: memory.bytesPerSecond)
    members.append(("joules_per_flop", number(rate.joulesPerFlop)))
    if let tiling = rate.tiling {
      members += [
        ("tile_bytes_per_s", number(tiling.fetchBytesPerSecond)),
        ("wave_loss", number(tiling.waveLoss)), ("unaligned", number(tiling.unalignedShare)),
      ]
      add("unpadded", tiling.unpaddedShare, unless: 1)
      add("depth_ns", tiling.depthSeconds * 1e9, unless: 0)
    }
    add("winograd", rate.winograd, unless: 1)
    if let block = rate.winogradBlock { members.append(("winograd_block", "\(block)")) }
    add("launch_us", rate.launchSeconds * 1e6, unless: 0)
    add("group_us", rate.groupSeconds * 1e6, unless: 0)
    add("kernels", rate.kernels, unless: 1)
    add("relayout", rate.relayout, unless: 0)
    add("setup_taps", rate.setupTaps, unless: 0)
    add("input_gradient", rate.inputGradientShare, unless: 1)
    add("strided_input_gradient", rate.stridedGradientShare, unless: 1)
    add("weight_gradient", rate.weightGradientShare, unless: 1)
    if let elements = rate.elementsPerSecond {
      members.append(("elements_per_s", number(elements)))
    }
    if let rows = rate.rows {
      members += [("row_bytes", number(rows.keptBytes)), ("row_passes", number(rows.passes))]
    }
    add("unaligned_rows", rate.unalignedRowShare, unless: 1)
    members += [
      ("p", number(rate.overlap)), ("provider", quoted(rate.provider)), ("n", "\(rate.samples)"),
      ("mape_pct", number(rate.residualPercent)),
    ]
    if let spread = rate.spreadPercent { members.append(("spread_pct", number(spread))) }
    if let clock = rate.clock { members.append(("state", quoted(clock.rawValue))) }
    return members
  }

  private static func object(_ members: Members) -> String {
    "{" + members.map { "\(quoted($0.key)): \($0.value)" }.joined(separator: ", ") + "}"
  }

  /// `value` with three significant digits.
  private static func number(_ value: Double) -> String { threeDigits(value).description }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

/// The number nearest to `value` among those of three significant digits.
package func threeDigits(_ value: Double) -> Double {
  guard value.isFinite, value != 0 else { return value }
  // Powers of ten up to 10^22 are exact, so one multiplication or division keeps stray digits out.
  var unit = 1.0
  if value.magnitude >= 1000 {
    while value.magnitude / unit >= 999.5 { unit *= 10 }
    return (value / unit).rounded() * unit
  }
  while value.magnitude * unit < 99.95, unit < 1e300 { unit *= 10 }
  return (value * unit).rounded() / unit
}
