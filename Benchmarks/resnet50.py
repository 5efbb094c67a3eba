"""Writes a ResNet-50 as an ONNX file, batch normalisation folded, with 102 MB of random weights in the file.

usage: resnet50.py FILE

The network is that of He et al., "Deep Residual Learning for Image Recognition", table 1, with the stride in the 3×3
convolution of a bottleneck, as today's implementations have it.
"""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Per stage: bottlenecks, inner channels, stride of the first bottleneck.
STAGES = [(3, 64, 1), (4, 128, 2), (6, 256, 2), (3, 512, 2)]
EXPANSION = 4


class Network:
    """Nodes and weights, appended in the order they run."""

    def __init__(self):
        self.nodes = []
        self.weights = []
        self.random = np.random.default_rng(0)

    def weight(self, name, *shape):
        values = self.random.standard_normal(shape, dtype=np.float32) * np.float32(0.02)
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def add(self, operator, inputs, name, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def convolution(self, x, name, inputs, outputs, size, stride=1, activation=True):
        weight = self.weight(f"{name}.weight", outputs, inputs, size, size)
        bias = self.weight(f"{name}.bias", outputs)
        window = {"kernel_shape": [size] * 2, "strides": [stride] * 2, "pads": [size // 2] * 4}
        x = self.add("Conv", [x, weight, bias], name, **window)
        return self.add("Relu", [x], f"{name}.relu") if activation else x

    def bottleneck(self, x, name, inputs, inner, stride):
        outputs = inner * EXPANSION
        y = self.convolution(x, f"{name}.reduce", inputs, inner, 1)
        y = self.convolution(y, f"{name}.spatial", inner, inner, 3, stride)
        y = self.convolution(y, f"{name}.expand", inner, outputs, 1, activation=False)
        if stride != 1 or inputs != outputs:
            x = self.convolution(x, f"{name}.shortcut", inputs, outputs, 1, stride, activation=False)
        return self.add("Relu", [self.add("Add", [y, x], f"{name}.sum")], f"{name}.relu")


def build():
    network = Network()
    x = network.convolution("image", "stem", 3, 64, 7, 2)
    x = network.add("MaxPool", [x], "pool", kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    channels = 64
    for stage, (count, inner, stride) in enumerate(STAGES, 1):
        for block in range(count):
            name = f"stage{stage}.{block}"
            x = network.bottleneck(x, name, channels, inner, stride if block == 0 else 1)
            channels = inner * EXPANSION
    x = network.add("GlobalAveragePool", [x], "average")
    x = network.add("Flatten", [x], "features")
    weight = network.weight("classes.weight", 1000, channels)
    bias = network.weight("classes.bias", 1000)
    network.add("Gemm", [x, weight, bias], "classes", transB=1)

    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 224, 224])
    classes = helper.make_tensor_value_info("classes", TensorProto.FLOAT, [1, 1000])
    graph = helper.make_graph(network.nodes, "resnet50", [image], [classes], network.weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


if __name__ == "__main__":
    onnx.save(build(), sys.argv[1])
