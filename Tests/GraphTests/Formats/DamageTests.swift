import Testing

@testable import Graph

/// Files whose bytes were changed on the way.
@Suite struct DamageTests {
  @Test(arguments: ["control.onnx", "attributes.onnx"])
  func `a flipped bit gives a model or an error, never a trap`(name: String) throws {
    let whole = try Fixtures.bytes(Fixtures.path(name))
    for index in whole.indices {
      for bit in 0..<8 {
        var changed = whole
        changed[index] ^= 1 << UInt8(bit)
        analyse(changed, name)
      }
    }
  }

  @Test(arguments: ["control.onnx", "control.onnxtxt"])
  func `bytes left out of the middle give a model or an error, never a trap`(name: String) throws {
    let whole = try Fixtures.bytes(Fixtures.path(name))
    for start in whole.indices {
      for length in [1, 7] where start + length < whole.count {
        var changed = whole
        changed.removeSubrange(start..<start + length)
        analyse(changed, name)
      }
    }
  }

  @Test(arguments: ["control.onnxtxt", "control.onnx.json"])
  func `another character gives a model or an error, never a trap`(name: String) throws {
    let whole = try Fixtures.bytes(Fixtures.path(name))
    for index in whole.indices {
      for other in [0x22, 0x39, 0x7D] as [UInt8] {
        var changed = whole
        changed[index] = other
        analyse(changed, name)
      }
    }
  }

  /// A model with a wrong number in it is still a model; then it must also be one that can be analysed.
  private func analyse(_ bytes: [UInt8], _ name: String) {
    // What kind of file it is takes longest to tell, and is told elsewhere.
    let format = FormatList.all.first { format in
      format.extensions.contains { name.hasSuffix(".\($0)") }
    }
    if let model = try? format?.read(FileBytes(bytes.span)) { _ = try? Analysis(model) }
  }
}
