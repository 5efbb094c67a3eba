"""Networks that others measured and whose graphs follow from their papers: ONNX in JSON, without weights.

Each function returns a model as a string. Its input is `input`, batch × 3 × rows × columns.
"""

import json


def resnext101(squeezed):
    """ResNeXt-101 32x4d for images of 224×224 (arXiv 1611.05431); `squeezed` adds squeeze and excitation by 16 (arXiv 1709.01507)."""
    return residual([3, 4, 23, 3], groups=32, width=128, squeezed=squeezed)


def residual(depths, groups=1, width=64, squeezed=False):
    """A network of bottlenecks with so many in each stage, of `width` channels in the first; the stride is in the 3×3 convolution."""
    graph = _Graph()
    x = graph.node("Relu", [graph.normalised("input", 3, 64, 7, 2)])
    x = graph.pooled(x)
    channels = 64
    for stage, depth in enumerate(depths):
        inner, results = width << stage, 256 << stage
        for number in range(depth):
            stride = 2 if stage > 0 and number == 0 else 1
            y = graph.node("Relu", [graph.normalised(x, channels, inner, 1)])
            y = graph.node("Relu", [graph.normalised(y, inner, inner, 3, stride, groups)])
            y = graph.normalised(y, inner, results, 1)
            if squeezed:
                gate = graph.convolution(graph.node("GlobalAveragePool", [y]), results, results // 16, 1, bias=True)
                gate = graph.convolution(graph.node("Relu", [gate]), results // 16, results, 1, bias=True)
                y = graph.node("Mul", [y, graph.node("Sigmoid", [gate])])
            if number == 0:
                x = graph.normalised(x, channels, results, 1, stride)
            x = graph.node("Relu", [graph.node("Add", [y, x])])
            channels = results
    x = graph.node("Flatten", [graph.node("GlobalAveragePool", [x])], axis=1)
    x = graph.node("Gemm", [x, graph.weight(1000, channels), graph.weight(1000)], transB=1)
    return graph.model(224, [x])


def ssd_resnet34():
    """SSD-ResNet-34 for images of 1200×1200, as the MLPerf inference benchmark has it, with its batch normalisations folded.

    The backbone is ResNet-34 up to its third stage, which here keeps its resolution; six levels of boxes follow. The benchmark
    gives 433 G floating-point operations for an image; this graph has 2 × 217.0 G in multiply-accumulates.
    """
    # Of each level: channels, those of the 1×1 convolution before it, its stride, boxes at a place, and the stride between places.
    levels = [(256, None, None, 4, 3), (512, 256, 2, 6, 3), (512, 256, 2, 6, 2), (256, 128, 2, 6, 2), (256, 128, 2, 4, 2), (256, 128, 1, 4, 2)]
    classes = 81
    graph = _Graph()
    x = graph.pooled(graph.node("Relu", [graph.convolution("input", 3, 64, 7, 2, bias=True)]))
    channels = 64
    for results, depth, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 1)):
        for number in range(depth):
            step = stride if number == 0 else 1
            y = graph.node("Relu", [graph.convolution(x, channels, results, 3, step, bias=True)])
            y = graph.convolution(y, results, results, 3, bias=True)
            if (channels, step) != (results, 1):
                x = graph.convolution(x, channels, results, 1, step, bias=True)
            x = graph.node("Relu", [graph.node("Add", [y, x])])
            channels = results
    offsets, scores = [], []
    for results, between, stride, boxes, step in levels:
        if between:
            x = graph.node("Relu", [graph.convolution(x, channels, between, 1, bias=True)])
            x = graph.node("Relu", [graph.convolution(x, between, results, 3, stride, bias=True)])
            channels = results
        for found, size in ((offsets, 4), (scores, classes)):
            found.append(graph.node("Flatten", [graph.convolution(x, channels, boxes * size, 3, step, bias=True)], axis=1))
    return graph.model(1200, [graph.node("Concat", found, axis=1) for found in (offsets, scores)])


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
        """A parameter whose values lie in a file that nobody reads."""
        name = f"weight_{len(self.weights)}"
        location = [dict(key="location", value="weights.bin")]
        self.weights.append(dict(name=name, dims=dims, dataType=1, dataLocation="EXTERNAL", externalData=location))
        return name

    def convolution(self, x, channels, results, kernel, stride=1, groups=1, bias=False):
        weights = [self.weight(results, channels // groups, kernel, kernel)] + ([self.weight(results)] if bias else [])
        return self.node("Conv", [x, *weights], kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[kernel // 2] * 4, group=groups)

    def normalised(self, x, channels, results, kernel, stride=1, groups=1):
        y = self.convolution(x, channels, results, kernel, stride, groups)
        return self.node("BatchNormalization", [y, *(self.weight(results) for _ in range(4))])

    def pooled(self, x):
        return self.node("MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)

    def model(self, size, outputs):
        image = dict(dim=[dict(dimParam="batch"), *(dict(dimValue=n) for n in (3, size, size))])
        return json.dumps(dict(irVersion=8, opsetImport=[dict(version=17)], graph=dict(
            name="network", node=self.nodes, initializer=self.weights,
            input=[dict(name="input", type=dict(tensorType=dict(elemType=1, shape=image)))],
            output=[dict(name=name) for name in outputs])))
