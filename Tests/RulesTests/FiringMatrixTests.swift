import Cost
import Graph
import Testing

@testable import Rules

/// Which rules fire on which architecture, and which do not: the table that the rules were designed by.
///
/// Networks are built here, so that no file is needed; at batch 1 on a T4, operator by operator, unless a row
/// says otherwise. It differs from the table as first drawn up where that could not be kept:
///
/// * Operator by operator at batch 1, launches take most of the time, so that what saves traffic alone shows at
///   batch 32 or in an engine: pointwise-before-avgpool on DenseNet, movement-dominated on ShuffleNet.
/// * monotone-before-argmax over 9 classes saves less than the floor.
/// * An engine does by itself what the rules on redundant nodes, constants and normalisations find, and is told nothing.
/// * GELU, SiLU and layer normalisation that an exporter has spelt out are one kernel of the framework, so that
///   decomposed-composite-op tells only of what an author wrote in pieces.
@Suite struct FiringMatrixTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var runtime = Runtime.eager
    var batch = 1
    /// Whether batch normalisations stand behind convolutions.
    var isRaw = false
    /// Whether they normalise by the batch at hand.
    var isTraining = false
    /// The rules that must fire, and those that must not, by their numbers.
    var fires: [Int]
    var silent: [Int]
    var build: @Sendable (inout Layers) throws -> [Layers.Map]

    var testDescription: String { "\(name), \(runtime.rawValue), batch \(batch)" }
  }

  @Test(arguments: classifiers + mobile + shallow + dense + maps + sequences)
  func `the rules fire where they should and nowhere else`(_ row: Row) throws {
    var net = Layers(batch: row.batch, normalises: row.isRaw, isTraining: row.isTraining)
    let outputs = try row.build(&net)
    let estimate = try #require(try net.estimate(outputs, row.runtime))
    #expect(estimate.analysis.totals.coverage.uncounted == [])
    let codes = Set(Linter().lint(estimate).findings.map(\.code))
    for number in row.fires { #expect(codes.contains("NNC\(number)")) }
    for number in row.silent { #expect(!codes.contains("NNC\(number)")) }
  }
}
