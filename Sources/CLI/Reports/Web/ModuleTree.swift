import Cost
import Graph

/// The energy of a model by the modules that its nodes were exported from.
struct ModuleTree: Sendable {
  var name: String
  /// Of one execution of the whole batch, those of all parts included.
  var joules = 0.0
  /// In order of the model.
  private(set) var parts: [ModuleTree] = []
  /// Where a part is in `parts`, by its name.
  private var numbers: [String: Int] = [:]

  init(_ estimate: Estimate) {
    self.init(name: "model")
    for (placement, cost) in zip(estimate.analysis.placements, estimate.nodes) {
      guard let cost, cost.joules > 0 else { continue }
      let node = estimate.analysis[placement].node
      add(cost.joules, at: Self.path(of: node)[...])
    }
  }

  private init(name: String) { self.name = name }

  /// The module of a node, outermost first, or its operator where it has none.
  private static func path(of node: Node) -> [String] {
    guard let module = node.module else { return ["\(node.op)"] }
    // Older exporters write `layer1/layer1.0/conv1`, newer ones `layer1.0.conv1`.
    let mark: Character = module.contains("/") ? "/" : "."
    return module.split(separator: mark).map(String.init)
  }

  /// Deeper modules than these are told as part of the one they are in.
  private static let deepest = 8

  private mutating func add(_ joules: Double, at path: ArraySlice<String>) {
    self.joules += joules
    guard let first = path.first, path.startIndex < Self.deepest else { return }
    let index = numbers[first] ?? parts.count
    if index == parts.count {
      parts.append(ModuleTree(name: first))
      numbers[first] = index
    }
    parts[index].add(joules, at: path.dropFirst())
  }

  /// The modules that divide the model up: each takes at most half of it, or has one part or none.
  ///
  /// Their names say what they are part of: `encoder / layer.3`.
  var sections: [ModuleTree] {
    var sections = parts
    while let index = sections.firstIndex(where: { $0.joules > joules / 2 && !$0.parts.isEmpty }) {
      let whole = sections[index]
      let parts = whole.parts.map { part in
        var part = part
        // Older exporters repeat the outer name: `layer1.0` in `layer1`.
        if !part.name.hasPrefix("\(whole.name).") { part.name = "\(whole.name) / \(part.name)" }
        return part
      }
      sections.replaceSubrange(index...index, with: parts)
    }
    return sections
  }
}
