// The entry of libFuzzer, compiled into one module with the sources of Graph.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads the bytes as a model and analyses it; a crash or a long wait is what libFuzzer looks for.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe UnsafeBufferPointer(start: start, count: count).span
  guard let model = try? model(bytes), let analysis = try? Analysis(model) else { return 0 }
  _ = analysis.totals
  _ = analysis.scope.peakActivationBytes
  return 0
}

private func model(_ bytes: Span<UInt8>) throws(FormatError) -> Model {
  let name = unsafe getenv("NNCOST_FUZZ").map { unsafe String(cString: $0) }
  guard let format = FormatList.all.first(where: { $0.name == name }) else {
    return try ModelFile.read(bytes)
  }
  return try format.read(FileBytes(bytes))
}
