#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// How to count. An elementary operation is an addition, a product, a quotient, a comparison, a maximum, a
// rounding, a root, a function such as exp. A comparison that chooses between two numbers is one operation.
extension Elementwise {
  static let table: [OperatorName: Rule] = [
    // Arithmetic.
    "Add": Rule(layer: .add, evaluation: .binary(.sum)),
    "Sub": Rule(evaluation: .binary(.difference)),
    "Mul": Rule(layer: .multiply, evaluation: .binary(.product)),
    "Div": Rule(evaluation: .binary(.quotient)),
    "Mod": Rule(evaluation: .binary(.floorRemainder)),
    "Neg": Rule(evaluation: .unary({ 0 &- $0 }, { -$0 })),
    "Abs": Rule(evaluation: .unary({ $0 < 0 ? 0 &- $0 : $0 }, { $0.magnitude })),
    "Sign": Rule(
      evaluation: .unary({ $0.signum() }, { $0.isNaN ? $0 : $0 > 0 ? 1 : $0 < 0 ? -1 : 0 })),
    "Reciprocal": Rule(evaluation: .unary({ _ in nil }, { 1 / $0 })),
    "Sqrt": Rule(evaluation: .unary({ _ in nil }, { $0.squareRoot() })),
    "Ceil": Rule(evaluation: .unary({ $0 }, { $0.rounded(.up) })),
    "Floor": Rule(evaluation: .unary({ $0 }, { $0.rounded(.down) })),
    "Round": Rule(evaluation: .unary({ $0 }, { $0.rounded(.toNearestOrEven) })),

    // Any number of operands.
    "Max": Rule(operations: 0, joins: 1, evaluation: .binary(.maximum)),
    "Min": Rule(operations: 0, joins: 1, evaluation: .binary(.minimum)),
    "Sum": Rule(layer: .add, operations: 0, joins: 1, evaluation: .binary(.sum)),
    // The sum, and a quotient.
    "Mean": Rule(joins: 1),

    // Comparisons and logic.
    "Equal": Rule(result: .bool, evaluation: .binary(.equal)),
    "Greater": Rule(result: .bool, evaluation: .binary(.greater)),
    "GreaterOrEqual": Rule(result: .bool, evaluation: .binary(.greaterOrEqual)),
    "Less": Rule(result: .bool, evaluation: .binary(.less)),
    "LessOrEqual": Rule(result: .bool, evaluation: .binary(.lessOrEqual)),
    "IsInf": Rule(
      result: .bool, evaluation: .unary({ _ in 0 }, { $0.isInfinite ? 1 : 0 })),
    "IsNaN": Rule(result: .bool, evaluation: .unary({ _ in 0 }, { $0.isNaN ? 1 : 0 })),
    "And": Rule(result: .bool, evaluation: .binary(Arithmetic({ $0 & $1 }))),
    "Or": Rule(result: .bool, evaluation: .binary(Arithmetic({ $0 | $1 }))),
    "Xor": Rule(result: .bool, evaluation: .binary(Arithmetic({ $0 ^ $1 }))),
    "Not": Rule(result: .bool, evaluation: .unary({ $0 == 0 ? 1 : 0 }, { _ in nil })),
    "BitShift": Rule(),
    "BitwiseAnd": Rule(evaluation: .binary(Arithmetic({ $0 & $1 }))),
    "BitwiseOr": Rule(evaluation: .binary(Arithmetic({ $0 | $1 }))),
    "BitwiseXor": Rule(evaluation: .binary(Arithmetic({ $0 ^ $1 }))),
    "BitwiseNot": Rule(evaluation: .unary({ ~$0 }, { _ in nil })),

    // Transcendental functions. Exp and Log have no evaluation: runtimes differ in the last bit, which
    // could turn into a whole step once a shape is rounded from it.
    "Exp": Rule(transcendentals: 1),
    "Log": Rule(transcendentals: 1),
    "Erf": Rule(transcendentals: 1),
    "Sin": Rule(transcendentals: 1),
    "Cos": Rule(transcendentals: 1),
    "Tan": Rule(transcendentals: 1),
    "Asin": Rule(transcendentals: 1),
    "Acos": Rule(transcendentals: 1),
    "Atan": Rule(transcendentals: 1),
    "Sinh": Rule(transcendentals: 1),
    "Cosh": Rule(transcendentals: 1),
    "Asinh": Rule(transcendentals: 1),
    "Acosh": Rule(transcendentals: 1),
    "Atanh": Rule(transcendentals: 1),

    // Activations.
    "Relu": Rule(
      layer: .activation, evaluation: .unary({ max($0, 0) }, { $0.isNaN ? $0 : max($0, 0) })),
    // Threshold and choice in one.
    "ThresholdedRelu": Rule(layer: .activation),
    // Product with the slope, choice.
    "LeakyRelu": Rule(layer: .activation, operations: 2),
    "PRelu": Rule(layer: .activation, operations: 2),
    // exp, minus 1, times alpha, choice.
    "Elu": Rule(layer: .activation, operations: 4, transcendentals: 1),
    // The same times gamma.
    "Selu": Rule(layer: .activation, operations: 5, transcendentals: 1),
    // x/alpha, exp, minus 1, times alpha, min, max, sum.
    "Celu": Rule(layer: .activation, operations: 7, transcendentals: 1),
    // Negation, exp, plus 1, reciprocal.
    "Sigmoid": Rule(layer: .activation, operations: 4, transcendentals: 1),
    // Times alpha, plus beta, min, max.
    "HardSigmoid": Rule(layer: .activation, operations: 4),
    // The same, times x.
    "HardSwish": Rule(layer: .activation, operations: 5),
    // A sigmoid, times x.
    "Swish": Rule(layer: .activation, operations: 5, transcendentals: 1),
    // The same, times the other operand.
    "SwiGLU": Rule(layer: .activation, operations: 6, transcendentals: 1),
    "Tanh": Rule(layer: .activation, transcendentals: 1),
    // exp, plus 1, log.
    "Softplus": Rule(layer: .activation, operations: 3, transcendentals: 2),
    // |x|, plus 1, quotient.
    "Softsign": Rule(layer: .activation, operations: 3),
    // A softplus, tanh, times x.
    "Mish": Rule(layer: .activation, operations: 5, transcendentals: 3),
    // x/sqrt(2), erf, plus 1, times x, halved.
    "Gelu": Rule(layer: .activation, operations: 5, transcendentals: 1),
    // A choice on either side, and the bias.
    "Shrink": Rule(layer: .activation, operations: 3),
  ]

