import Cost
import Foundation
import Graph

@testable import BenchmarkKernels
@testable import Microbenchmark

/// A board that is known in all its figures, in a library of its own with a time of its own.
struct SimulatedBoard {
  let folder: URL
  let device: Device
  /// What the libraries of products and convolutions make of it.
  var libraryDevice: Device { Self.withLibraries(device) }
  var library: String { folder.appendingPathComponent("libboard.so").path }
  var settings: String { folder.appendingPathComponent("board.txt").path }

  /// Compiles the library and writes what the board is like: `device` for its kernels, and `changes` to its settings.
  init(
    _ device: Device, _ kernels: [BenchmarkKernel], _ changes: [String: String] = [:],
    calls: [LibraryCall]? = nil
  ) throws {
    self.device = device
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("nncost-board-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let sources = ["board.c", "libraries.c"].map {
      URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fake/\($0)").path
    }
    let compiler = try ProgramRun(
      URL(fileURLWithPath: "/usr/bin/env"),
      ["cc", "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", library] + sources + ["-lm"])
    guard compiler.status == 0 else {
      throw FakeDriver.CompilerFailure(description: compiler.errors)
    }
    var text = ""
    let power = [
      "idle_w": device.power.idleWatts, "context_w": device.power.idleContextWatts,
      "active_w": device.power.activeWatts, "cap_w": device.power.capWatts,
    ].mapValues { "\($0)" }
    for (key, value) in power.merging(changes, uniquingKeysWith: { _, new in new }) {
      text += "\(key) \(value)\n"
    }
    for kernel in kernels { text += lines(for: kernel) }
    for call in calls ?? kernels.compactMap(LibraryCall.init) { text += lines(for: call) }
    try text.write(toFile: settings, atomically: true, encoding: .utf8)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// A kernel as the board runs it, and what it computes.
  private func lines(for kernel: BenchmarkKernel) -> String {
    let (seconds, joules) = cost(of: Subject(kernel), on: device)
    var signature = ""
    var numbers: [String] = []
    for argument in kernel.arguments {
      switch argument {
      case .buffer: signature += "b"
      case .number(let number):
        signature += "n"
        numbers.append("\(number)")
      }
    }
    return
      "kernel \(kernel.program.entry) \(signature) \(kernel.grid.x) \(kernel.grid.y) \(kernel.grid.z) "
      + "\(numbers.isEmpty ? "-" : numbers.joined(separator: ",")) \(seconds) \(joules) \(kernel.check.result)\n"
      + results(of: kernel)
  }

  /// What a library does, by the name that Fake/libraries.c makes of it.
  private func lines(for call: LibraryCall) -> String {
    let types: [NumberType: (product: Int, convolution: Int)] = [
      .float32: (0, 0), .tensorFloat32: (77, 77), .float16: (2, 2), .int8: (3, 3),
      .bfloat16: (14, 9),
    ]
    guard let type = types[call.type] else { return "" }
    let entry: String
    switch call.problem {
    case .product(let rows, let columns, let depth):
      entry = "cublaslt:\(type.product):\(rows)x\(columns)x\(depth)"
    case .convolution(let e):
      let pass = [KernelClass.inputGradient: 1, .weightGradient: 2][call.kernelClass] ?? 0
      entry =
        "cudnn:\(pass):\(type.convolution):\(call.layout == .channelsFirst ? 0 : 1):"
        + "\(e.batch)x\(e.size)x\(e.inputChannels)x\(e.outputChannels)x\(e.kernel):\(e.stride):\(e.groups)"
    default: return ""
    }
    let (seconds, joules) = cost(of: Subject(call, by: "library"), on: libraryDevice)
    return "kernel \(entry) bb 0 0 0 - \(seconds) \(joules) 2\n" + results(of: call)
  }

  private func results(of checked: some Checkable) -> String {
    guard case .buffer(let result) = checked.arguments[checked.check.result] else { return "" }
    let inputs = Inputs(checked.arguments)
    return Set(checked.checkedElements()).sorted().map { index in
      let bytes = result.type.bytes(checked.check.expected(inputs, index))
      return "r \(index * result.type.byteCount) "
        + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\n"
    }.joined()
  }

  /// How much faster the libraries multiply than this project's kernels.
  static let librarySpeed = 1.25

  private static func withLibraries(_ device: Device) -> Device {
    var device = device
    for index in device.rates.indices where device.rates[index].operation.hasProducts {
      let rate = device.rates[index]
      device.rates[index].flopsPerSecond *= librarySpeed
      device.rates[index].tiling?.fetchBytesPerSecond *= librarySpeed
      guard rate.operation == .convolution else { continue }
      guard rate.type != .int8 else { continue }
      device.rates[index].tiling?.unalignedShare = 0.8
      device.rates[index].winograd = 0.57
      device.rates[index].inputGradientShare = 0.83
      device.rates[index].stridedGradientShare = 0.46
      device.rates[index].weightGradientShare = 0.17
    }
    return device
  }

  /// Seconds and joules of one launch, by the figures of `device`.
  private func cost(of subject: Subject, on device: Device) -> (seconds: Double, joules: Double) {
    let (work, launch, memory) = (subject.work, device.launch.kernelSeconds, device.memory)
    let plain = device.rate(.elementwise, .float32)?.joulesPerFlop ?? 0
    switch subject.kernelClass {
    case .launch: return (launch, 0)
    case .copy, .triad:
      return (
        launch + Double(work.bytes) / memory.bytesPerSecond,
        Double(work.bytes) * memory.joulesPerByte + Double(work.operations) * plain
      )
    case .cacheRead:
      return (launch + Double(work.cachedBytes) / memory.cacheBytesPerSecond, 1e-12)
    case .arithmetic:
      // Multiply-adds do two operations at once.
      let rate = 2 * (device.rate(.elementwise, .float32)?.flopsPerSecond ?? 4e12)
      return (Double(work.operations) / rate, Double(work.operations) * plain)
    default:
      guard let priced = subject.kernel(cacheBytes: device.l2Bytes),
        let rate = device.rate(priced.operation, priced.type).map(subject.met)
      else { return (1e-3, 1e-3) }
      return (
        Timing(device: device).seconds(priced, at: rate),
        Energy(device: device).dynamicJoules(priced, at: rate)
      )
    }
  }

  /// What the instrument says of the board.
  struct Outcome {
    let samples: SampleTable
    let said: [String]
    /// Seconds that passed on the board.
    let seconds: Double
  }

  /// Measures the board in this process.
  func measure(
    _ kernels: [BenchmarkKernel], _ request: Arguments.Request = .init(), hasLibrary: Bool = false,
    calls: [LibraryCall]? = nil, interruption: Interruption = .never
  ) throws -> Outcome {
    let library = try DynamicLibrary(library)
    typealias Read = @convention(c) (UnsafePointer<CChar>) -> CInt
    let read = unsafe try library.required("fake_board_read", as: Read.self)
    guard unsafe read(settings) == 0 else {
      throw FakeDriver.CompilerFailure(description: settings)
    }
    let clock = try Clock.library(library)
    let said = Said()
    let start = clock.now()
    let calibration = Calibration(
      request: request, clock: clock, interruption: interruption,
      libraries: .init(
        nvml: self.library, cuda: self.library, products: hasLibrary ? [self.library] : [],
        convolutions: hasLibrary ? [self.library] : []),
      say: said.add, date: "2030-01-02", kernels: kernels,
      calls: calls ?? kernels.compactMap(LibraryCall.init))
    let samples = try calibration.samples()
    return Outcome(samples: samples, said: said.lines, seconds: clock.now() - start)
  }

  private final class Said {
    var lines: [String] = []
    func add(_ line: String) { lines.append(line) }
  }
}
