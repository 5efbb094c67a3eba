import Graph

/// The commit that a working tree is compared with.
struct BaseRevision: Sendable {
  let repository: Repository
  /// As its user wrote it.
  let name: String
  /// The number of the commit, in full.
  let commit: String

  /// The commit that `name` and HEAD have in common, in the repository around `folder`.
  init(_ name: String, around folder: FilePath) throws(UsageError) {
    self.name = name
    repository = try Repository(around: folder)
    commit = try repository.mergeBase(with: name)
  }

  /// What became of a file since the commit; paths are those from the repository's root.
  enum Fate: Hashable, Sendable {
    case unchanged
    case modified
    case added
    case removed
    case renamed(from: String)
  }

  /// The models under `folder` in the working tree or the commit, with what became of them, sorted by path.
  ///
  /// What git ignores is left out. An empty path is the root. A file that is named itself may be called anything.
  func models(under folder: String, isFile: Bool) throws(UsageError)
    -> [(path: String, fate: Fate)]
  {
    let places = ["--", folder.isEmpty ? "." : folder]
    var fates: [String: Fate] = [:]
    func isModel(_ path: String) -> Bool {
      isFile && path == folder || modelSuffixes.contains { path.hasSuffix($0) }
    }
    func set(_ path: String, _ fate: Fate) { if isModel(path) { fates[path] = fate } }
    for path in try repository.list(["ls-files", "-z", "--cached"] + places) {
      set(path, .unchanged)
    }
    let untold = try repository.list(
      ["ls-files", "-z", "--others", "--exclude-standard"] + places
    ).filter(isModel)
    for path in untold { set(path, .added) }
    var gone: [String] = []
    // Renames are looked for in the whole repository, since a model may have moved into the folder.
    let words = try repository.list([
      "diff", "--name-status", "-z", "--find-renames", "--no-ext-diff", "--no-textconv",
      "--ignore-submodules", commit,
    ])
    var rest = words[...]
    while let status = rest.popFirst(), let path = rest.popFirst() {
      switch status.first {
      case "A": if fates[path] != nil { set(path, .added) }
      case "D":
        // What is no longer in the index may still lie there.
        if repository.root.appending(path).exists {
          if fates[path] != nil { set(path, .modified) }
        } else {
          if isModel(path) { gone.append(path) }
          if Self.isInside(path, folder) { set(path, .removed) }
        }
      case "R", "C":
        guard let new = rest.popFirst() else { break }
        if fates[new] != nil {
          set(new, status.first == "C" || !isModel(path) ? .added : .renamed(from: path))
        } else if status.first == "R", Self.isInside(path, folder) {
          set(path, .removed)
        }
      default: if fates[path] != nil { set(path, .modified) }
      }
    }
    for move in try moves(of: gone, to: untold.filter { fates[$0] == .added }) {
      fates[move.from] = nil
      fates[move.to] = .renamed(from: move.from)
    }
    if isFile, fates.isEmpty { fates[folder] = .added }
    return fates.map { ($0.key, $0.value) }.sorted {
      $0.path.utf8.lexicographicallyPrecedes($1.path.utf8)
    }
  }

  private static func isInside(_ path: String, _ folder: String) -> Bool {
    folder.isEmpty || path == folder || path.hasPrefix("\(folder)/")
  }

  /// A file as git names it: its path from the repository's root.
  func place(of path: String) -> String {
    FilePath(path).resolved.relative(to: repository.root)
  }

  /// What became of the one file at `place`, which need not have a model's name.
  func fate(of place: String) throws(InputError) -> Fate {
    do throws(UsageError) {
      guard try repository.git(["cat-file", "-e", "\(commit):\(place)"]).status == 0 else {
        return .added
      }
      let entry = try repository.list([
        "diff", "--name-status", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", commit,
        "--", place,
      ])
      return entry.isEmpty ? .unchanged : .modified
    } catch {
      throw InputError(code: "git", message: error.message)
    }
  }

  /// Reads the model at `place`, as it was in the commit.
  func readModel(_ place: String) throws(InputError) -> Model {
    let name = place.split(separator: "/").last.map(String.init) ?? place
    var folder: TemporaryFolder
    do throws(StreamError) { folder = try TemporaryFolder() } catch {
      throw InputError(
        code: "git", message: "there is no place for temporary files: \(error.message)")
    }
    let file = folder.file(named: name)
    try write(place, to: file)
    do throws(FormatError) { return try ModelFile.read(file) } catch {
      // The file of now may be in order: what is said of the base says so.
      let isPointer = error.message.contains("Git LFS pointer")
      throw InputError(
        code: "format",
        message: "as it was at \(commit.prefix(7)): "
          + (isPointer
            ? "this is a Git LFS pointer, and git has no filter for it here; install git-lfs, and run"
              + " 'git lfs install'"
            : error.description))
    }
  }

  /// The file at `place`, as it was in the commit; throws where it was not there.
  func bytes(of place: String) throws(UsageError) -> [UInt8] {
    let answer = try repository.git(["cat-file", "--filters", "\(commit):\(place)"])
    guard answer.status == 0 else { throw UsageError(answer.reason, exit: .input) }
    return answer.output
  }

  /// Writes the file at `path`, as it was in the commit and as a checkout would write it, to `target`.
  private func write(_ path: String, to target: String) throws(InputError) {
    let answer: ChildProcess
    do throws(UsageError) {
      answer = try repository.git(
        ["cat-file", "--filters", "\(commit):\(path)"], outputTo: target)
    } catch {
      throw InputError(code: "git", message: error.message)
    }
    guard answer.status == 0 else {
      throw InputError(
        code: "git", message: "git cannot read it at \(commit.prefix(7)): \(answer.reason)")
    }
  }
}
