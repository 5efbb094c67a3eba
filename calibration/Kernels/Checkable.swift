/// Something whose result on a board can be held against the host's.
package protocol Checkable {
  var name: String { get }
  /// The buffers among them are its operands and its result.
  var arguments: [BenchmarkKernel.Argument] { get }
  var check: Check { get }
  /// How many elements of the result are checked at the most.
  var checkedCount: Int { get }
}

extension Checkable {
  package var checkedCount: Int { 256 }

  /// The buffers with the numbers of the arguments that they are.
  package var buffers: [(argument: Int, buffer: Buffer)] {
    arguments.enumerated().compactMap { index, argument in
      if case .buffer(let buffer) = argument { (index, buffer) } else { nil }
    }
  }

  /// The memory that all buffers take.
  package var memoryBytes: Int { buffers.reduce(0) { $0 + $1.buffer.byteCount } }
}
