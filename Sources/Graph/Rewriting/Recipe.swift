/// How the elements of a constant that a rewrite adds follow from constants of the model.
///
/// Analysis never looks at a recipe: what it needs is the type and shape of the value added. Only who writes the
/// rewritten model to a file evaluates it, from the weights that lie in the file. Operands are broadcast as
/// NumPy does, sums are taken in double precision, and the result is broadcast to the shape of the value and
/// rounded to its type.
package indirect enum Recipe: Sendable, Hashable {
  /// The elements of a constant of the model: an initializer, the result of a `Constant`, or one of these passed on.
  case constant(Value.ID)
  /// These elements in row-major order; without extents, one number.
  case numbers([Double], dims: [Int])
  /// One number for every element of a tensor, however large its extents say that it is.
  case filled(Double, dims: [Int])
  /// A matrix with 1 where the column is the row modulo the number of columns, and 0 elsewhere.
  case identity(rows: Int, columns: Int)
  case combined(Operation, Recipe, Recipe)
  case squareRoot(Recipe)
  /// The same elements with other extents.
  case reshaped(Recipe, [Int])
  /// Axis `i` of the result is axis `order[i]` of the operand.
  case transposed(Recipe, [Int])
  /// The part with indices from `from` to before `to` along an axis, every `step`th.
  case sliced(Recipe, axis: Int, from: Int, to: Int, step: Int)
  /// Zeros added before and after along an axis.
  case padded(Recipe, axis: Int, before: Int, after: Int)
  case concatenated([Recipe], axis: Int)
  /// The sum along an axis, which stays with one element.
  case summed(Recipe, axis: Int)
  /// The product of two matrices.
  case product(Recipe, Recipe)

  package enum Operation: Sendable, Hashable {
    case sum, difference, product, quotient
  }

  package static func number(_ number: Double) -> Recipe { .numbers([number], dims: []) }

  package static func + (a: Recipe, b: Recipe) -> Recipe { .combined(.sum, a, b) }
  package static func - (a: Recipe, b: Recipe) -> Recipe { .combined(.difference, a, b) }
  package static func * (a: Recipe, b: Recipe) -> Recipe { .combined(.product, a, b) }
  package static func / (a: Recipe, b: Recipe) -> Recipe { .combined(.quotient, a, b) }

  /// The same recipe for a model in which values have other numbers; nil where one has none.
  package func renumbered(_ number: (Value.ID) -> Value.ID?) -> Recipe? {
    func inner(_ recipe: Recipe, _ make: (Recipe) -> Recipe) -> Recipe? {
      recipe.renumbered(number).map(make)
    }
    func pair(_ a: Recipe, _ b: Recipe, _ make: (Recipe, Recipe) -> Recipe) -> Recipe? {
      guard let a = a.renumbered(number), let b = b.renumbered(number) else { return nil }
      return make(a, b)
    }
    switch self {
    case .constant(let id): return number(id).map { .constant($0) }
    case .numbers, .filled, .identity: return self
    case .combined(let operation, let a, let b):
      return pair(a, b) { .combined(operation, $0, $1) }
    case .squareRoot(let a): return inner(a) { .squareRoot($0) }
    case .reshaped(let a, let dims): return inner(a) { .reshaped($0, dims) }
    case .transposed(let a, let order): return inner(a) { .transposed($0, order) }
    case .sliced(let a, let axis, let from, let to, let step):
      return inner(a) { .sliced($0, axis: axis, from: from, to: to, step: step) }
    case .padded(let a, let axis, let before, let after):
      return inner(a) { .padded($0, axis: axis, before: before, after: after) }
    case .concatenated(let parts, let axis):
      let renumbered = parts.compactMap { $0.renumbered(number) }
      return renumbered.count == parts.count ? .concatenated(renumbered, axis: axis) : nil
    case .summed(let a, let axis): return inner(a) { .summed($0, axis: axis) }
    case .product(let a, let b): return pair(a, b) { .product($0, $1) }
    }
  }
}
