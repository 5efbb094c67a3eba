/// The kind of layer that a node is.
///
/// The first thirteen are those of the layer-wise energy study of Keras networks; the others are what
/// ONNX graphs hold beside them.
package enum LayerClass: String, Sendable, CaseIterable {
  case dense, convolution, pooling, padding, normalization, activation, rescaling, reshape, dropout
  case add, multiply, concatenate, input
  case attention, recurrence, quantization, embedding, movement, control, other
}
