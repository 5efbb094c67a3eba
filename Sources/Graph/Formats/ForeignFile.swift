/// Files that hold no graph that can be read, but that people take for one.
///
/// Each gets a sentence of its own: what it is, and what to do.
enum ForeignFile {
  /// What to say of a file with this name that starts with `head`; nil where it may be a model.
  static func sentence(for head: Span<UInt8>, name: String) -> String? {
    if head.isEmpty { return "the file is empty" }
    if head.starts("version https://git-lfs") {
      let which = name.isEmpty ? "" : " --include \"\(name)\""
      return "this is a Git LFS pointer, which stands for the model; get the model itself with "
        + "`git lfs pull\(which)`"
    }
    for (start, offset, sentence) in signatures where head.starts(start, at: offset) {
      return sentence
    }
    if isSafetensors(head) {
      return "this is a safetensors file, which holds weights but no graph; \(export)"
    }
    if isHTML(head) {
      return
        "this is an HTML page, perhaps the page about the model; download the model file itself"
    }
    return json(head) ?? protobuf(head) ?? zeros(head)
  }

  /// What to say of a file that is of no known format.
  static func unknown(_ head: Span<UInt8>) -> String {
    if head.isText {
      if ["{", "["].contains(where: { head.firstWord.hasPrefix($0) }) {
        return "this is JSON, but no ONNX model; \(export)"
      }
      return "this is a text file of no format that is read here"
    }
    return "this is a file of no format that is read here; \(export)"
  }

  private static let export = "export the model to ONNX"
  private static let torch = "export the model with torch.onnx.export"
  private static let tensorFlow = "convert the model with tf2onnx"
  private static let decompress = "decompress it first"

