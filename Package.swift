// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  // For ~Escapable types of our own, as swift-system and swift-collections have.
  .enableExperimentalFeature("Lifetimes"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

// Without the dynamic loader a process starts in half the time, and runs where no toolchain is installed.
// The flag reaches the tests too, which cannot be linked with it; so it is for release builds alone.
let standalone: [LinkerSetting] = [
  .unsafeFlags(["-static-stdlib"], .when(platforms: [.linux], configuration: .release))
]

let package = Package(
  name: "nncost",
  products: [
    .executable(name: "nncost", targets: ["CLI"]),
    .executable(name: "nncost-calibrate", targets: ["Microbenchmark"]),
  ],
  targets: [
    .target(name: "Graph", swiftSettings: strict),
    .target(
      name: "Cost", dependencies: ["Graph"], resources: [.embedInCode("Devices")],
      swiftSettings: strict),
    .target(name: "Rules", dependencies: ["Cost", "Graph"], swiftSettings: strict),
    .executableTarget(
      name: "CLI", dependencies: ["Rules", "Cost", "Graph"], swiftSettings: strict,
      linkerSettings: standalone),
    .target(
      name: "BenchmarkKernels", path: "calibration/Kernels",
      // Making megabytes of random numbers takes a minute otherwise.
      swiftSettings: strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]),
    .executableTarget(
      name: "Microbenchmark", dependencies: ["BenchmarkKernels", "Cost", "Graph"],
      path: "calibration/Microbenchmark", swiftSettings: strict,
      linkerSettings: standalone),

    .testTarget(
      name: "GraphTests", dependencies: ["Graph"], exclude: ["Models", "Broken"],
      swiftSettings: strict),
    .testTarget(name: "CostTests", dependencies: ["Cost", "Graph"], swiftSettings: strict),
    .testTarget(
      name: "RulesTests", dependencies: ["Rules", "Cost", "Graph"], exclude: ["Snapshots"],
      swiftSettings: strict),
    .testTarget(
      name: "CLITests", dependencies: ["CLI"], exclude: ["Snapshots"], swiftSettings: strict),
    .testTarget(
      name: "KernelTests", dependencies: ["BenchmarkKernels"],
      // It runs kernels instruction by instruction, which takes four times as long otherwise.
      swiftSettings: strict + [.unsafeFlags(["-O"])]),
    .testTarget(
      name: "MicrobenchmarkTests",
      dependencies: ["Microbenchmark", "BenchmarkKernels", "Cost", "Graph"], exclude: ["Fake"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
