import Graph

/// A git repository, asked by way of the `git` on the path.
struct Repository: Sendable {
  /// The top of the working tree.
  let root: FilePath

  /// The repository that `folder` is in.
  init(around folder: FilePath) throws(UsageError) {
    let answer = try Self.git(in: folder, ["rev-parse", "--show-toplevel"])
    guard answer.status == 0 else {
      if answer.messages.contains("dubious ownership") {
        throw UsageError(
          "the repository around '\(folder.relative(to: .current))' belongs to another user, and git reads none"
            + " that you do not trust: 'git config --global --add safe.directory \(folder.text)'",
          exit: .input)
      }
      throw UsageError(
        "'\(folder.relative(to: .current))' is in no git repository, so there is no revision to compare with;"
          + " compare two files with '\(Program.name) diff BASE HEAD'")
    }
    root = FilePath(String(decoding: answer.output, as: UTF8.self).trimmingNewline)
  }

  /// Asks git from the top of the working tree.
  func git(_ words: [String], outputTo path: String? = nil) throws(UsageError) -> ChildProcess {
    try Self.git(in: root, words, outputTo: path)
  }

  private static func git(
    in folder: FilePath, _ words: [String], outputTo path: String? = nil
  ) throws(UsageError) -> ChildProcess {
    do throws(ChildProcess.Failure) {
      // A hook's variables name the repository of the hook, which need not be the models'.
      return try ChildProcess(
        ["git", "-C", folder.text, "--literal-pathspecs", "--no-optional-locks"] + words,
        outputTo: path, without: ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"])
    } catch {
      switch error {
      case .missing:
        throw UsageError(
          "git is not on the path, and a revision is read with it", exit: .input)
      case .system(let message): throw UsageError("git cannot be run: \(message)", exit: .input)
      }
    }
  }

  /// What git answers, entries ended by zero bytes; throws where it fails.
  func list(_ words: [String]) throws(UsageError) -> [String] {
    let answer = try git(words)
    guard answer.status == 0 else {
      throw UsageError("git \(words[0]) fails: \(answer.reason)", exit: .input)
    }
    return answer.output.split(separator: 0, omittingEmptySubsequences: true).map {
      String(decoding: $0, as: UTF8.self)
    }
  }
}

extension Repository {
  /// The commit from which HEAD has gone its own way, seen from `revision`.
  func mergeBase(with revision: String) throws(UsageError) -> String {
    let name =
      revision.hasPrefix(Self.prefix) ? String(revision.dropFirst(Self.prefix.count)) : revision
    let (tip, head) = (try commit(name), try commit("HEAD"))
    let answer = try git(["merge-base", tip, head])
    let base = String(decoding: answer.output, as: UTF8.self).trimmingNewline
    guard answer.status == 0, !base.isEmpty else {
      guard try !isShallow() else { throw shallow(name) }
      throw UsageError(
        "'\(name)' and HEAD have no commit in common, so there is no base to compare with")
    }
    return base
  }

  /// Before a revision, says what is meant anyway.
  private static let prefix = "merge-base:"

  private func commit(_ name: String) throws(UsageError) -> String {
    let answer =
      name.isEmpty || name.hasPrefix("-")
      ? nil : try git(["rev-parse", "--verify", "--quiet", "\(name)^{commit}"])
    if let answer, answer.status == 0 {
      return String(decoding: answer.output, as: UTF8.self).trimmingNewline
    }
    if name == "HEAD" { throw UsageError("the repository has no commit yet to compare with") }
    guard try !isShallow() else { throw shallow(name) }
    let tip =
      try git(["rev-parse", "--verify", "--quiet", "origin/\(name)^{commit}"]).status == 0
      ? "; did you mean 'origin/\(name)'?" : "; 'git fetch' gets what is new elsewhere"
    throw UsageError("git knows no revision '\(name)'\(tip)")
  }

  private func isShallow() throws(UsageError) -> Bool {
    let answer = try git(["rev-parse", "--is-shallow-repository"])
    return String(decoding: answer.output, as: UTF8.self).trimmingNewline == "true"
  }

  private func shallow(_ name: String) -> UsageError {
    UsageError(
      "this clone is shallow and lacks '\(name)' or the commit that it shares with HEAD; get them with"
        + " 'git fetch --unshallow origin', or on GitHub with 'fetch-depth: 0' for actions/checkout",
      exit: .input)
  }
}

extension ChildProcess {
  /// The line that says why it failed.
  var reason: String {
    let lines = messages.split(separator: "\n")
    let line = lines.first { $0.hasPrefix("fatal:") || $0.hasPrefix("error:") } ?? lines.first
    return line.map(String.init)?.printable ?? "status \(status)"
  }
}

extension String {
  /// The text without the line break at its end.
  var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
