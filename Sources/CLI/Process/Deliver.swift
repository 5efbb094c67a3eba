extension Reply {
  /// Writes the answer to where it belongs, and says with what status to end.
  func deliver() -> Exit {
    var exit = exit
    func attempt(_ target: String, _ write: () throws(StreamError) -> Void) {
      do throws(StreamError) {
        try write()
      } catch {
        exit = .internal
        try? CLI.write(
          Array("\(Program.name): cannot write \(target): \(error.message)\n".utf8), to: 2)
      }
    }
    if !messages.isEmpty {
      attempt("messages") { () throws(StreamError) in
        try write(Array((messages.joined(separator: "\n") + "\n").utf8), to: 2)
      }
    }
    attempt("standard output") { () throws(StreamError) in try write(output, to: 1) }
    for file in files {
      attempt("'\(file.path)'") { () throws(StreamError) in try write(file.bytes, toFile: file.path)
      }
    }
    return exit
  }
}