  /// Starts of files, the place where they are found, and the sentence.
  private static let signatures: [(start: [UInt8], offset: Int, sentence: String)] = [
    (
      [0x50, 0x4B, 0x03, 0x04], 0,
      "this is a zip archive, perhaps a PyTorch checkpoint (.pt, .pth) or a Keras model (.keras); "
        + "\(torch), or with tf2onnx"
    ),
    ([0x1F, 0x8B], 0, "this is compressed with gzip; \(decompress)"),
    ([0x28, 0xB5, 0x2F, 0xFD], 0, "this is compressed with zstd; \(decompress)"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], 0, "this is compressed with xz; \(decompress)"),
    (Array("BZh".utf8), 0, "this is compressed with bzip2; \(decompress)"),
    (
      [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], 0,
      "this is an HDF5 file, perhaps a Keras model (.h5); \(tensorFlow)"
    ),
    (Array("TFL3".utf8), 4, "this is a TensorFlow Lite model; convert it with tf2onnx --tflite"),
    (
      Array("ORTM".utf8), 4,
      "this is a model in ONNX Runtime's own format (.ort); give the .onnx file it was made from"
    ),
    (Array("GGUF".utf8), 0, "this is a GGUF file, which holds weights but no graph; \(export)"),
    (pickle(2), 0, pickled), (pickle(3), 0, pickled), (pickle(4), 0, pickled),
    (pickle(5), 0, pickled),
    ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], 0, "this is a NumPy array, not a model"),
    ([0x89, 0x50, 0x4E, 0x47], 0, "this is a PNG image, not a model"),
    ([0xFF, 0xD8, 0xFF], 0, "this is a JPEG image, not a model"),
    (Array("GIF8".utf8), 0, "this is a GIF image, not a model"),
    (Array("WEBP".utf8), 8, "this is a WebP image, not a model"),
    (Array("%PDF".utf8), 0, "this is a PDF document, not a model"),
    ([0x7F, 0x45, 0x4C, 0x46], 0, "this is an executable, not a model"),
    (
      Array("<?xml".utf8), 0,
      "this is an XML file, perhaps an OpenVINO model; give the ONNX file it was made from"
    ),
  ]

  private static func pickle(_ version: UInt8) -> [UInt8] { [0x80, version] }
  private static let pickled =
    "this is a Python pickle, perhaps a PyTorch checkpoint (.pt, .pth); \(torch)"

  /// The length of a JSON header, in eight bytes, and the header.
  private static func isSafetensors(_ head: Span<UInt8>) -> Bool {
    head.starts([0, 0, 0], at: 5) && head.starts("{\"", at: 8)
  }

  private static func isHTML(_ head: Span<UInt8>) -> Bool {
    let start = head.firstWord
    return ["<!doctype", "<html", "<head", "<body", "<!--"].contains { start.hasPrefix($0) }
  }

  /// What other kinds of JSON have near their start.
  private static func json(_ head: Span<UInt8>) -> String? {
    guard head.isText, head.firstWord.hasPrefix("{") else { return nil }
    return jsonKeys.first { head.contains("\"\($0.key)\"") }?.sentence
  }

  private static let jsonKeys: [(key: String, sentence: String)] = [
    ("modelTopology", "this is a TensorFlow.js model; convert the Keras model it was made from"),
    ("keras_version", "this is the architecture of a Keras model; \(tensorFlow)"),
    ("class_name", "this is the architecture of a Keras model; \(tensorFlow)"),
    ("weight_map", "this is the index of a safetensors checkpoint, with no graph; \(export)"),
    ("model_type", "this is the configuration of a Hugging Face model, with no graph; \(export)"),
    (
      "architectures", "this is the configuration of a Hugging Face model, with no graph; \(export)"
    ),
    ("added_tokens", "this is a tokenizer, not a model"),
    ("nbformat", "this is a Jupyter notebook, not a model"),
    ("arg_nodes", "this is an MXNet model; \(export)"),
    ("dependencies", "this is a list of packages, not a model"),
  ]

  /// Other protobuf messages than ONNX's `ModelProto`.
  private static func protobuf(_ head: Span<UInt8>) -> String? {
    if head.starts([0x0A]), !head.isText {
      return "this is a protobuf file, but no ONNX model: perhaps a frozen TensorFlow graph (.pb); "
        + "\(tensorFlow)"
    }
    // A version, then a message where ONNX has the name of the producer.
    if head.starts([0x08]), head.starts([0x12], at: 2) {
      var index = 3
      while index < 12, index < head.count, head[index] >= 0x80 { index += 1 }
      if head.starts([0x0A], at: index + 1) {
        return head.starts([1], at: 1)
          ? "this is a TensorFlow SavedModel; \(tensorFlow) --saved-model"
          : "this is a Core ML model; give the ONNX file it was made from"
      }
    }
    return nil
  }

  private static func zeros(_ head: Span<UInt8>) -> String? {
    for index in head.indices where head[index] != 0 { return nil }
    return "the file starts with \(head.count) zero bytes: a download or a copy of it failed"
  }
}

extension Span<UInt8> {
  func starts(_ prefix: some Collection<UInt8>, at offset: Int = 0) -> Bool {
    guard offset + prefix.count <= count else { return false }
    var index = offset
    for byte in prefix {
      if self[index] != byte { return false }
      index += 1
    }
    return true
  }

  func starts(_ prefix: String, at offset: Int = 0) -> Bool { starts(prefix.utf8, at: offset) }

  /// Whether `text` is somewhere in here.
  func contains(_ text: String) -> Bool {
    let sought = Array(text.utf8)
    guard !sought.isEmpty else { return true }
    var matched = 0
    var index = 0
    while index < count {
      if self[index] == sought[matched] {
        matched += 1
        if matched == sought.count { return true }
      } else {
        index -= matched
        matched = 0
      }
      index += 1
    }
    return false
  }

  /// Whether no byte is one that texts do not contain.
  var isText: Bool {
    for index in indices {
      switch self[index] {
      case 0x09, 0x0A, 0x0C, 0x0D, 0x20...0x7E, 0x80...: continue
      default: return false
      }
    }
    return true
  }

  /// The first twenty characters after spaces, in lower case.
  var firstWord: String {
    var start = starts([0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < count, self[start] <= 0x20 { start += 1 }
    var word = ""
    for index in start..<Swift.min(count, start + 20) {
      word.unicodeScalars.append(Unicode.Scalar(self[index]))
    }
    return word.lowercased()
  }
}
