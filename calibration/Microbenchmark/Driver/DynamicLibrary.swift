#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A shared library opened at run time, and closed when the value goes away.
@safe struct DynamicLibrary: ~Copyable {
  /// The name or path the library was asked for by.
  let name: String
  private let handle: UnsafeMutableRawPointer

  /// Opens the library with all its symbols resolved, or throws ``DriverFailure/notInstalled(library:reason:)``.
  init(_ name: String) throws(DriverFailure) {
    guard let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
      let reason = unsafe dlerror().map { unsafe String(cString: $0) }
      throw .notInstalled(library: name, reason: reason ?? "the loader gave no reason")
    }
    self.name = name
    unsafe self.handle = handle
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
