/// What the command line asks for.
enum Arguments {
  case help
  case version
  /// Say what boards there are; only the one with this index, if there is one.
  case list(device: Int?)
  case measure(Request)
  /// Make a table of a file of samples.
  case fit(samples: String, output: String?, residuals: String?)
  /// Hold two tables, or files of samples, against each other.
  case compare(String, String, within: Double)
  /// Print the text of every kernel.
  case kernels

  /// What is to be measured, and where it goes.
  struct Request: Hashable {
    var device = 0
    var isQuick = false
    /// The file of the table; standard output without one.
    var output: String?
    /// The file of the samples; beside the table without one.
    var raw: String?
    /// The file of the residuals; nil for none.
    var residuals: String?
    /// Megahertz that the clocks are held at; nil leaves them alone.
    var lockedClock: Int?
    /// Beginnings of names of kernels; empty for all.
    var only: [String] = []

    /// Where samples go: nil only where neither they nor the table have a file.
    var samples: String? {
      raw ?? output.map { ($0.hasSuffix(".json") ? String($0.dropLast(5)) : $0) + ".samples.csv" }
    }
  }

  /// Why the command line cannot be understood.
  struct UsageError: Error {
    let description: String
  }

  init(_ words: some Sequence<String>) throws(UsageError) {
    var request = Request()
    var device: Int?
    var isList = false
    var limit: Double?
    var operands: [String] = []
    var words = words.makeIterator()
    func value(_ option: String, _ what: String) throws(UsageError) -> String {
      guard let text = words.next(), !text.isEmpty else {
        throw UsageError(description: "\(option) needs \(what)")
      }
      return text
    }
    func number(_ option: String, _ what: String, from least: Int) throws(UsageError) -> Int {
      guard let text = words.next(), let number = Int(text), number >= least else {
        throw UsageError(description: "\(option) needs \(what)")
      }
      return number
    }
    while let word = words.next() {
      switch word {
      case "--help", "-h":
        self = .help
        return
      case "--version":
        self = .version
        return
      case "--list": isList = true
      case "--quick": request.isQuick = true
      case "--device":
        device = try number(word, "the number of a GPU, counted from 0", from: 0)
      case "--output": request.output = try value(word, "a file")
      case "--raw": request.raw = try value(word, "a file")
      case "--residuals": request.residuals = try value(word, "a file")
      case "--within": limit = try Self.share(try value(word, Self.shareForm))
      case "--lock-clocks":
        request.lockedClock = try number(word, "a clock in megahertz", from: 1)
      case "--only":
        request.only += try value(word, "beginnings of names of kernels, with commas between")
          .split(separator: ",").map(String.init)
      default:
        guard !word.hasPrefix("-") else {
          throw UsageError(description: "unknown argument '\(word)'")
        }
        operands.append(word)
      }
    }
    request.device = device ?? 0
    switch (operands.first, operands.count) {
    case (nil, _): self = isList ? .list(device: device) : .measure(request)
    case ("fit", 2):
      self = .fit(samples: operands[1], output: request.output, residuals: request.residuals)
    case ("compare", 3):
      self = .compare(operands[1], operands[2], within: limit ?? Plan.allowedDrift)
    case ("kernels", 1): self = .kernels
    case ("compare", _):
      throw UsageError(description: "compare needs two files, each a table or samples")
    case ("fit", _): throw UsageError(description: "fit needs one file of samples")
    case (let word?, _): throw UsageError(description: "unknown argument '\(word)'")
    }
  }

  private static let shareForm = "a share, such as 3%"

  /// `3%` as 0.03.
  private static func share(_ text: String) throws(UsageError) -> Double {
    guard text.hasSuffix("%"), let percent = Double(text.dropLast()), percent.isFinite, percent >= 0
    else { throw UsageError(description: "--within needs \(shareForm)") }
    return percent / 100
  }
}
