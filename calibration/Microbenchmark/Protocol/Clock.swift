#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The time that measurements are taken by, so that a simulated board can have a time of its own.
struct Clock {
  /// Seconds since some moment; never goes back.
  let now: () -> Double
  /// Waits for so many seconds.
  let wait: (Double) -> Void

  /// The machine's own.
  static var machine: Clock {
    Clock(
      now: {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
      },
      wait: { seconds in
        guard seconds > 0 else { return }
        let whole = min(seconds.rounded(.down), 1e6)
        var time = timespec()
        time.tv_sec = Int(whole)
        time.tv_nsec = min(Int((seconds - whole).magnitude * 1e9), 999_999_999)
        _ = unsafe nanosleep(&time, nil)
      })
  }

  /// That of a library with the functions `nncost_clock_now` and `nncost_clock_wait`, as a simulated board has.
  ///
  /// The library must stay open for as long as the clock is used.
  static func library(_ library: borrowing DynamicLibrary) throws(DriverFailure) -> Clock {
    typealias Now = @convention(c) () -> Double
    typealias Wait = @convention(c) (Double) -> Void
    let now = unsafe try library.required("nncost_clock_now", as: Now.self)
    let wait = unsafe try library.required("nncost_clock_wait", as: Wait.self)
    return Clock(now: { now() }, wait: { wait($0) })
  }
}
