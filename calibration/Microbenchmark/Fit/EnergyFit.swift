import BenchmarkKernels
import Cost
import Graph

/// Power and energy per operation and byte, from the joules of all kernels at once.
///
/// Each launch gives one equation, `E − P_idle · t = (P_active − P_idle) · t + e_B · B + e_F · F`, of which the three
/// unknowns are not negative. An `e_F` is that of one class and type. Rows are weighed by what they measured, so that
/// long kernels do not drown short ones.
struct EnergyFit {
  let activeWatts: Double
  let joulesPerByte: Double
  private(set) var notes: [String] = []
  /// Joules of one launch, measured and as the fit has them.
  let residuals: [(subject: Subject, measured: Double, predicted: Double)]
  private let joulesPerFlop: [Column: Double]

  /// Operations that draw alike.
  private struct Column: Hashable {
    let kind: String
    let type: String

    init(kind: String, type: String) {
      self.kind = kind
      self.type = type
    }

    /// Convolutions of all kinds are one: what the operations of a depthwise one draw is lost beside its bytes.
    init(_ operation: Kernel.Operation, _ type: NumberFormat?) {
      let isConvolution = [.depthwiseConvolution, .groupedConvolution].contains(operation)
      kind = (isConvolution ? .convolution : operation).rawValue
      self.type = type?.name ?? "any"
    }
  }

  /// One launch, in the terms of the equation.
  private struct Equation {
    let subject: Subject
    let seconds: Double
    let joules: Double
    let bytes: Double
    let flops: Double
    let column: Column?
  }

  /// The times of `device` must have been fitted.
  init(_ observations: [Observation], on device: Device, idleWatts: Double) throws(Obstacle) {
    let equations = observations.compactMap { Self.equation($0, device) }
    let columns = Array(Set(equations.compactMap(\.column))).sorted {
      ($0.kind, $0.type) < ($1.kind, $1.type)
    }
    guard equations.count >= 3 else {
      throw .insufficient(
        "the energy of \(equations.count) kernels was measured, which is too few to tell power, bytes and operations apart"
      )
    }
    let rows = equations.map { row in
      [row.seconds / row.joules, row.bytes / row.joules]
        + columns.map { $0 == row.column ? row.flops / row.joules : 0 }
    }
    let right = equations.map { ($0.joules - idleWatts * $0.seconds) / $0.joules }
    let x = nonNegativeLeastSquares(rows, right)
    activeWatts = min(idleWatts + x[0], 0.98 * device.power.capWatts)
    joulesPerByte = x[1]
    guard joulesPerByte > 0 else {
      throw .insufficient(
        "moving bytes seems to take no energy: the samples of copy and triad draw no more than idle kernels"
      )
    }
    var joulesPerFlop: [Column: Double] = [:]
    for (column, value) in zip(columns, x.dropFirst(2)) { joulesPerFlop[column] = value }
    self.joulesPerFlop = joulesPerFlop
    residuals = zip(equations, rows).map { row, terms in
      let predicted = zip(terms, x).reduce(idleWatts * row.seconds / row.joules) {
        $0 + $1.0 * $1.1
      }
      return (row.subject, row.joules, predicted * row.joules)
    }
  }

  private static func equation(_ observation: Observation, _ device: Device) -> Equation? {
    guard let (seconds, joules) = observation.sustained, joules > 0 else { return nil }
    let subject = observation.subject
    func equation(_ bytes: Double, _ flops: Double, _ column: Column?) -> Equation {
      Equation(
        subject: subject, seconds: seconds, joules: joules, bytes: bytes, flops: flops,
        column: flops > 0 ? column : nil)
    }
    switch subject.kernelClass {
    case .launch: return equation(0, 0, nil)
    case .copy, .triad:
      return equation(
        Double(subject.work.bytes), Double(subject.work.operations), plain)
    case .arithmetic where subject.type == .float32:
      return equation(0, Double(subject.work.operations), plain)
    default:
      // Tables have no energy for what is none of their operations.
      guard let kernel = subject.kernel(cacheBytes: device.l2Bytes),
        let rate = device.rate(kernel.operation, kernel.type).map(subject.met)
      else { return nil }
      // A kernel of another provider than the rate's is none that networks run.
      guard subject.provider == rate.provider || !kernel.operation.hasProducts else { return nil }
      let energy = Energy(device: device)
      return equation(
        energy.bytes(of: kernel, at: rate), energy.operations(of: kernel, at: rate),
        kernel.operation.hasProducts ? Column(kernel.operation, kernel.type) : plain)
    }
  }

  /// Plain arithmetic in 32 bits: elements are widened to them.
  private static let plain = Column(kind: "arithmetic", type: NumberFormat.float32.name)

  /// Joules of one operation of `operation` in `type`; nil where no sample tells.
  func joulesPerFlop(_ operation: Kernel.Operation, _ type: NumberFormat?) -> Double? {
    let column = operation.hasProducts ? Column(operation, type) : Self.plain
    return joulesPerFlop[column].flatMap { $0 > 0 ? $0 : nil }
  }
}
