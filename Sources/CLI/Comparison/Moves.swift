/// Files that were moved without a word to git.
extension BaseRevision {
  /// Those of `gone`, which the commit has, and of `new`, which git does not know, that are the same to the last byte.
  ///
  /// What was changed besides is two files to git, and stays two.
  func moves(of gone: [String], to new: [String]) throws(UsageError) -> [(from: String, to: String)]
  {
    guard !gone.isEmpty, !new.isEmpty else { return [] }
    var sources: [Substring: [String]] = [:]
    for entry in try repository.list(["ls-tree", "-r", "-z", commit, "--"] + gone) {
      // `100644 blob 83baae6…<tab>models/a.onnx`.
      let parts = entry.split(separator: "\t", maxSplits: 1)
      guard parts.count == 2, let digest = parts[0].split(separator: " ").last else { continue }
      sources[digest, default: []].append(String(parts[1]))
    }
    // As git would take them in, so that large files are their pointers.
    let answer = try repository.git(["hash-object", "--"] + new)
    let digests = String(decoding: answer.output, as: UTF8.self).split(separator: "\n")
    guard answer.status == 0, digests.count == new.count else { return [] }
    var moves: [(from: String, to: String)] = []
    for (path, digest) in zip(new, digests) {
      guard let source = sources[digest]?.first else { continue }
      sources[digest]?.removeFirst()
      moves.append((source, path))
    }
    return moves
  }
}
