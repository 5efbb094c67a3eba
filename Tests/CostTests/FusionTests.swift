import Graph
import Testing

@testable import Cost

@Suite struct FusionTests {
  private func groups(_ analysis: Analysis, _ runtime: Runtime = .fused) -> [[Int]] {
    Fusion.kernels(of: analysis, under: Scenario(runtime: runtime)).map(\.members)
  }

  @Test func `a residual block is two kernels when joined, five when not`() throws {
    let analysis = try Networks.residual()
    #expect(groups(analysis) == [[0, 1], [2, 3, 4]])
    #expect(groups(analysis, .eager) == [[0], [1], [2], [3], [4]])
  }

  @Test func `values inside a kernel are not moved, values read twice are read once`() throws {
    let analysis = try Networks.residual(channels: 4, size: 8)
    let kernels = Fusion.kernels(of: analysis, under: Scenario())
    let tensor = 4 * 4 * 8 * 8
    let weights = 4 * 4 * 4 * 9
    #expect(kernels[0].work.bytesRead == tensor + weights)
    #expect(kernels[0].work.bytesWritten == tensor)
    #expect(kernels[1].work.bytesRead == 2 * tensor + weights)
    #expect(kernels[1].work.bytesWritten == tensor)
  }

  @Test func `a value that another node needs ends the kernel`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [8, 8])
    let y = net.node("MatMul", [x, try net.weights([8, 8])])
    let z = net.node("Relu", [y])
    #expect(groups(try net.analysis(returning: [z, y])) == [[0], [1]])
    #expect(groups(try net.analysis(returning: [z])) == [[0, 1]])
  }

  @Test func `an activation spelled out over two paths is joined`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [8, 8])
    let y = net.node("MatMul", [x, try net.weights([8, 8])])
    let gate = net.node("Relu", [y])
    let z = net.node("Add", [y, gate])
    #expect(groups(try net.analysis(returning: [z])) == [[0, 1, 2]])
  }

  @Test func `an operand that is made later is not waited for`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [8, 8])
    let a = net.node("MatMul", [x, try net.weights([8, 8])])
    let b = net.node("MatMul", [x, try net.weights([8, 8])])
    let sum = net.node("Add", [a, b])
    // The sum goes with the product that ends last.
    #expect(groups(try net.analysis(returning: [sum])) == [[0], [1, 2]])
  }

  @Test func `stretching the result to another shape is not pointwise`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [1, 8])
    let y = net.node("MatMul", [x, try net.weights([8, 8])])
    let big = net.input("z", [16, 8])
    let sum = net.node("Add", [y, big])
    #expect(groups(try net.analysis(returning: [sum])) == [[0], [1]])
  }

  @Test func `every node that is counted is in exactly one kernel`() throws {
    for analysis in [try Networks.residual(), try Networks.dense(layers: 9, width: 4, rows: 2)] {
      let members = groups(analysis).flatMap { $0 }.sorted()
      #expect(
        members
          == analysis.placements.indices.filter { analysis[analysis.placements[$0]].isCounted })
    }
  }
}
