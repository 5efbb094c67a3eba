import Graph
import Testing

@testable import CLI

private func module(_ name: String, scopes: String? = nil) -> String? {
  var node = Node(name: name, "Conv", opset: 17, inputs: [], outputs: [])
  if let scopes { node.metadata = [Metadata(key: "pkg.torch.onnx.name_scopes", value: scopes)] }
  return node.module
}

@Test(arguments: [
  ("/layer1/layer1.0/conv1/Conv", "layer1/layer1.0/conv1"), ("a/Conv", "a"), ("/Conv", ""),
  ("Conv", ""), ("", ""), ("///", ""),
])
func `a path in the name tells the module`(name: String, expected: String) {
  #expect(module(name) ?? "" == expected)
}

@Test(arguments: [
  ("['', 'layer1', 'layer1.0', 'layer1.0.bn2', 'norm_2']", "layer1.0.bn2"), ("['', 'relu']", ""),
  ("[]", ""), ("'", ""), ("''", ""), ("", ""),
])
func `the exporter's scopes tell the module`(scopes: String, expected: String) {
  #expect(module("node_Conv_1", scopes: scopes) ?? "" == expected)
}
