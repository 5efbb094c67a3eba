/// Numbers names in the order in which they are first met, and finds them by their bytes.
///
/// Most names in a file are there twice or more. Looking them up by their bytes makes a string of each only
/// once, which halves the time that a graph of a million nodes takes.
struct NameTable {
  private(set) var names: [String] = []
  private var hashes: [UInt64] = []
  /// The number of a name by its hash, or -1; a power of two of them, less than half of them taken.
  private var slots = [Int](repeating: -1, count: 16)
  /// Differs from run to run, so that no file can be made whose names all fall into one slot.
  private let seed = UInt64.random(in: .min ... .max)

  /// The number of `name`, or nil where it is no UTF-8.
  mutating func number(_ name: Span<UInt8>) -> Int? {
    let hash = hash(name)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let number = slots[slot]
      if hashes[number] == hash, name.equals(names[number].utf8Span.span) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard let text = try? UTF8Span(validating: name) else { return nil }
    let number = names.count
    slots[slot] = number
    names.append(String(copying: text))
    hashes.append(hash)
    if names.count > slots.count / 2 { grow() }
    return number
  }

  /// A number for a value that has no name.
  mutating func unnamed() -> Int {
    names.append("")
    hashes.append(0)
    return names.count - 1
  }

  private mutating func grow() {
    slots = [Int](repeating: -1, count: 4 * slots.count)
    for (number, hash) in hashes.enumerated() where !names[number].isEmpty {
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = number
    }
  }

  private func hash(_ name: Span<UInt8>) -> UInt64 {
    var hash = seed
    for index in name.indices { hash = (hash ^ UInt64(name[index])) &* 0x9E37_79B9_7F4A_7C15 }
    return hash ^ hash >> 32
  }
}

extension Span<UInt8> {
  func equals(_ other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    for index in indices where self[index] != other[index] { return false }
    return true
  }
}
