#if canImport(Glibc)
  // The table of the environment is a variable that nobody changes here.
  @unsafe @preconcurrency import Glibc
#elseif canImport(Musl)
  @unsafe @preconcurrency import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What another program said and how it ended.
struct ChildProcess: Sendable {
  /// The exit status; 128 and the signal's number where a signal ended it.
  let status: Int32
  let output: [UInt8]
  let messages: String

  enum Failure: Error, Hashable, Sendable {
    /// There is no such program on the path.
    case missing
    /// The system cannot start it, in its words.
    case system(String)
  }

  /// Runs the program that `words` start with, and waits for its end.
  ///
  /// Nothing is on its standard input. Its standard output goes to the new file `path`, where there is one. The
  /// variables of the environment in `without` are kept from it.
  init(_ words: [String], outputTo path: String? = nil, without: [String] = []) throws(Failure) {
    let output = try Self.file()
    let messages = try Self.file()
    var actions = SpawnActions()
    actions.open(0, "/dev/null", O_RDONLY)
    if let path {
      actions.open(1, path, O_WRONLY | O_CREAT | O_TRUNC)
    } else {
      actions.duplicate(output.number, to: 1)
    }
    actions.duplicate(messages.number, to: 2)
    let pid = try actions.spawn(words, without: without)
    var code: Int32 = 0
    while unsafe waitpid(pid, &code, 0) < 0 {
      guard errno == EINTR else { throw .system(systemMessage(errno)) }
    }
    do throws(StreamError) {
      self.output = try output.content()
      self.messages = String(decoding: try messages.content(), as: UTF8.self)
    } catch {
      throw .system(error.message)
    }
    status = code & 0x7F == 0 ? code >> 8 & 0xFF : 128 + (code & 0x7F)
  }

  private static func file() throws(Failure) -> NamelessFile {
    do throws(StreamError) { return try NamelessFile() } catch { throw .system(error.message) }
  }
}

/// What a program to be started finds open.
@safe private struct SpawnActions: ~Copyable {
  #if canImport(Darwin)
    private var actions: posix_spawn_file_actions_t?
  #else
    private var actions = unsafe posix_spawn_file_actions_t()
  #endif

  init() { unsafe posix_spawn_file_actions_init(&actions) }
  deinit {
    var actions = unsafe actions
    unsafe posix_spawn_file_actions_destroy(&actions)
  }

  mutating func open(_ number: Int32, _ path: String, _ flags: Int32) {
    unsafe posix_spawn_file_actions_addopen(&actions, number, path, flags, 0o600)
  }

  mutating func duplicate(_ file: Int32, to number: Int32) {
    unsafe posix_spawn_file_actions_adddup2(&actions, file, number)
  }

  /// Starts a program and returns its number.
  mutating func spawn(_ words: [String], without: [String]) throws(ChildProcess.Failure) -> pid_t {
    var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    var variables = unsafe environment(without: without).map { unsafe strdup($0) } + [nil]
    defer {
      for index in unsafe arguments.indices { unsafe free(arguments[index]) }
      for index in unsafe variables.indices { unsafe free(variables[index]) }
    }
    var pid: pid_t = 0
    let error = unsafe posix_spawnp(
      &pid, words.first ?? "", &actions, nil, &arguments, &variables)
    guard error == 0 else {
      throw error == ENOENT ? .missing : .system(systemMessage(error))
    }
    return pid
  }

  /// The variables of this process, as `NAME=value`, but those named.
  private func environment(without names: [String]) -> [String] {
    #if canImport(Darwin)
      var next = unsafe _NSGetEnviron().pointee
    #else
      var next = unsafe environ
    #endif
    var variables: [String] = []
    while let entry = unsafe next.pointee {
      let text = unsafe String(cString: entry)
      if !names.contains(where: { text.hasPrefix("\($0)=") }) { variables.append(text) }
      unsafe next = next.advanced(by: 1)
    }
    return variables
  }
}
