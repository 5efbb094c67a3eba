/// Why a driver does not serve, as one sentence for the user.
enum DriverFailure: Error, CustomStringConvertible {
  /// The loader found no such library, or could not load it.
  case notInstalled(library: String, reason: String)
  /// A library of that name was loaded, but it lacks a function that every driver has.
  case incomplete(library: String, symbol: String)
  /// The driver answered a request with an error.
  case refused(_ request: String, reason: String)
  /// The driver runs, and manages no GPU.
  case noDevice
  /// The driver manages `count` GPUs, and none has this index.
  case noSuchDevice(index: Int, count: Int)

  var description: String {
    switch self {
    case .notInstalled(let library, let reason):
      "no NVIDIA driver: \(library) cannot be loaded (\(reason)); a container needs the host's, as with 'docker run --gpus all'"
    case .incomplete(let library, let symbol):
      "\(library) is not a usable NVIDIA driver library: it has no function \(symbol); "
        + "drivers since version 450 have all that is needed"
    case .refused(let request, let reason):
      "the NVIDIA driver refused \(request): \(reason)"
    case .noDevice:
      "the NVIDIA driver reports no GPU on this machine"
    case .noSuchDevice(let index, let count):
      count == 1
        ? "there is no GPU \(index): the only one is GPU 0"
        : "there is no GPU \(index): they are numbered 0 to \(count - 1)"
    }
  }
}
