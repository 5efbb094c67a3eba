/// What a file says a value is, before symbols have been bound.
package indirect enum DeclaredType: Sendable, Hashable {
  /// A tensor; `dims` is nil where not even the rank is said.
  case tensor(ElementType, dims: [Dimension]?)
  case sequence(DeclaredType)
  case optional(DeclaredType)
  case map(key: ElementType, value: DeclaredType)

  /// One extent of a declared shape.
  package enum Dimension: Sendable, Hashable {
    case fixed(Int)
    /// A name such as `batch`, which stands for the same number wherever it occurs.
    case symbol(String)
    case unknown
  }
}
