/// What an operator means: the tensors it produces, and the work of producing them.
///
/// A value of a conforming type is a node that has been read. Its stored properties are the node's
/// attributes, typed and defaulted, so that a rule can ask a convolution for its groups by name; nobody
/// but an initialiser looks an attribute up by its string.
package protocol Operator: Sendable, SendableMetatype {
  /// The operators that this family answers to.
  static var names: [OperatorName] { get }

  /// Reads the attributes of `node`, whose `opset` tells which version of the operator it is.
  init(_ node: Node) throws(OperatorError)

  /// The kind of layer that the node is.
  var layer: LayerClass { get }

  /// The same where it depends on the operands: a lookup in a table of weights is an embedding.
  func layer(_ x: Operands) -> LayerClass

  /// The values produced from `x`: one for each result the operator defines, nil where nothing can be told.
  ///
  /// Small tensors that shapes are computed from carry their elements in `TensorInfo.value`.
  /// Throws where a shape cannot be told or the operands do not fit.
  func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?]

  /// The matrix products done, whose multiply-accumulates are added to `arithmetic` by the caller.
  func contractions(_ x: Operands, _ y: Operands) throws(OperatorError) -> [Contraction]

  /// All other arithmetic of one execution: elementwise operations and transcendentals.
  ///
  /// No default: a family says so itself if it does none.
  func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work

  /// The bytes read and written. Unless a family says otherwise, a view moves nothing, and everything
  /// else reads each operand and writes each wanted result once.
  func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int)

  /// The input whose elements the first output shares without moving any, or nil where it has its own.
  var viewedInput: Int? { get }

  /// The same where it depends on the operands, such as one that switches an operator off.
  func viewedInput(_ x: Operands) -> Int?

  /// The operator as one that runs bodies of its own, where it does.
  var control: (any ControlOperator)? { get }

  /// What the operand at `index` is for.
  func role(_ index: Int, _ x: Operands) -> OperandRole

  /// Whether equal operands always give equal results, so that constants can be folded.
  var isDeterministic: Bool { get }

  /// The operands with parameters resized to the activations they meet, as after a change of width upstream.
  func fitted(_ x: Operands) -> Operands
}

extension Operator {
  package func contractions(_: Operands, _: Operands) -> [Contraction] { [] }
  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) {
    viewedInput(x) == nil ? (x.byteCount, y.byteCount) : (0, 0)
  }
  package func layer(_: Operands) -> LayerClass { layer }
  package var control: (any ControlOperator)? { nil }
  package var viewedInput: Int? { nil }
  package func viewedInput(_: Operands) -> Int? { viewedInput }
  package func role(_: Int, _: Operands) -> OperandRole { .data }
  package var isDeterministic: Bool { true }
  package func fitted(_ x: Operands) -> Operands { x }
}

/// What an operand is for, which decides whether a constant there is a parameter of the network.
package enum OperandRole: Hashable, Sendable {
  /// Takes part in the arithmetic: activations and weights.
  case data
  /// Learnt without gradients, such as a batch normalisation's running mean.
  case buffer
  /// Says how to do the work: shapes, axes, indices, scales, zero points.
  case setting
  /// Weights packed several to an element, of which there are `elements`.
  case packed(elements: Int)
}

/// An operator whose work is that of the bodies it runs: `If`, `Loop`, `Scan`.
package protocol ControlOperator: Operator {
  /// Runs `analyse` on each body with the operands it would get, and says how often each is executed.
  ///
  /// `analyse` returns the body's scope, whose outputs are `Scope.outputs`.
  func run(_ x: Operands, _ analyse: (Body, [Operand]) throws(OperatorError) -> Scope)
    throws(OperatorError) -> (outputs: [ValueInfo?], branches: [Branch])
}

extension ControlOperator {
  package var control: (any ControlOperator)? { self }
  package var layer: LayerClass { .control }
  package func outputs(_: Operands) -> [ValueInfo?] { [] }
  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func traffic(_: Operands, _: Operands) -> (read: Int, written: Int) { (0, 0) }
}

/// A body that a control operator runs, and how often.
package struct Branch: Sendable {
  /// The attribute that holds the body: `then_branch`, `body`.
  package var name: String
  package var scope: Scope
  /// How often one execution of the node runs the body; 0 for the cheaper branch of an `If`.
  package var executions: Int
  /// Whether `executions` is a bound or an assumption.
  package var isEstimated: Bool

  package init(name: String, scope: Scope, executions: Int, isEstimated: Bool) {
    self.name = name
    self.scope = scope
    self.executions = executions
    self.isEstimated = isEstimated
  }
}
