import Rules

extension BaselineFile {
  /// Forgets places of the model at `path` that are mended.
  mutating func forget(_ stale: [Baseline.Entry], of path: String) {
    let name = name(of: path)
    for entry in stale {
      let number = findings.firstIndex {
        $0.path == name && $0.entry.code == entry.code
          && $0.entry.fingerprint == entry.fingerprint
      }
      guard let number else { continue }
      let places = findings[number].entry.places
      guard entry.places < places else {
        findings.remove(at: number)
        continue
      }
      // What is left saves its share of what all of them did.
      findings[number].entry.joules *= Double(places - entry.places) / Double(places)
      findings[number].entry.places -= entry.places
    }
  }

  /// Forgets models that are no longer there, and returns their names.
  mutating func forgetMissing() -> [String] {
    let missing = models.map(\.path).filter { !FilePath($0, from: folder).exists }
    models.removeAll { missing.contains($0.path) }
    findings.removeAll { missing.contains($0.path) }
    return missing
  }
}
