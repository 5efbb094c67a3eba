import Testing

@testable import Graph

@Suite struct ElementFileTests {
  private static let expected: [(name: String, type: ElementType, value: TensorValue)] = [
    ("FLOAT", .float32, .reals([0.5, -2])),
    ("DOUBLE", .float64, .reals([0.5, -2])),
    ("FLOAT16", .float16, .reals([0.5, -2])),
    ("BFLOAT16", .bfloat16, .reals([0.5, -2])),
    ("INT8", .int8, .integers([-128, 127])),
    ("INT16", .int16, .integers([-32_768, 32_767])),
    ("INT32", .int32, .integers([-2_147_483_648, 2_147_483_647])),
    ("INT64", .int64, .integers([.min, .max])),
    ("UINT8", .uint8, .integers([0, 255])),
    ("UINT16", .uint16, .integers([0, 65_535])),
    ("UINT32", .uint32, .integers([0, 4_294_967_295])),
    // The largest that is followed stands for larger ones.
    ("UINT64", .uint64, .integers([0, .max])),
    ("BOOL", .bool, .integers([0, 1])),
    ("INT4", .int4, .integers([-8, 7, 3])),
    ("UINT4", .uint4, .integers([0, 15, 3])),
    ("INT2", .int2, .integers([-2, 1, 0, 1, -1])),
    ("UINT2", .uint2, .integers([0, 3, 1, 2, 3])),
  ]

  private static func literals(_ file: String) throws -> [String: TensorInfo] {
    let values = try ModelFile.read(Fixtures.path(file)).body.values
    let named = values.compactMap { value in value.initializer.map { ($0.name, $0.info) } }
    return Dictionary(uniqueKeysWithValues: named)
  }

  @Test(arguments: ["elements.onnx", "elements.onnx.json"], ["raw", "typed"])
  func `small values of every type are read`(_ file: String, _ form: String) throws {
    let literals = try Self.literals(file)
    for (name, type, value) in Self.expected {
      let info = try #require(literals["\(name) \(form)"])
      #expect(info.type == type && info.value == value, "\(name) \(form)")
    }
  }

  @Test func `every type that ONNX has is known`() throws {
    let types = try Self.literals("elements.onnx").values.map(\.type)
    #expect(Set(types) == Set(ElementType.allCases))
  }
}
