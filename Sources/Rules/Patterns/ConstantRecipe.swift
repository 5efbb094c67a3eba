import Graph

extension Subject {
  /// How the elements of a value that is known beforehand follow from constants; nil where a node on the way does
  /// what recipes do not say, such as a comparison.
  func constantRecipe(_ value: Value.ID) -> Recipe? {
    var budget = 256
    return constantRecipe(value, &budget)
  }

  /// `budget` is how many nodes may still be looked at: what is read twice is written twice.
  private func constantRecipe(_ value: Value.ID, _ budget: inout Int) -> Recipe? {
    guard budget > 0, let info = tensor(value) else { return nil }
    budget -= 1
    if let known = info.value { return .numbers(known.reals, dims: info.dims) }
    if scope.constants[value] { return .constant(value) }
    guard let maker = scope.producers[value] else { return nil }
    let step = steps[maker]
    func operand(_ index: Int, _ budget: inout Int) -> Recipe? {
      guard index < step.node.inputs.count, let input = step.node.inputs[index] else { return nil }
      return constantRecipe(input, &budget)
    }
    if let viewed = step.op?.viewedInput(step.inputs) {
      return operand(viewed, &budget).map { .reshaped($0, info.dims) }
    }
    switch step.op {
    case is Expansion:
      return operand(0, &budget).flatMap { spread($0, to: info) }
    case let filling as Filling:
      guard let element = filling.element.value?.reals.first else { return nil }
      return spread(.number(element), to: info)
    case let transpose as Transpose:
      let order = transpose.order ?? Array(info.dims.indices.reversed())
      return operand(0, &budget).map { .transposed($0, order) }
    case let concat as Concat:
      var parts: [Recipe] = []
      for index in step.node.inputs.indices {
        guard let part = operand(index, &budget) else { return nil }
        parts.append(part)
      }
      return (try? info.shape.axis(concat.axis)).map { .concatenated(parts, axis: $0) }
    case is Elementwise:
      guard step.inputs.count == 2, let operation = operation(of: step, info.type),
        let a = operand(0, &budget), let b = operand(1, &budget)
      else { return nil }
      return .combined(operation, a, b)
    default: return nil
    }
  }

  /// The elements repeated where they are to fill a larger tensor, which must be no larger than a file should hold.
  private func spread(_ recipe: Recipe, to info: TensorInfo) -> Recipe? {
    guard info.shape.count <= UnfoldedConstants.largestBytes / 4 else { return nil }
    return recipe + .filled(0, dims: info.dims)
  }

  /// What recipes call an operation; nil where the two differ, as they do where integers are divided.
  private func operation(of step: Step, _ type: ElementType) -> Recipe.Operation? {
    switch step.node.op {
    case "Add": .sum
    case "Sub": .difference
    case "Mul": .product
    case "Div": type.isFloatingPoint ? .quotient : nil
    default: nil
    }
  }
}
