extension Reply {
  /// Writes the answer to where it belongs, and says with what status to end.
  func deliver() -> Exit {
    var exit = exit
    func attempt(_ target: String, _ write: () throws(WriteError) -> Void) {
      do throws(WriteError) {
        try write()
      } catch {
        exit = .internal
        try? CLI.write(
          Array("\(Program.name): cannot write \(target): \(error.message)\n".utf8), to: 2)
      }
    }
    if !messages.isEmpty {
      attempt("messages") { () throws(WriteError) in
        try write(Array((messages.joined(separator: "\n") + "\n").utf8), to: 2)
      }
    }
    attempt("standard output") { () throws(WriteError) in try write(output, to: 1) }
    for file in files {
      attempt("'\(file.path)'") { () throws(WriteError) in try write(file.bytes, toFile: file.path)
      }
    }
    return exit
  }
}
