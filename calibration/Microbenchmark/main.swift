#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

let help = """
  usage: nncost-calibrate [--device N]

  Reads one NVIDIA GPU through its driver and prints what it reports of itself:
  the conditions under which a measurement on it would stand.
  This version measures nothing yet and writes no device table.

    --device N   the GPU with this number, counted from 0 as nvidia-smi does (default 0)
    --version    print the version
    --help       print this text

  environment:
    NNCOST_NVML_LIBRARY   management library to load (default libnvidia-ml.so.1)
    NNCOST_CUDA_LIBRARY   CUDA driver library to load (default libcuda.so.1)

  exit status: 0 the board was read; 2 the command line is wrong;
  3 there is no driver, no permission, no such GPU, or the GPU is too old.
  """

/// How the program ends, as the rest of nncost does.
enum Exit: CInt {
  case success = 0
  case usage = 2
  case unavailable = 3
}

do throws(Arguments.UsageError) {
  switch try Arguments(CommandLine.arguments.dropFirst()) {
  case .help: print(help)
  case .version: print("nncost-calibrate 0.1.0")
  case .read(let device): exit(read(device).rawValue)
  }
} catch {
  complain("\(error.description); see nncost-calibrate --help")
  exit(Exit.usage.rawValue)
}

/// Prints the board with this index, and whether kernels could be run on it.
func read(_ index: Int) -> Exit {
  let board: Board
  do throws(DriverFailure) {
    let nvml = try NVML(library: environment("NNCOST_NVML_LIBRARY") ?? "libnvidia-ml.so.1")
    board = try Board(index, from: nvml)
  } catch {
    complain(error.description)
    return .unavailable
  }
  for line in board.lines { print(line) }
  print(Board.line("CUDA", kernelSupport(of: board)))

  if case .success(let capability) = board.computeCapability, capability < .volta {
    complain(
      "GPU \(index) has compute capability \(capability): "
        + "calibration needs \(ComputeCapability.volta) (Volta) or later")
    return .unavailable
  }
  print("The board was read only: this version measures nothing and writes no device table.")
  return .success
}

/// Whether the CUDA driver would run kernels on this board, in words.
func kernelSupport(of board: Board) -> String {
  do throws(DriverFailure) {
    let cuda = try CUDA(library: environment("NNCOST_CUDA_LIBRARY") ?? "libcuda.so.1")
    guard case .success(let pciBusID) = board.pciBusID else {
      return "\(cuda.version), but without its PCI bus the board cannot be found there"
    }
    _ = try cuda.device(pciBusID: pciBusID)
    return "\(cuda.version), kernels can be run on this board"
  } catch {
    return "kernels cannot be run: \(error.description)"
  }
}

/// The value of an environment variable that is set and not empty.
func environment(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  let text = unsafe String(cString: value)
  return text.isEmpty ? nil : text
}

/// One line on standard error, in the program's name.
func complain(_ message: String) {
  var line = "nncost-calibrate: \(message)\n"
  line.withUTF8 { bytes in _ = unsafe write(2, bytes.baseAddress, bytes.count) }
}
