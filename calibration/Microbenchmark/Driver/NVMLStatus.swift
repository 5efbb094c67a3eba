extension NVML {
  /// A return code of the C interface, as a struct so that codes of later drivers survive.
  ///
  /// The codes are those of `nvmlReturn_t` in the
  /// [NVML reference](https://docs.nvidia.com/deploy/nvml-api/group__nvmlDeviceEnumvs.html).
  struct Status: RawRepresentable, Error, Hashable, CustomStringConvertible {
    let rawValue: CInt

    static let success = Status(rawValue: 0)
    static let notSupported = Status(rawValue: 3)
    static let noPermission = Status(rawValue: 4)
    static let functionNotFound = Status(rawValue: 13)

    var description: String {
      let meaning = Self.meanings[rawValue] ?? "an error this version does not know"
      return "\(meaning) (NVML status \(rawValue))"
    }

    private static let meanings: [CInt: String] = [
      0: "success",
      1: "NVML was not initialised",
      2: "an argument is invalid",
      3: "the board does not support this",
      4: "no permission",
      5: "NVML was already initialised",
      6: "not found",
      7: "a buffer is too small",
      8: "the board's external power cables are not attached",
      9: "the kernel driver is not loaded",
      10: "the driver timed out",
      11: "the board has an interrupt problem",
      12: "a library of the driver is missing",
      13: "this driver has no such function",
      14: "the board's information ROM is corrupt",
      15: "the board has fallen off the bus",
      16: "the board needs a reset",
      17: "the operating system blocks the board's control device",
      18: "kernel driver and driver library are of different versions; a reboot usually mends it",
      19: "the board is in use",
      20: "out of memory",
      21: "no data",
      22: "not available while ECC is on",
      23: "the driver is out of resources",
      24: "this clock is not supported",
      25: "the driver has another version of this interface",
      26: "this function was withdrawn",
      27: "the board is not ready",
      28: "no GPU was found",
      29: "the board is in the wrong state",
      30: "this kind of reset is not supported",
      999: "unknown driver error",
    ]
  }
}
