import Cost
import Rules

/// Models that do the same, and what each scores.
struct Candidates: Sendable {
  private let metric: String
  private let folder: FilePath
  private let scores: [(path: String, score: Double)]

  /// Nil where the file, and none that it extends, names any.
  init?(_ file: ConfigurationFile) {
    let owner = ([file] + file.bases.reversed()).first { $0.root["candidates", "scores"] != nil }
    guard let owner, let scores = owner.root["candidates", "scores"]?.value.members else {
      return nil
    }
    metric = owner.root["candidates", "metric"]?.value.text ?? "score"
    folder = owner.folder
    self.scores = scores.compactMap { member in member.value.number.map { (member.key, $0) } }
  }

  /// The model at `path` among the others, each priced by `joules`; nil where it is not one of them.
  ///
  /// What cannot be priced is no rival.
  func candidate(_ path: String, _ joules: (String) -> Interval?) -> Purpose.Candidate? {
    let own = FilePath(path)
    let places = scores.map { FilePath($0.path, from: folder) }
    guard let index = places.firstIndex(of: own) else { return nil }
    let rivals = scores.indices.filter { $0 != index }.compactMap { other in
      joules(places[other].relative(to: .current)).map {
        Purpose.Rival(
          name: scores[other].path, score: scores[other].score, joulesPerInference: $0)
      }
    }
    return .init(metric: metric, score: scores[index].score, rivals: rivals)
  }
}
