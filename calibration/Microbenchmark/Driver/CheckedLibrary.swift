/// A C library whose functions answer with a return code, 0 where all went well.
protocol CheckedLibrary: ~Copyable {
  /// Its codes, each with its meaning in words; those of later versions survive as numbers.
  associatedtype Status: RawRepresentable<CInt>, CustomStringConvertible
}

extension CheckedLibrary where Self: ~Copyable {
  /// Throws ``DriverFailure/refused(_:reason:)`` with what was requested, unless `code` says that it was done.
  static func check(_ request: @autoclosure () -> String, _ code: CInt) throws(DriverFailure) {
    guard code != 0 else { return }
    let reason = Status(rawValue: code)?.description ?? "status \(code)"
    throw .refused(request(), reason: reason)
  }
}

/// A version as NVIDIA's libraries pack it: 12.4.5 is 120405, and in earlier ones 8.9.2 is 8902.
struct PackedVersion: Hashable, CustomStringConvertible {
  let major: Int
  let minor: Int

  /// From `wide` on, numbers have two digits for each part, before that one for the second.
  init(_ number: Int, wideFrom wide: Int) {
    let unit = number >= wide ? 10_000 : 1000
    major = number / unit
    minor = number % unit / 100
  }

  var description: String { "\(major).\(minor)" }
}
