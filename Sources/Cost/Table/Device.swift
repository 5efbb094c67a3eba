/// A board, and what work costs on it: a calibration table, read.
///
/// Seconds, joules, bytes and operations throughout; a percentage is written as such in its name.
package struct Device: Sendable, Hashable {
  /// What users call it: `t4`.
  package var name: String
  /// What the maker calls it: `NVIDIA Tesla T4`.
  package var title: String
  package var computeCapability: String
  package var multiprocessors: Int
  package var l2Bytes: Int
  package var dramBytes: Int
  /// The power that the maker designs the cooling for, in watts.
  package var designWatts: Double
  package var provenance: Provenance
  package var power: Power
  package var launch: Launch
  package var memory: Memory
  package var rates: [Rate]
  package var uncertainty: Spread
  /// How the board's sensor answers; nil where nobody looked.
  package var sensor: Sensor?
  /// The digest of the table's bytes, as 64 hexadecimal digits.
  package var sha256: String

  /// Where a table's numbers come from.
  package struct Provenance: Sendable, Hashable {
    package var kind: Kind
    /// The origins: repository, commit and path, or the board measured.
    package var sources: [String]
    /// The day on which the table was made, `YYYY-MM-DD`.
    package var date: String
    /// The program that made it.
    package var tool: String
    /// How many measurements it stands on.
    package var samples: Int

    package init(kind: Kind, sources: [String], date: String, tool: String, samples: Int) {
      self.kind = kind
      self.sources = sources
      self.date = date
      self.tool = tool
      self.samples = samples
    }

    package enum Kind: String, Sendable, CaseIterable {
      /// Measured on one board by the project's own microbenchmark.
      case microbenchmark
      /// Fitted to measurements that others published.
      case publishedMeasurements = "published-measurements"
      /// Derived from the maker's data sheet alone.
      case datasheet
    }
  }

  /// How the sensor that the energies were read from answers.
  package struct Sensor: Sendable, Hashable {
    /// Between two of its readings.
    package var updateSeconds: Double
    /// How long each reading is the mean of.
    package var windowSeconds: Double
    /// How far its energy counter and the integral of its power are apart, in percent; nil without a counter.
    package var counterPercent: Double?

    package init(updateSeconds: Double, windowSeconds: Double, counterPercent: Double?) {
      self.updateSeconds = updateSeconds
      self.windowSeconds = windowSeconds
      self.counterPercent = counterPercent
    }
  }

  /// Power that is drawn whatever runs, in watts.
  package struct Power: Sendable, Hashable {
    /// With clocks up and no program present.
    package var idleWatts: Double
    /// With a program present that does nothing.
    package var idleContextWatts: Double
    /// While kernels run, whatever they do: clocks, schedulers and caches are awake.
    package var activeWatts: Double
    /// What the board never exceeds for long: above it, the clock falls.
    package var capWatts: Double

    package init(idleWatts: Double, idleContextWatts: Double, activeWatts: Double, capWatts: Double)
    {
      self.idleWatts = idleWatts
      self.idleContextWatts = idleContextWatts
      self.activeWatts = activeWatts
      self.capWatts = capWatts
    }
  }

  /// Time that passes beside the work, in seconds.
  package struct Launch: Sendable, Hashable {
    /// Between two kernels on the board.
    package var kernelSeconds: Double
    /// What a framework's host needs to launch one operator.
    package var dispatchSeconds: Double
    /// What it needs for a layer that has weights.
    package var layerDispatchSeconds: Double
    /// What a compiled engine needs for one execution, whatever the model.
    package var executionSeconds: Double

    /// Layers with weights take as long as other operators where nothing else is said.
    package init(
      kernelSeconds: Double, dispatchSeconds: Double, layerDispatchSeconds: Double? = nil,
      executionSeconds: Double
    ) {
      self.kernelSeconds = kernelSeconds
      self.dispatchSeconds = dispatchSeconds
      self.layerDispatchSeconds = layerDispatchSeconds ?? dispatchSeconds
      self.executionSeconds = executionSeconds
    }
  }

  /// What moving bytes takes.
  package struct Memory: Sendable, Hashable {
    /// To and from the board's memory.
    package var bytesPerSecond: Double
    /// To and from the cache that all multiprocessors share.
    package var cacheBytesPerSecond: Double
    package var joulesPerByte: Double

    package init(bytesPerSecond: Double, cacheBytesPerSecond: Double, joulesPerByte: Double) {
      self.bytesPerSecond = bytesPerSecond
      self.cacheBytesPerSecond = cacheBytesPerSecond
      self.joulesPerByte = joulesPerByte
    }
  }

  /// How far estimates may be off, in percent of one standard deviation.
  package struct Spread: Sendable, Hashable {
    package var sensorPercent: Double
    package var unitToUnitPercent: Double
    /// Whole models against the sum of their kernels.
    package var modelPercent: Double
    /// What the values of the data change.
    package var dataPercent: Double

    package init(
      sensorPercent: Double, unitToUnitPercent: Double, modelPercent: Double, dataPercent: Double
    ) {
      self.sensorPercent = sensorPercent
      self.unitToUnitPercent = unitToUnitPercent
      self.modelPercent = modelPercent
      self.dataPercent = dataPercent
    }
  }

  /// The rate of kernels of `operation` in `type`; nil where the table has none, which leaves them unpriced.
  ///
  /// Linear in the rows of the table, of which there are a few dozen.
  package func rate(_ operation: Kernel.Operation, _ type: NumberFormat) -> Rate? {
    let listed = rates.first {
      $0.operation == operation && ($0.type == nil || $0.type == type.priced)
    }
    guard listed == nil, type == .float64, let share = doubleShare,
      var rate = rate(operation, .float32)
    else { return listed }
    rate.type = .float64
    rate.flopsPerSecond *= share
    // Twice the bits, and no measurement of the energy or of the time.
    rate.joulesPerFlop *= 2
    rate.winograd = 1
    rate.samples = 0
    rate.provider = "float32 by the units for float64"
    rate.residualPercent = max(rate.residualPercent, 50)
    return rate
  }

  /// The float64 results of a multiprocessor for each float32 one; nil where the generation is not known.
  ///
  /// NVIDIA, CUDA C++ Programming Guide, throughput of native arithmetic instructions.
  private var doubleShare: Double? {
    switch computeCapability {
    case "6.0", "7.0", "8.0", "9.0": 1 / 2
    case "6.1", "7.5": 1 / 32
    case "8.6", "8.9": 1 / 64
    default: nil
    }
  }
}

extension Device {
  /// A board with no rate yet.
  package init(
    _ title: String, computeCapability: String, multiprocessors: Int, l2Bytes: Int, dramBytes: Int,
    designWatts: Double, provenance: Provenance, power: Power, launch: Launch, memory: Memory,
    uncertainty: Spread, sensor: Sensor? = nil
  ) {
    self.init(
      name: title, title: title, computeCapability: computeCapability,
      multiprocessors: multiprocessors, l2Bytes: l2Bytes, dramBytes: dramBytes,
      designWatts: designWatts, provenance: provenance, power: power, launch: launch,
      memory: memory, rates: [], uncertainty: uncertainty, sensor: sensor,
      sha256: "")
  }
}
