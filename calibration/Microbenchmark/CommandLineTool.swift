import BenchmarkKernels
import Cost

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The program: a command line in, files and text out, an exit status.
struct CommandLineTool {
  /// How the program ends, as the rest of nncost does.
  enum Exit: CInt {
    case success = 0
    /// What was measured makes no table, or two tables differ.
    case incomplete = 1
    case usage = 2
    case unavailable = 3
    /// What a shell says of a program that Ctrl-C ended.
    case interrupted = 130
  }

  func run(_ words: some Sequence<String>) -> Exit {
    do throws(Arguments.UsageError) {
      switch try Arguments(words) {
      case .help: return print(help)
      case .version: return print(Calibration.tool + "\n")
      case .list(let device): return attempt { () throws(Obstacle) in try list(device) }
      case .measure(let request): return attempt { () throws(Obstacle) in try measure(request) }
      case .kernels: return print(KernelList.programs().map(\.text).joined(separator: "\n"))
      case .fit(let samples, let output, let residuals):
        return attempt { () throws(Obstacle) in
          let text = try Self.text(of: samples)
          try writeTable(try SampleTable(text: text, file: samples), output, residuals)
        }
      case .compare(let first, let second, let limit):
        var agrees = false
        let exit = attempt { () throws(Obstacle) in
          let comparison = TableComparison(
            try Self.device(from: first), try Self.device(from: second), within: limit)
          _ = print(comparison.text)
          agrees = comparison.agrees
        }
        return exit == .success && !agrees ? .incomplete : exit
      }
    } catch {
      complain("\(error.description); see nncost-calibrate --help")
      return .usage
    }
  }

  private func attempt(_ body: () throws(Obstacle) -> Void) -> Exit {
    do throws(Obstacle) {
      try body()
      return .success
    } catch {
      complain(error.description)
      return error.exit
    }
  }

  private static func text(of path: String) throws(Obstacle) -> String {
    guard let bytes = try readFile(path) else { throw .file("\(path): there is no such file") }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The board in a file, which is a table or the samples that one is fitted to.
  private static func device(from path: String) throws(Obstacle) -> Device {
    let text = try text(of: path)
    if text.hasPrefix("#") {
      // What a table would have, with the digits that it leaves off.
      return try TableFit(try SampleTable(text: text, file: path)).device
    }
    do throws(DeviceFile.Failure) {
      return try DeviceFile.read(Array(text.utf8), name: "board", file: path)
    } catch {
      throw .file(error.description)
    }
  }

  private func list(_ device: Int?) throws(Obstacle) {
    let nvml = try Obstacle.driving { () throws(DriverFailure) in
      try NVML(library: libraries.nvml)
    }
    for index in device.map({ $0...$0 }) ?? 0...(nvml.count - 1) {
      let board = try Obstacle.driving { () throws(DriverFailure) in try Board(index, from: nvml) }
      _ = print(board.lines.joined(separator: "\n") + "\n")
      _ = print(Board.line("CUDA", kernelSupport(of: board)) + "\n")
    }
  }

  private func measure(_ request: Arguments.Request) throws(Obstacle) {
    let interruption = Interruption.bySignal()
    guard let name = environment("NNCOST_CLOCK_LIBRARY") else {
      return try measure(request, .machine, interruption)
    }
    let library = try Obstacle.driving { () throws(DriverFailure) in try DynamicLibrary(name) }
    let clock = try Obstacle.driving { () throws(DriverFailure) in try Clock.library(library) }
    try measure(request, clock, interruption)
  }

  private func measure(
    _ request: Arguments.Request, _ clock: Clock, _ interruption: Interruption
  ) throws(Obstacle) {
    let calibration = Calibration(
      request: request, clock: clock, interruption: interruption, libraries: libraries,
      say: complain, date: today())
    let table: SampleTable
    do throws(Obstacle) { table = try calibration.samples() } catch {
      guard case .interrupted = error, let samples = request.samples else { throw error }
      throw .stopped("stopped; the same command goes on with the samples in \(samples)")
    }
    try writeTable(table, request.output, request.residuals)
  }

  /// Fits a table to samples and writes it.
  private func writeTable(_ table: SampleTable, _ output: String?, _ residuals: String?)
    throws(Obstacle)
  {
    let rejected = table.samples.count { $0.rejection != nil }
    if rejected > 0 { complain("\(rejected) of \(table.samples.count) samples are of no use") }
    let fit = try TableFit(table)
    complain("not measured: \(fit.priors.joined(separator: ", "))")
    if let residuals { try replaceFile(residuals, with: ResidualReport.text(fit.residuals)) }
    let text = DeviceFile.text(of: fit.device)
    // What is written must be what nncost reads.
    do throws(DeviceFile.Failure) {
      _ = try DeviceFile.read(Array(text.utf8), name: "board", file: output ?? "the table")
    } catch {
      throw .insufficient("the samples make no usable table: \(error)")
    }
    for problem in DeviceCheck(fit.device).problems {
      complain("\(problem.severity.rawValue): \(problem.path): \(problem.message)")
    }
    guard let output else {
      _ = print(text)
      return
    }
    try replaceFile(output, with: text)
    complain("wrote \(output); use it with: nncost cost --device \(output) MODEL")
  }

  private var libraries: Calibration.Libraries {
    var libraries = Calibration.Libraries()
    if let name = environment("NNCOST_NVML_LIBRARY") { libraries.nvml = name }
    if let name = environment("NNCOST_CUDA_LIBRARY") { libraries.cuda = name }
    if let name = environment("NNCOST_CUBLASLT_LIBRARY") { libraries.products = [name] }
    if let name = environment("NNCOST_CUDNN_LIBRARY") { libraries.convolutions = [name] }
    return libraries
  }

  /// Whether the CUDA driver would run kernels on this board, in words.
  private func kernelSupport(of board: Board) -> String {
    do throws(DriverFailure) {
      let cuda = try CUDA(library: libraries.cuda)
      guard case .success(let pciBusID) = board.pciBusID else {
        return "\(cuda.version), but without its PCI bus the board cannot be found there"
      }
      _ = try cuda.device(pciBusID: pciBusID)
      return "\(cuda.version), kernels can be run on this board"
    } catch {
      return "kernels cannot be run: \(error.description)"
    }
  }
}

extension Obstacle {
  var exit: CommandLineTool.Exit {
    switch self {
    case .driver, .wrongResult, .unsuitable: .unavailable
    case .drift, .insufficient: .incomplete
    case .file: .usage
    case .interrupted, .stopped: .interrupted
    }
  }
}

/// Writes to standard output.
private func print(_ text: String) -> CommandLineTool.Exit {
  writeAll(Array(text.utf8), to: STDOUT_FILENO) ? .success : .usage
}

/// One line on standard error, in the program's name.
private func complain(_ message: String) {
  _ = writeAll(Array("nncost-calibrate: \(message)\n".utf8), to: STDERR_FILENO)
}

/// The value of an environment variable that is set and not empty.
private func environment(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  let text = unsafe String(cString: value)
  return text.isEmpty ? nil : text
}

/// The day, as `YYYY-MM-DD`, in Greenwich.
private func today() -> String {
  var now = time(nil)
  var date = unsafe tm()
  guard unsafe gmtime_r(&now, &date) != nil else { return "unknown" }
  func two(_ number: CInt) -> String { number < 10 ? "0\(number)" : "\(number)" }
  return unsafe "\(date.tm_year + 1900)-\(two(date.tm_mon + 1))-\(two(date.tm_mday))"
}
