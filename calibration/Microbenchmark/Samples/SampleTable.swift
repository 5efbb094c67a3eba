import BenchmarkKernels

/// Samples and the conditions they were taken under, as the text of `--raw`: lines of `# key=value`, and a table with commas.
struct SampleTable {
  /// What is true of all samples, in order: the board, its driver, its sensor.
  var facts: [(key: String, value: String)] = []
  var samples: [Sample] = []

  /// The first line of every such file.
  static let title = "# nncost-calibrate samples, version 1"

  /// The value of a fact; nil where the file has none.
  func fact(_ key: String) -> String? { facts.last { $0.key == key }?.value }

  static let columns = [
    "kernel", "class", "type", "provider", "problem", "operations", "transcendentals", "bytes",
    "cached_bytes", "shared_bytes", "repetition", "started_s", "launch_s", "burst_launch_s",
    "window_s", "counter_updates", "counter_w", "integral_w", "idle_before_w", "idle_after_w",
    "sm_mhz", "memory_mhz", "start_c", "end_c", "throttle", "locked", "sentinel", "rejected",
  ]

  /// All of it, as a file holds it.
  var text: String {
    var text = Self.title + "\n" + facts.map { Self.line($0) }.joined()
    if !samples.isEmpty {
      text += Self.columns.joined(separator: ",") + "\n"
      for sample in samples { text += Self.line(sample) }
    }
    return text
  }

  static func line(_ fact: (key: String, value: String)) -> String {
    "# \(fact.key)=\(fact.value.filter { !$0.isNewline })\n"
  }

  /// One row; a value that the board did not tell is empty.
  static func line(_ sample: Sample) -> String {
    let subject = sample.subject
    func text(_ value: Double?) -> String { value.map { "\(rounded($0))" } ?? "" }
    let fields = [
      subject.name, subject.kernelClass.rawValue, subject.type.rawValue, subject.provider,
      subject.problem.text, "\(subject.work.operations)", "\(subject.work.transcendentals)",
      "\(subject.work.bytes)", "\(subject.work.cachedBytes)", "\(subject.work.sharedBytes)",
      "\(sample.repetition)", text(sample.started), text(sample.launchSeconds),
      text(sample.burstSeconds), text(sample.windowSeconds), "\(sample.counterUpdates)",
      text(sample.counterWatts), text(sample.integralWatts), text(sample.idleWattsBefore),
      text(sample.idleWattsAfter),
      text(sample.multiprocessorClock), text(sample.memoryClock),
      text(sample.celsiusAtStart), text(sample.celsiusAtEnd),
      "\(sample.throttling.rawValue)", sample.isLocked ? "1" : "0", sample.isSentinel ? "1" : "0",
      sample.rejection ?? "",
    ]
    // Names and reasons are this program's own; a comma in them would shift the columns.
    return fields.map { field in String(field.map { $0 == "," ? ";" : $0 }) }.joined(separator: ",")
      + "\n"
  }

  /// Six digits are more than any reading has.
  static func rounded(_ value: Double) -> Double {
    guard value != 0, value.isFinite else { return value }
    var unit = 1.0
    if value.magnitude >= 1e6 {
      while value.magnitude / unit >= 1e6 { unit *= 10 }
      return (value / unit).rounded() * unit
    }
    while value.magnitude * unit < 1e5, unit < 1e300 { unit *= 10 }
    return (value * unit).rounded() / unit
  }
}

extension SampleTable {
  /// Reads what ``line(_:)-(Sample)`` and its like have written.
  ///
  /// A last line without its end is left out: the program was stopped while it wrote.
  init(text: String, file: String) throws(Obstacle) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    // What is behind the last line feed is nothing, or unfinished.
    if !lines.isEmpty { lines.removeLast() }
    guard lines.first ?? "" == Self.title else {
      throw .file("\(file):1: this is no file of samples; its first line is not '\(Self.title)'")
    }
    var hasHeader = false
    for (number, line) in lines.enumerated().dropFirst() {
      if line.hasPrefix("# ") {
        let parts = line.dropFirst(2).split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else {
          throw .file("\(file):\(number + 1): expected '# key=value'")
        }
        facts.append((String(parts[0]), String(parts[1])))
      } else if !hasHeader {
        guard line == Self.columns.joined(separator: ",")[...] else {
          throw .file("\(file):\(number + 1): the columns are not those of this version")
        }
        hasHeader = true
      } else {
        samples.append(try Self.sample(line, at: "\(file):\(number + 1)"))
      }
    }
  }

  private static func sample(_ line: Substring, at place: String) throws(Obstacle) -> Sample {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == columns.count else {
      throw .file("\(place): expected \(columns.count) columns, found \(fields.count)")
    }
    var row = Row(fields: fields, place: place)
    let name = row.text()
    let kernelClass: KernelClass = try row.choice()
    let type: NumberType = try row.choice()
    let provider = row.text()
    guard let problem = Problem(text: row.text()) else {
      throw .file("\(place): '\(fields[4])' is no problem")
    }
    let work = KernelWork(
      operations: try row.count(), transcendentals: try row.count(), bytes: try row.count(),
      cachedBytes: try row.count(), sharedBytes: try row.count())
    let repetition = try row.count()
    let started = try row.number()
    let measurement = Measurement(
      launchSeconds: try row.number(), burstSeconds: try row.number(), counterWatts: nil,
      integralWatts: nil, seconds: try row.number(), updates: try row.count(),
      throttling: [])
    var sample = Sample(
      Subject(name: name, kernelClass, type, provider: provider, problem, work),
      repetition: repetition, started: started, measurement, isLocked: false)
    sample.counterWatts = try row.optional()
    sample.integralWatts = try row.optional()
    sample.idleWattsBefore = try row.optional()
    sample.idleWattsAfter = try row.optional()
    sample.multiprocessorClock = try row.optional()
    sample.memoryClock = try row.optional()
    sample.celsiusAtStart = try row.optional()
    sample.celsiusAtEnd = try row.optional()
    sample.throttling = NVML.Throttling(rawValue: UInt64(try row.count()))
    sample.isLocked = try row.count() == 1
    sample.isSentinel = try row.count() == 1
    let rejection = row.text()
    sample.rejection = rejection.isEmpty ? nil : rejection
    return sample
  }

  /// The fields of one row, taken one after another.
  private struct Row {
    let fields: [String]
    let place: String
    private var next = 0

    init(fields: [String], place: String) {
      self.fields = fields
      self.place = place
    }

    mutating func text() -> String {
      defer { next += 1 }
      return fields.indices.contains(next) ? fields[next] : ""
    }

    mutating func optional() throws(Obstacle) -> Double? {
      let column = next
      let text = text()
      guard !text.isEmpty else { return nil }
      guard let number = Double(text), number.isFinite, number >= 0 else {
        throw wrong(column, text, "a number")
      }
      return number
    }

    mutating func number() throws(Obstacle) -> Double {
      let column = next
      guard let number = try optional() else { throw wrong(column, "", "a number") }
      return number
    }

    mutating func count() throws(Obstacle) -> Int {
      let column = next
      let text = text()
      guard let count = Int(text), count >= 0 else { throw wrong(column, text, "a count") }
      return count
    }

    mutating func choice<Choice: RawRepresentable<String>>() throws(Obstacle) -> Choice {
      let column = next
      let text = text()
      guard let choice = Choice(rawValue: text) else { throw wrong(column, text, "known") }
      return choice
    }

    private func wrong(_ column: Int, _ text: String, _ what: String) -> Obstacle {
      .file("\(place): '\(text)' in column \(SampleTable.columns[column]) is not \(what)")
    }
  }
}
