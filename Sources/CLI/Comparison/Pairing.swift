import Graph

/// A model before and after a change.
struct Pair: Sendable {
  /// The head as the command line has it; of a model that is gone, the base.
  let path: String
  let fate: BaseRevision.Fate
  /// The base as people know it, where it has another name or place than the head.
  let basePath: String?
  /// Where the base is read from; nil where the model is new.
  let base: Source?

  /// Where the bytes of a base are.
  enum Source: Sendable {
    case file(String)
    /// The place in a commit.
    case commit(BaseRevision, String)
  }

  /// Reads the model as it was before; nil where it is new.
  func readBase() throws(InputError) -> Model? {
    switch base {
    case nil: nil
    case .file(let path): try readModel(path)
    case .commit(let revision, let place): try revision.readModel(place)
    }
  }
}

/// What is compared with what, as the command line says.
struct Pairing: Sendable {
  /// The revision that all bases are of; nil where two files or folders are compared.
  private(set) var revision: BaseRevision?
  /// What is compared, sorted by path.
  private(set) var pairs: [Pair] = []
  /// The models that git knows to be the same, which nobody needs to look at.
  private(set) var unchanged: [String] = []
  private(set) var warnings: [String] = []

  /// Of the models in folders, those are left out of which `isExcluded` is true.
  init(
    _ arguments: Arguments, leavingOut isExcluded: (String) throws(UsageError) -> Bool
  ) throws(UsageError) {
    guard !arguments.operands.contains("-") else {
      throw UsageError("standard input, '-', has nothing before it to compare with; give files")
    }
    if let base = arguments.base {
      try self.init(of: arguments.operands, since: base, leavingOut: isExcluded)
    } else {
      try self.init(arguments.operands, leavingOut: isExcluded)
    }
  }

  /// Two files, or two folders whose models are matched by their paths within.
  private init(
    _ words: [String], leavingOut isExcluded: (String) throws(UsageError) -> Bool
  ) throws(UsageError) {
    guard words.count == 2 else {
      throw UsageError(
        "say what to compare: '\(Program.name) diff BASE HEAD' takes two files or two folders,"
          + " '\(Program.name) diff --base REV [PATH…]' what has changed since a revision")
    }
    let status = words.map { FileStatus($0) }
    for (word, status) in zip(words, status) where status == nil {
      let other = words.first { $0 != word } ?? "PATH"
      throw UsageError(
        "there is no file or folder '\(word)'; a revision is given as '\(Program.name) diff --base \(word) \(other)'"
      )
    }
    switch (status[0]?.isFolder == true, status[1]?.isFolder == true) {
    case (false, false):
      pairs = [
        Pair(path: words[1], fate: .modified, basePath: words[0], base: .file(words[0]))
      ]
    case (true, true): try pair(folder: words[0], with: words[1], leavingOut: isExcluded)
    case (let isFolder, _):
      throw UsageError(
        "'\(words[isFolder ? 0 : 1])' is a folder and '\(words[isFolder ? 1 : 0])' is a file; compare two files or"
          + " two folders")
    }
  }

  private mutating func pair(
    folder base: String, with head: String,
    leavingOut isExcluded: (String) throws(UsageError) -> Bool
  ) throws(UsageError) {
    func models(_ folder: String) throws(UsageError) -> (
      inputs: Inputs, names: [String: String]
    ) {
      let inputs = try Inputs([folder], leavingOut: isExcluded)
      let place = FilePath(folder)
      let names = inputs.paths.map { (FilePath($0).relative(to: place), $0) }
      return (inputs, Dictionary(names) { first, _ in first })
    }
    let (before, after) = (try models(base), try models(head))
    warnings = before.inputs.warnings + after.inputs.warnings
    for name in Set(before.names.keys).union(after.names.keys).sorted(by: Self.precedes) {
      let (old, new) = (before.names[name], after.names[name])
      let fate: BaseRevision.Fate = old == nil ? .added : new == nil ? .removed : .modified
      pairs.append(
        Pair(
          path: new ?? old ?? name, fate: fate, basePath: new == nil ? nil : old,
          base: old.map { .file($0) }))
    }
  }

  private static func precedes(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
  }
}

extension Pairing {
  /// The models in the working tree against those of the commit that `base` and HEAD have in common.
  fileprivate init(
    of words: [String], since base: String,
    leavingOut isExcluded: (String) throws(UsageError) -> Bool
  ) throws(UsageError) {
    let words = words.isEmpty ? ["."] : words
    let places = words.map { FilePath($0).resolved }
    let first = places[0]
    let isFolder = FileStatus(first.text)?.isFolder == true
    let revision = try BaseRevision(base, around: Self.folder(isFolder ? first : first.folder))
    self.revision = revision
    var seen: Set<String> = []
    for (word, place) in zip(words, places) {
      let inside = place.relative(to: revision.repository.root)
      guard inside != "..", !inside.hasPrefix("../") else {
        throw UsageError(
          "'\(word)' is not in the repository of '\(words[0])'; compare each by itself")
      }
      let root = inside == "." ? "" : inside
      let isFile = FileStatus(place.text)?.isFile == true
      let models = try revision.models(under: root, isFile: isFile)
      if models.isEmpty {
        if FileStatus(place.text) == nil {
          throw UsageError(
            "there is no '\(word)', neither here nor in \(base)", exit: .input)
        }
        warnings.append("no models in '\(word)'")
      }
      for (path, fate) in models where seen.insert(path).inserted {
        if !isFile, try isExcluded(revision.repository.root.appending(path).text) { continue }
        add(path, fate, as: Self.shown(path, root, word), revision)
      }
    }
  }

  private mutating func add(
    _ place: String, _ fate: BaseRevision.Fate, as path: String, _ revision: BaseRevision
  ) {
    switch fate {
    case .unchanged: unchanged.append(path)
    case .added: pairs.append(Pair(path: path, fate: fate, basePath: nil, base: nil))
    case .modified, .removed:
      pairs.append(Pair(path: path, fate: fate, basePath: nil, base: .commit(revision, place)))
    case .renamed(let old):
      let shown = revision.repository.root.appending(old).relative(to: .current)
      pairs.append(Pair(path: path, fate: fate, basePath: shown, base: .commit(revision, old)))
    }
  }

  /// A path of the repository as the word for the folder `root` has it.
  private static func shown(_ path: String, _ root: String, _ word: String) -> String {
    if path == root { return word }
    let rest = String(root.isEmpty ? path[...] : path.dropFirst(root.count + 1))
    if word == "." { return rest }
    return word.hasSuffix("/") ? word + rest : "\(word)/\(rest)"
  }

  /// The nearest folder that is there: one of a path whose files are gone may be gone too.
  private static func folder(_ place: FilePath?) -> FilePath {
    var place = place
    while let folder = place, !folder.exists { place = folder.folder }
    return place ?? .current
  }
}
