#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether the user has asked the program to stop, with Ctrl-C for instance.
///
/// The signals are held back and asked for, rather than caught, so that nothing runs at a moment it does not expect:
/// what is being measured is dropped, what was measured is already written, and clocks are restored.
struct Interruption {
  /// Whether to stop now.
  let isRequested: () -> Bool

  /// Nobody ever asks.
  static var never: Interruption { Interruption { false } }

  /// By SIGINT, SIGTERM or SIGHUP, from now on.
  static func bySignal() -> Interruption {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, signal) }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    return Interruption {
      var pending = sigset_t()
      guard unsafe sigpending(&pending) == 0 else { return false }
      return [SIGINT, SIGTERM, SIGHUP].contains { unsafe sigismember(&pending, $0) == 1 }
    }
  }
}
