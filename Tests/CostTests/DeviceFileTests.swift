import Foundation
import Testing
import Graph

@testable import Cost

@Suite struct DeviceFileTests {
  private func t4() throws -> String {
    let entry = try #require(DeviceList.all.first { $0.name == "t4" })
    return String(decoding: entry.table, as: UTF8.self)
  }

  private func failure(replacing old: String, with new: String) throws -> DeviceFile.Failure {
    let text = try t4()
    #expect(text.contains(old))
    let range = try #require(text.range(of: old))
    let broken = text.replacingCharacters(in: range, with: new)
    return try #require(throws: DeviceFile.Failure.self) {
      try DeviceFile.read(Array(broken.utf8), name: "t4", file: "t4.json")
    }
  }

  @Test func `every table in the folder is in the list, and is read`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../calibration/devices").standardized
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    #expect(files == DeviceList.names.sorted())
    for name in files { #expect(try Device.named(name)?.name == name) }
  }

  @Test(arguments: ["v100", "a100", "h100", "l4"])
  func `a table derived from a data sheet says so, and trusts itself less`(name: String) throws {
    let t4 = try #require(try Device.named("t4"))
    let device = try #require(try Device.named(name))
    #expect(device.provenance.kind == .datasheet)
    #expect(device.provenance.sources.contains { $0.contains("data sheet") })
    #expect(device.uncertainty.modelPercent > t4.uncertainty.modelPercent)
    for rate in device.rates { #expect(rate.residualPercent >= 30 && rate.samples == 0) }
    // What the older board is known to do, the newer ones do faster.
    for operation in Kernel.Operation.allCases {
      for type in [NumberFormat.float32, .float16] {
        let (old, new) = (t4.rate(operation, type), device.rate(operation, type))
        #expect((old == nil) == (new == nil))
        if let old, let new { #expect(new.flopsPerSecond > old.flopsPerSecond) }
      }
    }
  }

  @Test func `a table that is written reads back the same`() throws {
    for name in DeviceList.names {
      var device = try #require(try Device.named(name))
      device.sensor = Device.Sensor(
        updateSeconds: 0.1, windowSeconds: 0.025, counterPercent: 0.4)
      device.rates[0].spreadPercent = 1.5
      device.rates[0].clock = .capped
      device.rates[1].provider = "a \"quoted\" one"
      var back = try DeviceFile.read(
        Array(DeviceFile.text(of: device).utf8), name: name, file: "x.json")
      #expect(back.sha256 != device.sha256)
      back.sha256 = device.sha256
      #expect(back == device)
    }
  }

  @Test(arguments: [
    (12345.0, "12300.0"), (0.0012345, "0.00123"), (4.99e12, "4990000000000.0"),
    (8.5e-11, "8.5e-11"), (999.6, "1000.0"), (-2.349, "-2.35"), (0, "0.0"),
  ])
  func `three digits stay three digits`(value: Double, text: String) {
    #expect(threeDigits(value).description == text)
  }

  @Test func `a device nobody listed is nil`() throws {
    #expect(try Device.named("t5") == nil)
  }

  @Test func `the T4 has a rate for every kind of kernel in the types it computes in`() throws {
    let device = try #require(try Device.named("t4"))
    for operation in Kernel.Operation.allCases {
      for type in [NumberFormat.float32, .float16, .int8] {
        #expect(device.rate(operation, type) != nil, "\(operation) in \(type)")
      }
    }
    // Turing has no arithmetic in bfloat16, so that stays unpriced.
    #expect(device.rate(.gemm, .bfloat16) == nil)
  }

  @Test func `an unknown key is named with the nearest one that is known`() throws {
    let failure = try failure(replacing: "\"cap_w\"", with: "\"cap_wt\": 3, \"cap_w\"")
    #expect(failure.message == "unknown key 'cap_wt'; did you mean 'cap_w'?")
    #expect(failure.line > 1 && failure.column > 1)
  }

  @Test func `a missing key is named`() throws {
    let failure = try failure(replacing: "\"idle_w\"", with: "\"idle_ws\"")
    #expect(failure.message == "key 'idle_w' is missing; is 'idle_ws' meant?")
  }

  @Test func `a rate that is not positive is rejected`() throws {
    let failure = try failure(replacing: "\"gpu_us\": ", with: "\"gpu_us\": -")
    #expect(failure.message == "'gpu_us' must be above 0")
  }

  @Test func `an error of more than ten times is refused, since an interval would have no end`()
    throws
  {
    let failure = try failure(replacing: "\"sensor_pct\": ", with: "\"sensor_pct\": 4e18, \"x\": ")
    #expect(failure.message == "'sensor_pct' must be between 0 and 1000")
  }

  @Test func `a slip in the syntax is told by line and column`() throws {
    let failure = #expect(throws: DeviceFile.Failure.self) {
      try DeviceFile.read(Array("{\n  \"schema\" 1}".utf8), name: "x", file: "x.json")
    }
    #expect(failure?.description == "x.json:2:12: expected ':'")
  }

  @Test(arguments: ["", "{", "[]", "{}", "{\"schema\": \"nncost-device/1\"}", "null"])
  func `what is no table is rejected`(text: String) {
    #expect(throws: DeviceFile.Failure.self) {
      try DeviceFile.read(Array(text.utf8), name: "x", file: "x.json")
    }
  }

  @Test func `every proper prefix of a table is rejected`() throws {
    let bytes = Array(try t4().utf8)
    let end = bytes.lastIndex(of: UInt8(ascii: "}")) ?? 0
    for count in stride(from: 0, through: end, by: 7) {
      #expect(throws: DeviceFile.Failure.self) {
        try DeviceFile.read(Array(bytes.prefix(count)), name: "x", file: "x.json")
      }
    }
  }

  /// Digests published with the standard.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `digests are those of the standard`(text: String, digest: String) {
    #expect(SHA256.hexadecimal(Array(text.utf8)) == digest)
  }
}
