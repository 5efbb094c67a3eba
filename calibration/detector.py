"""SSD-ResNet-34 for images of 1200×1200, as the MLPerf inference benchmark has it: ONNX in JSON, without weights.

The backbone is ResNet-34 up to its third stage, which here keeps its resolution; six levels of boxes follow. The benchmark gives
433 G floating-point operations for an image; this graph has 2 × 217.0 G in multiply-accumulates.
"""

import json

SIZE, CLASSES = 1200, 81
# Of each level: channels, those of the 1×1 convolution to the next one, its stride, boxes at a place, and the stride between places.
CHANNELS = [256, 512, 512, 256, 256, 256]
BETWEEN = [256, 256, 128, 128, 128]
STRIDES = [2, 2, 2, 2, 1]
BOXES = [4, 6, 6, 6, 4, 4]
STEPS = [3, 3, 2, 2, 2, 2]


class _Graph:
    def __init__(self):
        self.nodes, self.weights = [], []

    def node(self, op, inputs, **attributes):
        result = f"{op}_{len(self.nodes)}"
        kinds = {int: ("INT", "i"), list: ("INTS", "ints")}
        self.nodes.append(dict(
            opType=op, input=inputs, output=[result],
            attribute=[{"name": n, "type": kinds[type(v)][0], kinds[type(v)][1]: v} for n, v in attributes.items()]))
        return result

    def weight(self, *dims):
        name = f"weight_{len(self.weights)}"
        location = [dict(key="location", value="weights.bin")]
        self.weights.append(dict(name=name, dims=dims, dataType=1, dataLocation="EXTERNAL", externalData=location))
        return name

    def convolution(self, x, channels, results, kernel, stride=1):
        return self.node("Conv", [x, self.weight(results, channels, kernel, kernel), self.weight(results)],
                         kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[kernel // 2] * 4)

    def block(self, x, channels, results, stride):
        y = self.node("Relu", [self.convolution(x, channels, results, 3, stride)])
        y = self.convolution(y, results, results, 3)
        if (channels, stride) != (results, 1):
            x = self.convolution(x, channels, results, 1, stride)
        return self.node("Relu", [self.node("Add", [y, x])])


def ssd_resnet34():
    """The model, as a string of JSON: `input` is batch × 3 × 1200 × 1200, the results are offsets and scores of boxes."""
    graph = _Graph()
    x = graph.node("Relu", [graph.convolution("input", 3, 64, 7, 2)])
    x = graph.node("MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    channels = 64
    for results, count, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 1)):
        for number in range(count):
            x = graph.block(x, channels, results, stride if number == 0 else 1)
            channels = results
    parts = {4: [], CLASSES: []}
    for level, (width, boxes, step) in enumerate(zip(CHANNELS, BOXES, STEPS)):
        if level > 0:
            between = BETWEEN[level - 1]
            x = graph.node("Relu", [graph.convolution(x, CHANNELS[level - 1], between, 1)])
            x = graph.node("Relu", [graph.convolution(x, between, width, 3, STRIDES[level - 1])])
        for kind, found in parts.items():
            found.append(graph.node("Flatten", [graph.convolution(x, width, boxes * kind, 3, step)], axis=1))
    results = [graph.node("Concat", found, axis=1) for found in parts.values()]
    image = dict(dim=[dict(dimParam="batch"), *(dict(dimValue=n) for n in (3, SIZE, SIZE))])
    return json.dumps(dict(irVersion=8, opsetImport=[dict(version=17)], graph=dict(
        name="ssd_resnet34", node=graph.nodes, initializer=graph.weights,
        input=[dict(name="input", type=dict(tensorType=dict(elemType=1, shape=image)))],
        output=[dict(name=name) for name in results])))
