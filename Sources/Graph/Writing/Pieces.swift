/// Bytes to be written, of which most stand in a file that is there already.
package struct Pieces: Sendable {
  package enum Piece: Sendable, Equatable {
    /// Bytes of the file as they are.
    case kept(Range<Int>)
    case new([UInt8])
  }

  package private(set) var all: [Piece] = []
  /// How many bytes there are.
  package private(set) var count = 0

  package init() {}

  init(_ bytes: [UInt8]) { append(bytes) }

  mutating func append(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    count += range.count
    if case .kept(let last)? = all.last, last.upperBound == range.lowerBound {
      all[all.count - 1] = .kept(last.lowerBound..<range.upperBound)
    } else {
      all.append(.kept(range))
    }
  }

  mutating func append(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    count += bytes.count
    if case .new(let last)? = all.last {
      all[all.count - 1] = .new(last + bytes)
    } else {
      all.append(.new(bytes))
    }
  }

  mutating func append(_ other: Pieces) {
    for piece in other.all {
      switch piece {
      case .kept(let range): append(range)
      case .new(let bytes): append(bytes)
      }
    }
  }

  /// The bytes, where `file` holds those that are kept.
  package func bytes(of file: Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for piece in all {
      switch piece {
      case .kept(let range): for index in range { bytes.append(file[index]) }
      case .new(let new): bytes += new
      }
    }
    return bytes
  }
}

// Fields of protobuf messages. The encoding: https://protobuf.dev/programming-guides/encoding/
extension Pieces {
  mutating func field(_ number: Int, _ text: String) {
    field(number, Pieces(Array(text.utf8)))
  }

  mutating func field(_ number: Int, _ integer: Int) {
    append(Self.varint(UInt64(number) << 3) + Self.varint(UInt64(bitPattern: Int64(integer))))
  }

  mutating func field(_ number: Int, _ single: Float) {
    append(Self.varint(UInt64(number) << 3 | 5) + Self.littleEndian(UInt64(single.bitPattern), 4))
  }

  /// A message, a text or packed numbers.
  mutating func field(_ number: Int, _ content: Pieces) {
    append(Self.varint(UInt64(number) << 3 | 2) + Self.varint(UInt64(content.count)))
    append(content)
  }

  static func varint(_ number: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
    return bytes
  }

  static func littleEndian(_ number: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
  }
}
