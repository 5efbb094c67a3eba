import Testing

@testable import Graph

struct ClassicalModelTests {
  @Test func `a row walks down every tree`() throws {
    let node = try OneNode(
      "ai.onnx.ml::TreeEnsembleRegressor", [.tensor([10, 4])],
      [
        "nodes_treeids": [0, 0, 0, 1, 1, 1], "nodes_featureids": [0, 1, 2, 0, 1, 2],
        "n_targets": 2,
      ])
    #expect(try node.shapes() == [[10, 2]])
    #expect(try node.work().elementwise == 10 * 2 * (2 + 1))
  }

  @Test func `a classifier names a class and scores all`() throws {
    let node = try OneNode(
      "ai.onnx.ml::TreeEnsembleClassifier", [.tensor([10, 4])],
      ["classlabels_strings": .strings(["a", "b", "c"])], results: 2)
    #expect(try node.shapes() == [[10], [10, 3]])
    #expect(try node.tensor()?.type == .string)
  }

  @Test func `a linear model is a matrix product`() throws {
    let node = try OneNode(
      "ai.onnx.ml::LinearClassifier", [.tensor([10, 4])], ["classlabels_ints": [0, 1, 2]],
      results: 2)
    #expect(try node.shapes() == [[10], [10, 3]])
    #expect(try node.work().macs == 10 * 4 * 3)
    let regressor = try OneNode(
      "ai.onnx.ml::SVMRegressor", [.tensor([10, 4])],
      ["support_vectors": .floats([Double](repeating: 0, count: 24)), "kernel_type": "RBF"])
    #expect(try regressor.shapes() == [[10, 1]])
    #expect(try regressor.work().macs == 10 * 6 * 4)
    #expect(try regressor.work().transcendentals == 60)
  }

  @Test(arguments: [
    ("Binarizer", [2, 3], ElementType.float32), ("Imputer", [2, 3], .float32),
    ("Normalizer", [2, 3], .float32), ("Scaler", [2, 3], .float32),
    ("CategoryMapper", [2, 3], .string), ("LabelEncoder", [2, 3], .string),
    ("OneHotEncoder", [2, 3, 4], .float32),
  ])
  func `features keep their places`(name: String, shape: [Int], type: ElementType) throws {
    let node = try OneNode(
      OperatorName(name, domain: "ai.onnx.ml"),
      [.tensor([2, 3], type == .string ? .int64 : .float32)],
      ["cats_int64s": [1, 2, 3, 4]])
    #expect(try node.shapes() == [shape])
    #expect(try node.tensor()?.type == type)
  }

  @Test func `columns are picked and joined`() throws {
    let picked = try OneNode(
      "ai.onnx.ml::ArrayFeatureExtractor", [.tensor([3, 4]), .tensor([2], .int64)])
    #expect(try picked.shapes() == [[3, 2]])
    let joined = try OneNode(
      "ai.onnx.ml::FeatureVectorizer", [.tensor([3, 4]), .tensor([3, 2])],
      ["inputdimensions": [4, 2]])
    #expect(try joined.shapes() == [[3, 6]])
  }

  @Test func `a map is no tensor`() throws {
    let node = try OneNode(
      "ai.onnx.ml::ZipMap", [.tensor([3, 2])], ["classlabels_int64s": [0, 1]])
    #expect(try node.outputs() == [.map(key: .int64, value: .float32)])
  }
}

struct TextTests {
  @Test func `texts join like numbers broadcast`() throws {
    let node = try OneNode("StringConcat", [.tensor([2, 1], .string), .tensor([3], .string)])
    #expect(try node.shapes() == [[2, 3]])
  }

  @Test func `stop words make a shape a bound`() throws {
    let text = try Operand.tensor([4], .string)
    #expect(try OneNode("StringNormalizer", [text]).tensor()?.isEstimated == false)
    let node = try OneNode("StringNormalizer", [text], ["stopwords": .strings(["monday"])])
    #expect(try node.tensor()?.isEstimated == true)
  }

  @Test func `parts of texts depend on the texts`() throws {
    let text = try Operand.tensor([4], .string)
    #expect(try OneNode("StringSplit", [text], results: 2).shapes() == [nil, [4]])
    let node = try OneNode("StringSplit", [text], ["maxsplit": 2], results: 2)
    #expect(try node.shapes() == [[4, 3], [4]])
    #expect(try node.tensor()?.isEstimated == true)
    #expect(try OneNode("StringSplit", [.tensor([0], .string)]).shapes() == [[0, 0]])
  }

  @Test func `terms are as many as their places`() throws {
    let node = try OneNode(
      "TfIdfVectorizer", [.tensor([2, 6], .int32)], ["ngram_indexes": [0, 1, 2, 6]])
    #expect(try node.shapes() == [[2, 7]])
  }
}
