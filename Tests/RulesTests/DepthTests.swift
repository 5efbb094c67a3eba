import Cost
import Foundation
import Graph
import Testing

@testable import Rules

@Suite struct DepthTests {
  private func subject(_ name: String) throws -> Subject {
    let model = try ModelFile.read(root.appending(path: "examples/\(name).onnx").path)
    let device = try #require(try Device.named("t4"))
    return Subject(Estimate(try Analysis(model), on: device, under: Scenario()))
  }

  @Test func `the stages of ResNet-50 are those of its family's shallowest member`() throws {
    let subject = try subject("resnet50")
    #expect(Stage.all(in: subject, atLeast: 2).map(\.units.count) == [2, 3, 5, 2])
    let family = try #require(Family(subject))
    #expect(family.own.name == "ResNet-50")
    #expect(family.siblings == [])
  }

  @Test func `blocks can be left out before a reshape that spells out their width`() throws {
    var net = Layers(spellsWidths: true)
    let outputs = try Convolutional.denseNet([6, 12, 48, 32], &net)
    let subject = Subject(try #require(try net.estimate(outputs, .fused)))
    let family = try #require(Family(subject))
    let shortened = try #require(family.shortened(subject))
    #expect(family.own.name == "DenseNet-201")
    #expect(subject.saving([.rewrite(shortened)]).value > 0.25 * subject.estimate.joules.value)
  }

  @Test(arguments: ["vgg16", "bert_base", "mobilenet_v2"])
  func `other networks are of no known family`(_ name: String) throws {
    #expect(try Family(subject(name))?.own == nil)
  }

  @Test func `each member of a family is shallower than the one before`() {
    for family in Family.known {
      for (deeper, shallower) in zip(family, family.dropFirst()) {
        #expect(deeper.runs.count == shallower.runs.count)
        #expect(zip(deeper.runs, shallower.runs).allSatisfy { $0 >= $1 })
        #expect(deeper.runs != shallower.runs)
        #expect(deeper.accuracy > shallower.accuracy)
      }
    }
  }
}
