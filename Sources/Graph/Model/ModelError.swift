/// Why nothing can be said of a model at all, as a sentence for its user.
package struct ModelError: Error, Hashable, Sendable {
  package let message: String
  package init(_ message: String) { self.message = message }
}
