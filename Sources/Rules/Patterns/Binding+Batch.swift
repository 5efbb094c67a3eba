package import Graph

extension Binding {
  /// The same request with another batch; nil where an input has extents of its own that say otherwise.
  package func request(batch: Int) -> Request? {
    var request = request
    request.batch = batch
    for index in request.inputShapes.indices where !request.inputShapes[index].dims.isEmpty {
      guard request.inputShapes[index].dims[0] == self.batch else { return nil }
      request.inputShapes[index].dims[0] = batch
    }
    return request
  }
}
