import Graph
import Testing

struct OneNodeTests {
  @Test func `a node on its own has shapes and work`() throws {
    let node = try OneNode("MatMul", [.tensor([4, 8]), .weights([8, 2])])
    #expect(try node.shapes() == [[4, 2]])
    #expect(try node.work() == Work(macs: 64, bytesRead: 192, bytesWritten: 32))
  }
}
