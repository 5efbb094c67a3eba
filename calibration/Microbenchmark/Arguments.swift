/// What the command line asks for.
enum Arguments {
  case help
  case version
  /// Read the board with this index.
  case read(device: Int)

  /// Why the command line cannot be understood.
  struct UsageError: Error {
    let description: String
  }

  init(_ words: some Sequence<String>) throws(UsageError) {
    var device = 0
    var words = words.makeIterator()
    while let word = words.next() {
      switch word {
      case "--help", "-h":
        self = .help
        return
      case "--version":
        self = .version
        return
      case "--device":
        guard let text = words.next(), let index = Int(text), index >= 0 else {
          throw UsageError(description: "--device needs the number of a GPU, counted from 0")
        }
        device = index
      default:
        throw UsageError(description: "unknown argument '\(word)'")
      }
    }
    self = .read(device: device)
  }
}
