import Foundation

/// Driver libraries built from C for one test, in a folder of their own that ``remove()`` deletes.
struct FakeDriver {
  let folder: URL
  var nvml: String { folder.appendingPathComponent("libfake-nvml.so").path }
  var cuda: String { folder.appendingPathComponent("libfake-cuda.so").path }

  /// The C compiler is missing, or did not accept the source.
  struct CompilerFailure: Error, CustomStringConvertible {
    let description: String
  }

  /// Compiles both libraries, leaving out the functions that `defines` name.
  init(defines: [String] = []) throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("nncost-fake-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fake")
    for (source, library) in [("nvml.c", nvml), ("cuda.c", cuda)] {
      let result = try ProgramRun(
        URL(fileURLWithPath: "/usr/bin/env"),
        ["cc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", library]
          + defines.map { "-D\($0)" } + [sources.appendingPathComponent(source).path])
      guard result.status == 0 else {
        throw CompilerFailure(
          description: "these tests need a C compiler named 'cc': \(result.errors)")
      }
    }
  }

  func remove() {
    try? FileManager.default.removeItem(at: folder)
  }

  /// Runs the built `nncost-calibrate` against these libraries.
  func calibrate(_ arguments: [String] = [], _ environment: [String: String] = [:]) throws
    -> ProgramRun
  {
    let libraries = ["NNCOST_NVML_LIBRARY": nvml, "NNCOST_CUDA_LIBRARY": cuda]
    return try ProgramRun.calibrate(
      arguments, libraries.merging(environment) { _, given in given })
  }
}
