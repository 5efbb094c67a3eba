extension Node {
  /// The module that the node was exported from, as far as the file tells; nil where it does not.
  ///
  /// PyTorch's exporter keeps the nested modules as metadata; older ones keep them in the name, so that
  /// `/a/b/Conv` is in `a/b`.
  package var module: String? {
    if let scopes = metadata.first(where: { $0.key == "pkg.torch.onnx.name_scopes" })?.value {
      let pieces = scopes.split(separator: "'", omittingEmptySubsequences: false)
      // Every other piece is a name; the last name is the operator's, and that before it the module's.
      let names = pieces.indices.filter { $0 % 2 == 1 }.map { pieces[$0] }
      if let module = names.dropLast().last, !module.isEmpty { return String(module) }
    }
    guard let end = name.lastIndex(of: "/") else { return nil }
    let path = name[..<end].drop { $0 == "/" }
    return path.isEmpty ? nil : String(path)
  }

  /// The line of Python that the node was exported from; nil where the file does not tell.
  ///
  /// Of the calls that led there, the innermost one outside of PyTorch itself counts.
  package var source: SourceLine? {
    guard let trace = metadata.first(where: { $0.key == "pkg.torch.onnx.stack_trace" })?.value
    else { return nil }
    // Frames are listed from the outermost call inwards: `File "model.py", line 12, in forward`.
    return trace.split(separator: "\n").reversed().lazy.compactMap(SourceLine.init(frame:))
      .first { !$0.isPyTorch }
  }
}

/// A line of a program's text.
package struct SourceLine: Hashable, Sendable {
  package var file: String
  package var line: Int

  package init(file: String, line: Int) {
    self.file = file
    self.line = line
  }

  /// Nil where `text` is no frame of a Python traceback.
  init?(frame text: Substring) {
    let text = text.drop { $0 == " " }
    let start = "File \""
    let middle = "\", line "
    guard text.hasPrefix(start), let end = text.firstRange(of: middle) else { return nil }
    let digits = text[end.upperBound...].prefix { $0.isNumber }
    guard let line = Int(digits), line > 0 else { return nil }
    self.init(file: String(text[..<end.lowerBound].dropFirst(start.count)), line: line)
  }

  /// Whether the line is one of PyTorch's own, which tells nobody where their network is.
  fileprivate var isPyTorch: Bool {
    file.contains("/site-packages/torch/") || file.contains("/dist-packages/torch/")
      || file.hasPrefix("torch/") || file.hasPrefix("<")
  }

  /// The file without the folder that Python packages are installed in.
  package var shortFile: String {
    for folder in ["/site-packages/", "/dist-packages/"] {
      if let range = file.firstRange(of: folder) { return String(file[range.upperBound...]) }
    }
    return file
  }
}
