/// The version of everything that this package builds.
package enum Version {
  package static let current = "0.1.0"
}