  /// What attributes change of a row.
  static let adjustments:
    [OperatorName: @Sendable (Node, inout Rule) throws(OperatorError) -> Void] = [
      "BitShift": { (node, rule) throws(OperatorError) in
        rule.evaluation = .binary(
          try node.string("direction") == "LEFT"
            ? Arithmetic({ $1 < 0 ? 0 : $0 << $1 })
            : Arithmetic({ $1 < 0 ? ($0 < 0 ? -1 : 0) : $0 >> $1 }))
      },
      "Gelu": { (node, rule) throws(OperatorError) in
        // x³ in two, times a factor, plus x, times a factor, tanh, plus 1, times x, halved.
        if try node.string("approximate") == "tanh" { rule.operations = 9 }
      },
      "IsInf": { (node, rule) throws(OperatorError) in
        let positive = try node.flag("detect_positive", default: true)
        let negative = try node.flag("detect_negative", default: true)
        rule.evaluation = .unary(
          { _ in 0 }, { $0.isInfinite && ($0 > 0 ? positive : negative) ? 1 : 0 })
      },
      "Mod": { (node, rule) throws(OperatorError) in
        if try node.flag("fmod") { rule.evaluation = .binary(.truncatedRemainder) }
      },
      "Swish": { (node, rule) throws(OperatorError) in try scale(node, &rule) },
      "SwiGLU": { (node, rule) throws(OperatorError) in try scale(node, &rule) },
    ]

  /// A factor within the sigmoid, unless it is 1.
  private static func scale(_ node: Node, _ rule: inout Rule) throws(OperatorError) {
    if let alpha = try node.float("alpha"), alpha != 1 { rule.operations += 1 }
  }
}
