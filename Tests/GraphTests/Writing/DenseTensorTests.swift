import Testing

@testable import Graph

@Suite struct DenseTensorTests {
  private let counting = DenseTensor([2, 3], [0, 1, 2, 3, 4, 5])

  private func evaluated(_ recipe: Recipe) throws -> DenseTensor? {
    let tensor = try #require(counting)
    return recipe.evaluated { _ in tensor }
  }

  private static let steps: [(Recipe, [Int], [Double])] = {
    let x = Recipe.constant(0)
    let column = Recipe.numbers([10, 100], dims: [2, 1])
    let pair = Recipe.numbers([4, 9], dims: [2])
    var steps: [(Recipe, [Int], [Double])] = []
    steps.append((x + .number(1), [2, 3], [1, 2, 3, 4, 5, 6]))
    steps.append((.number(6) / .number(4), [], [1.5]))
    steps.append((x * column, [2, 3], [0, 10, 20, 300, 400, 500]))
    steps.append((x - x, [2, 3], [0, 0, 0, 0, 0, 0]))
    steps.append((.squareRoot(pair), [2], [2, 3]))
    steps.append((.reshaped(x, [3, 2]), [3, 2], [0, 1, 2, 3, 4, 5]))
    steps.append((.transposed(x, [1, 0]), [3, 2], [0, 3, 1, 4, 2, 5]))
    steps.append((.sliced(x, axis: 1, from: 0, to: 3, step: 2), [2, 2], [0, 2, 3, 5]))
    steps.append((.sliced(x, axis: 0, from: 1, to: 2, step: 1), [1, 3], [3, 4, 5]))
    steps.append((.padded(x, axis: 1, before: 1, after: 0), [2, 4], [0, 0, 1, 2, 0, 3, 4, 5]))
    steps.append(
      (.concatenated([x, column], axis: 1), [2, 4], [0, 1, 2, 10, 3, 4, 5, 100]))
    steps.append((.summed(x, axis: 0), [1, 3], [3, 5, 7]))
    steps.append((.summed(x, axis: 1), [2, 1], [3, 12]))
    steps.append((.product(x, .transposed(x, [1, 0])), [2, 2], [5, 14, 14, 50]))
    steps.append((.identity(rows: 3, columns: 2), [3, 2], [1, 0, 0, 1, 1, 0]))
    steps.append((.filled(7, dims: [2, 2]), [2, 2], [7, 7, 7, 7]))
    steps.append((x * .filled(2, dims: [3]), [2, 3], [0, 2, 4, 6, 8, 10]))
    return steps
  }()

  @Test(arguments: steps.indices) func `recipes compute as NumPy does`(index: Int) throws {
    let (recipe, dims, elements) = Self.steps[index]
    #expect(try evaluated(recipe) == DenseTensor(dims, elements))
  }

  private static let misfits: [Recipe] = {
    let x = Recipe.constant(0)
    var misfits: [Recipe] = [.reshaped(x, [4]), .transposed(x, [0, 0])]
    misfits.append(.sliced(x, axis: 2, from: 0, to: 1, step: 1))
    misfits.append(.sliced(x, axis: 1, from: 0, to: 4, step: 1))
    misfits.append(.sliced(x, axis: 1, from: 0, to: 2, step: 0))
    misfits.append(.padded(x, axis: 0, before: -1, after: 0))
    misfits.append(.padded(x, axis: 0, before: .max, after: .max))
    misfits.append(.concatenated([], axis: 0))
    misfits.append(.concatenated([x, .number(1)], axis: 0))
    misfits.append(.summed(x, axis: 2))
    misfits.append(.product(x, x))
    misfits.append(x + .numbers([1, 2], dims: [2]))
    misfits.append(.identity(rows: 1, columns: 0))
    misfits.append(.numbers([1], dims: [2]))
    misfits.append(.identity(rows: 1 << 40, columns: 1 << 40))
    // Extents are what a file says, and no weights bear these out.
    misfits.append(.identity(rows: 1 << 14, columns: 1 << 14))
    misfits.append(.filled(1, dims: [1 << 28]))
    misfits.append(.filled(1, dims: [-1]))
    return misfits
  }()

  @Test(arguments: misfits) func `a step that does not fit its operands gives nothing`(
    recipe: Recipe
  ) throws {
    #expect(try evaluated(recipe) == nil)
  }

  @Test(arguments: [
    (ElementType.float16, 1.0, 0x3C00), (.float16, -2, 0xC000), (.float16, 0x1p-24, 1),
    (.float16, 65504, 0x7BFF), (.float16, 65520, 0x7C00), (.float16, 0x1p-14, 0x400),
    (.bfloat16, 1, 0x3F80), (.bfloat16, -0.5, 0xBF00), (.float32, 1, 0x3F80_0000), (.int8, -1, -1),
    (.bool, 1, 1), (.int64, -3, -3),
  ]) func `a number has the bits that its type gives it`(
    type: ElementType, number: Double, bits: Int
  ) {
    #expect(type.bits(number) == UInt64(bitPattern: Int64(bits)))
  }

  @Test(arguments: [
    ElementType.float16, .bfloat16, .float32, .float64, .int8, .int16, .int32, .int64, .uint8,
    .uint16, .uint32,
  ]) func `what is written reads back`(type: ElementType) throws {
    let numbers: [Double] = type.isInteger ? [0, 1, 5, 100] : [0, 1, -0.5, 0x1p-10]
    let tensor = try #require(DenseTensor([2, 2], numbers))
    let file: [UInt8] = []
    let bytes = try #require(Pieces.tensor("t", type, tensor)).bytes(of: file.span)
    #expect(try DenseTensor(onnx: Wire(FileBytes(bytes.span))) == tensor)
  }

  @Test(arguments: [300.0, 0.5, .nan, .infinity])
  func `a number that an integer type does not hold is not written`(number: Double) {
    #expect(ElementType.int8.bits(number) == nil)
    #expect(DenseTensor([1], [number])?.rawData(.int8) == nil)
  }
}
