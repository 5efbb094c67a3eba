extension CUDA {
  /// A return code of the C interface (`CUresult`), as a struct so that codes of later drivers survive.
  struct Status: RawRepresentable, Error, Hashable, CustomStringConvertible {
    let rawValue: CInt

    static let success = Status(rawValue: 0)
    /// What was asked about is still under way.
    static let notReady = Status(rawValue: 600)

    var description: String {
      let meaning = Self.meanings[rawValue] ?? "an error this version does not know"
      return "\(meaning) (CUDA status \(rawValue))"
    }

    private static let meanings: [CInt: String] = [
      0: "success",
      1: "an argument is invalid",
      2: "out of memory",
      3: "CUDA was not initialised",
      4: "the driver is shutting down",
      34: "this is the stub library that programs are linked with, not a driver",
      46: "another process has the GPU to itself, or it is closed to computing (its compute mode)",
      100: "CUDA sees no GPU; CUDA_VISIBLE_DEVICES may hide it",
      101: "CUDA does not see this GPU; CUDA_VISIBLE_DEVICES may hide it",
      102: "this GPU's use takes a licence that is not there",
      200: "the kernel's image is invalid",
      201: "there is no valid context",
      209: "there is no code for this generation of GPUs",
      214: "the GPU's memory had an error that could not be corrected",
      218: "the driver's compiler does not accept the PTX",
      221: "the driver's compiler is missing",
      222: "the PTX is of a later version than this driver knows; a newer driver helps",
      223: "the driver's compiler is switched off; CUDA_DISABLE_PTX_JIT does that",
      304: "the operating system refused a call",
      500: "not found",
      600: "not ready",
      700: "a kernel touched memory that is not its own",
      701: "a launch needs more resources than the GPU has",
      702: "a kernel ran longer than the system's watchdog allows",
      716: "a kernel touched memory at an address that is not aligned",
      719: "a kernel failed",
      800: "no permission",
      801: "not supported",
      802: "the system is not ready",
      803: "kernel driver and driver library are of different versions; a reboot usually mends it",
      804: "this GPU cannot run with a driver library newer than its kernel driver",
      805: "the MPS server, by which processes share a GPU, cannot be reached",
      999: "unknown driver error",
    ]
  }
}
