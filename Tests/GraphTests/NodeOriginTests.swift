@testable import Graph
import Testing

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

private let trace = """
  File "/home/me/train.py", line 80, in <module>
      export(model)
    File "/home/me/net.py", line 41, in forward
      return self.conv(x)
    File "/opt/venv/lib/python3.11/site-packages/torch/nn/modules/conv.py", line 554, in forward
      return self._conv_forward(input, self.weight, self.bias)
  """

private func source(_ trace: String) -> SourceLine? {
  var node = Node("Conv", opset: 17, inputs: [], outputs: [])
  node.metadata = [Metadata(key: "pkg.torch.onnx.stack_trace", value: trace)]
  return node.source
}

@Test func `the innermost call outside of PyTorch is where the node comes from`() {
  #expect(source(trace) == SourceLine(file: "/home/me/net.py", line: 41))
}

@Test(arguments: [
  "", "File", "File \"", "File \"a.py\", line", "File \"a.py\", line x", "File \"a.py\", line 0",
  "File \"/x/site-packages/torch/a.py\", line 3, in f",
  "File \"a.py\", line 99999999999999999999, in f",
])
func `a trace without a frame of the user's tells nothing`(trace: String) {
  #expect(source(trace) == nil)
}

@Test func `a file of an installed package goes without the folder of all packages`() {
  let line = SourceLine(file: "/v/lib/python3/site-packages/timm/models/vit.py", line: 1)
  #expect(line.shortFile == "timm/models/vit.py")
  #expect(SourceLine(file: "/home/me/net.py", line: 1).shortFile == "/home/me/net.py")
}
