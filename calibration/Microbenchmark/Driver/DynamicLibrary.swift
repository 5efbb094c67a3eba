#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A shared library opened at run time, and closed when the value goes away.
///
/// Its code stays in memory, since drivers have threads of their own that may outlast their last user.
@safe struct DynamicLibrary: ~Copyable {
  /// The name or path the library was asked for by.
  let name: String
  private let handle: UnsafeMutableRawPointer

  /// Where drivers lie that the loader does not find by itself: under WSL and NixOS.
  private static let folders = ["/usr/lib/wsl/lib/", "/run/opengl-driver/lib/"]

  /// Opens the library with all its symbols resolved, or throws ``DriverFailure/notInstalled(library:reason:)``.
  init(_ name: String) throws(DriverFailure) {
    unsafe handle = try Self.load(name)
    self.name = name
  }

  private static func load(_ name: String) throws(DriverFailure) -> UnsafeMutableRawPointer {
    let mode = RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE
    if let handle = unsafe dlopen(name, mode) { return unsafe handle }
    // What the loader says of the bare name is what tells the user something.
    let reason = unsafe dlerror().map { unsafe String(cString: $0) }
    for folder in name.contains("/") ? [] : folders {
      if let handle = unsafe dlopen(folder + name, mode) { return unsafe handle }
    }
    throw .notInstalled(library: name, reason: reason ?? "the loader gave no reason")
  }

  deinit { unsafe dlclose(handle) }

  /// The C function `symbol` as a value of the `@convention(c)` type `F`, or nil where the library has none.
  ///
  /// Nothing checks that `F` is the function's signature.
  @unsafe func function<F>(_ symbol: String, as type: F.Type = F.self) -> F? {
    unsafe dlsym(handle, symbol).map { unsafe unsafeBitCast($0, to: F.self) }
  }

  /// The same for a function nothing works without, or throws ``DriverFailure/incomplete(library:symbol:)``.
  @unsafe func required<F>(_ symbol: String, as type: F.Type = F.self) throws(DriverFailure) -> F {
    guard let function = unsafe function(symbol, as: type) else {
      throw .incomplete(library: name, symbol: symbol)
    }
    return function
  }
}
