import Cost
import Graph

/// The members of a family of networks that differ in nothing but the number of blocks in their stages, and which of
/// them a graph is.
struct Family {
  /// A network of a family.
  struct Member: Hashable, Sendable {
    var name: String
    /// For each stage, the equal blocks in a row: those after the one that changes the width.
    var runs: [Int]
    /// The share of ImageNet's validation pictures that it gets right at first, in percent.
    var accuracy: Double
  }

  /// The families, each with its deepest member first.
  ///
  /// Accuracies are those that torchvision publishes with its first weights.
  static let known: [[Member]] = [
    [
      Member(name: "DenseNet-201", runs: [6, 12, 48, 32], accuracy: 76.9),
      Member(name: "DenseNet-169", runs: [6, 12, 32, 32], accuracy: 75.6),
      Member(name: "DenseNet-121", runs: [6, 12, 24, 16], accuracy: 74.4),
    ],
    [
      Member(name: "ResNet-152", runs: [2, 7, 35, 2], accuracy: 78.3),
      Member(name: "ResNet-101", runs: [2, 3, 22, 2], accuracy: 77.4),
      Member(name: "ResNet-50", runs: [2, 3, 5, 2], accuracy: 76.1),
    ],
  ]

  let own: Member
  /// The shallower members, from deep to shallow.
  let siblings: [Member]
  private let stages: [Stage]

  /// The family that the stages of a graph are those of; nil where none is known.
  init?(_ subject: Subject) {
    let stages = Stage.all(in: subject, atLeast: 2)
    let runs = stages.map(\.units.count)
    for family in Self.known {
      guard
        let index = family.firstIndex(where: { $0.runs == runs })
      else { continue }
      own = family[index]
      siblings = Array(family[(index + 1)...])
      self.stages = stages
      return
    }
    return nil
  }

  /// The graph cut down to the shallowest member; nil where it is that already.
  func shortened(_ subject: Subject) -> Rewrite? {
    siblings.last.map { shortened(to: $0, subject) }
  }

  private func shortened(to member: Member, _ subject: Subject) -> Rewrite {
    var rewrite = Rewrite()
    for (stage, count) in zip(stages, member.runs) {
      stage.shorten(to: count, &rewrite, subject)
    }
    return rewrite
  }

  /// What cutting the graph down to each member would save, as the end of a clause.
  func prices(_ subject: Subject) -> String {
    let prices = siblings.map { member in
      let saving = subject.saving([.rewrite(shortened(to: member, subject))])
      let share = saving.value / max(subject.estimate.joules.value, .leastNormalMagnitude)
      return "\(member.name)'s depth would save \(percent(share))"
    }
    return prices.isEmpty ? "" : "; " + prices.joined(separator: ", ")
  }

  /// What to take instead, with the accuracy that it costs.
  var advice: String? {
    siblings.last.map { member in
      """
      \(member.name)'s depth: at standard width it is right on \(ratio(member.accuracy)) % of ImageNet, \
      \(own.name) on \(ratio(own.accuracy)) %; or width in place of depth
      """
    }
  }
}
