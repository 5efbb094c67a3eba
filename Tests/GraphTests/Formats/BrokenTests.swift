import Testing

@testable import Graph

/// Files that are no models, or damaged ones, and what is said of each.
@Suite struct BrokenTests {
  private static let sentences: [(file: String, sentence: String)] = [
    (
      "archive.onnx",
      "byte 0: this is a zip archive, perhaps a PyTorch checkpoint (.pt, .pth) or a "
        + "Keras model (.keras); export the model with torch.onnx.export, or with tf2onnx"
    ),
    ("attribute-kind.onnx", "byte 30: attribute 'a' is of kind 99, which ONNX does not have"),
    ("attribute-value.onnx", "byte 28: attribute 'a' has no value"),
    ("base64.onnx.json", "line 1, column 59: expected base64"),
    (
      "checkpoint.pt",
      "byte 0: this is a Python pickle, perhaps a PyTorch checkpoint (.pt, .pth); "
        + "export the model with torch.onnx.export"
    ),
    ("compressed.onnx", "byte 0: this is compressed with gzip; decompress it first"),
    ("computed-input.onnx", "node 1 (Abs) computes 'x', which is also an input"),
    ("computed-weight.onnx", "node 0 (Abs) computes 'w', which is also an initializer"),
    ("core.mlmodel", "byte 0: this is a Core ML model; give the ONNX file it was made from"),
    ("corrupt-tag.onnx", "byte 14: no field of a protobuf message starts here"),
    ("count.onnxtxt", "line 3, column 15: tensor 'w' says 3 elements, but 2 are there"),
    ("cycle.onnx", "the nodes form a circle: node 'a' (Relu) waits for its own result"),
    ("cycle.onnxtxt", "the nodes form a circle: node 0 (Relu) waits for its own result"),
    ("deep-graph.onnx.json", "line 1, column 1511: nested more than 240 deep"),
    ("deep.onnx", "byte 1270: messages are nested more than 100 deep"),
    ("deep.onnx.json", "line 1, column 268: nested more than 240 deep"),
    ("deep.onnxtxt", "line 2, column 1163: graphs are nested more than 32 deep"),
    ("element-type.onnx", "byte 16: tensor 'w' has elements of type 99, which ONNX does not have"),
    ("empty.onnx", "the file is empty"),
    ("escape.onnx.json", "line 2, column 20: there is no such escape"),
    ("extent.onnxtxt", "line 2, column 10: expected an integer"),
    ("field-zero.onnx", "byte 14: no field of a protobuf message starts here"),
    (
      "frozen.pb",
      "byte 0: this is a protobuf file, but no ONNX model: perhaps a frozen "
        + "TensorFlow graph (.pb); convert the model with tf2onnx"
    ),
    (
      "huge-extents.onnx",
      "byte 16: tensor 'w' has the impossible extents [4611686018427387904, "
        + "4611686018427387904]"
    ),
    ("integer.onnx.json", "line 1, column 15: expected an integer"),
    (
      "keras.h5",
      "byte 0: this is an HDF5 file, perhaps a Keras model (.h5); convert the model "
        + "with tf2onnx"
    ),
    (
      "keras.json",
      "byte 0: this is the architecture of a Keras model; convert the model with "
        + "tf2onnx"
    ),
    ("kind.onnx.json", "line 1, column 62: there is no 'FLOTS' in ONNX"),
    ("large.onnx.json", "line 1, column 15: expected an integer"),
    ("list.json", "this is JSON, but no ONNX model: it has neither graph nor opsetImport"),
    ("lite.tflite", "byte 0: this is a TensorFlow Lite model; convert it with tf2onnx --tflite"),
    ("literal.onnx.json", "line 1, column 28: expected '{'"),
    ("long-number.onnx", "byte 11: a number of more than ten bytes"),
    ("name.onnx", "byte 22: a name that is not UTF-8"),
    ("negative-extent.onnx", "byte 16: tensor 'w' has the impossible extents [-3]"),
    (
      "no-element-type.onnx",
      "byte 16: tensor 'w' has elements of type 0, which ONNX does not have"
    ),
    ("no-graph.onnx", "byte 6: the file ends without a graph: it is cut off, or no ONNX model"),
    (
      "no-graph.onnx.json",
      "line 1, column 52: the file ends without a graph: it is cut off, or no ONNX "
        + "model"
    ),
    ("no-operator.onnx", "byte 16: a node without an operator"),
    (
      "no-opset.onnx",
      "byte 33: no opset_import: the file is cut off, or was not written by an ONNX "
        + "exporter"
    ),
    (
      "no-opset.onnx.json",
      "line 1, column 31: no opset_import: the file is cut off, or was not written by "
        + "an ONNX exporter"
    ),
    (
      "noise.onnx",
      "byte 0: this is a file of no format that is read here; export the model to "
        + "ONNX"
    ),
    ("notes.onnx", "byte 0: this is a text file of no format that is read here"),
    (
      "openvino.xml",
      "byte 0: this is an XML file, perhaps an OpenVINO model; give the ONNX file it "
        + "was made from"
    ),
    ("operator.onnx", "byte 16: text that is not UTF-8"),
    ("package.json", "byte 0: this is a list of packages, not a model"),
    (
      "page.onnx",
      "byte 0: this is an HTML page, perhaps the page about the model; download the "
        + "model file itself"
    ),
    (
      "pointer.onnx",
      "byte 0: this is a Git LFS pointer, which stands for the model; get the model "
        + "itself with `git lfs pull --include \"pointer.onnx\"`"
    ),
    ("quote.onnxtxt", "line 2, column 40: expected a closing quote"),
    ("repeated-input.onnx", "two inputs of graph '' are called 'x'"),
    (
      "repeated-result.onnx",
      "node 1 (Abs) computes 'y', which is also computed by node 'act' (Relu)"
    ),
    (
      "runtime.ort",
      "byte 0: this is a model in ONNX Runtime's own format (.ort); give the .onnx "
        + "file it was made from"
    ),
    (
      "saved_model.pb",
      "byte 0: this is a TensorFlow SavedModel; convert the model with tf2onnx "
        + "--saved-model"
    ),
    (
      "segment.onnx",
      "byte 23: a tensor is stored in segments, which nothing reads; save the model "
        + "again with whole tensors"
    ),
    (
      "segment.onnx.json",
      "line 1, column 70: a tensor is stored in segments, which nothing reads; save "
        + "the model again with whole tensors"
    ),
    ("self.onnx", "the nodes form a circle: node 0 (Relu) waits for its own result"),
    ("settings.json", "this is JSON, but no ONNX model: it has neither graph nor opsetImport"),
    ("short-list.onnx", "byte 16: tensor 'w' says 3 elements, but 2 are there"),
    ("short-tensor.onnx", "byte 16: tensor 'w' says 3 elements, but 2 are there"),
    ("short-tensor.onnx.json", "line 2, column 2: tensor 'w' says 3 elements, but 1 are there"),
    ("surrogate.onnx.json", "line 2, column 19: \\u without a character"),
    ("trailing.onnx.json", "line 2, column 1: expected the end of the file, not '}'"),
    (
      "truncated.onnx",
      "byte 12: a field of 1980 bytes starts here, but only 1331 bytes are left: the "
        + "file is cut off or damaged"
    ),
    ("truncated.onnx.json", "line 1, column 2483: expected a closing quote"),
    ("truncated.onnxtxt", "line 9, column 732: expected ',' or '}'"),
    ("type.onnxtxt", "line 2, column 4: there is no type 'floot'"),
    (
      "weights.gguf",
      "byte 0: this is a GGUF file, which holds weights but no graph; export the "
        + "model to ONNX"
    ),
    (
      "weights.safetensors",
      "byte 0: this is a safetensors file, which holds weights but no graph; export "
        + "the model to ONNX"
    ),
    ("wrong-packing.onnx", "byte 24: the file is cut off or damaged in the middle of a number"),
    (
      "wrong-wire-type.onnx",
      "byte 2: field 7 is not written as ONNX writes it: the file is damaged or "
        + "another kind of protobuf file"
    ),
    ("zeros.onnx", "byte 0: the file starts with 64 zero bytes: a download or a copy of it failed"),
  ]

  @Test(arguments: sentences)
  func `a broken file is told apart`(_ file: String, _ sentence: String) {
    let error = #expect(throws: FormatError.self) { try ModelFile.read(Fixtures.broken(file)) }
    #expect(error?.description == sentence)
  }

  @Test func `every broken file is in the table`() throws {
    let listed = Self.sentences.map { $0.file } + Self.harmless
    #expect(try Fixtures.names(in: "Broken").sorted() == listed.sorted())
  }

  /// Files that once brought the program down, and are no errors.
  private static let harmless: [String] = []

  @Test(arguments: harmless)
  func `a strange file is analysed, or refused`(_ file: String) {
    // Whatever comes of it: that it comes to an end is what counts.
    if let model = try? ModelFile.read(Fixtures.broken(file)) { _ = try? Analysis(model) }
  }
}
