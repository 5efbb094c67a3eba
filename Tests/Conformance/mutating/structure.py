"""Changes to which nodes there are, and what they read and make.

Each takes a model and a random source and changes the model in place; it returns False where there is nothing to
change.
"""

import onnx
from onnx import helper

from .walking import graphs, some_graph, some_node, some_value

# Operators that take operands alike, so that one in the place of another is still looked at closely.
LIKE = [
    ["Conv", "ConvTranspose", "ConvInteger", "DeformConv", "Gemm", "MatMul", "QLinearConv"],
    ["Add", "Mul", "Sub", "Div", "Pow", "Max", "Min", "MatMul", "Where", "Equal", "PRelu", "Sum", "Mod"],
    ["Relu", "Sigmoid", "Tanh", "Gelu", "Softmax", "Erf", "Identity", "Dropout", "Neg", "Sqrt", "Cast", "HardSwish"],
    ["Reshape", "Expand", "Tile", "Squeeze", "Unsqueeze", "Flatten", "Transpose", "Slice", "Gather", "Pad", "Resize"],
    ["Concat", "Split", "Sum", "Einsum", "Stack", "SequenceConstruct", "ConcatFromSequence", "SplitToSequence"],
    ["ReduceMean", "ReduceSum", "ReduceMax", "ArgMax", "TopK", "CumSum", "LogSoftmax", "Hardmax"],
    ["MaxPool", "AveragePool", "GlobalAveragePool", "LpPool", "MaxRoiPool", "RoiAlign", "Upsample"],
    ["BatchNormalization", "LayerNormalization", "InstanceNormalization", "GroupNormalization", "LpNormalization"],
    ["LSTM", "GRU", "RNN", "Attention", "MultiHeadAttention", "GroupQueryAttention"],
    ["Shape", "Size", "ConstantOfShape", "Constant", "Range", "NonZero", "OneHot", "EyeLike", "RandomNormalLike"],
    ["If", "Loop", "Scan", "SequenceMap", "OptionalGetElement", "OptionalHasElement", "SequenceAt"],
    ["QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "QLinearMatMul"],
]


def change_inputs(model, rng):
    """Inputs exchanged, dropped, left empty, doubled, or taken from elsewhere, which may close a cycle."""
    graph, node = some_node(model, rng)
    if node is None or not node.input:
        return False
    place = rng.randrange(len(node.input))
    kind = rng.random()
    if kind < 0.2:
        other = rng.randrange(len(node.input))
        node.input[place], node.input[other] = node.input[other], node.input[place]
    elif kind < 0.35:
        del node.input[place:]
    elif kind < 0.45:
        node.input[place] = ""
    elif kind < 0.55:
        node.input.append(node.input[place])
    elif kind < 0.6:
        node.input[place] = "nothing of this name"
    else:
        node.input[place] = some_value(graph, rng)


def change_outputs(model, rng):
    graph, node = some_node(model, rng)
    if node is None:
        return False
    kind = rng.random()
    if kind < 0.3 or not node.output:
        node.output.append(rng.choice(["", "another", some_value(graph, rng)]))
    elif kind < 0.6:
        node.output[rng.randrange(len(node.output))] = rng.choice(["", some_value(graph, rng)])
    else:
        del node.output[rng.randrange(len(node.output)):]


def change_operator(model, rng):
    _, node = some_node(model, rng)
    if node is None:
        return False
    like = [g for g in LIKE if node.op_type in g] if rng.random() < 0.7 else LIKE
    node.op_type = rng.choice(rng.choice(like or LIKE))


def change_domain(model, rng):
    _, node = some_node(model, rng)
    if node is None:
        return False
    node.domain = rng.choice(["", "ai.onnx", "com.microsoft", "ai.onnx.ml", "nothing.known", "ai.onnx.preview.training"])


def drop_node(model, rng):
    graph, node = some_node(model, rng)
    if node is None:
        return False
    graph.node.remove(node)


def double_node(model, rng):
    """A node twice: of the same outputs, or of others, read or not."""
    graph, node = some_node(model, rng)
    if node is None or len(graph.node) > 5000:
        return False
    other = graph.node.add()
    other.CopyFrom(node)
    if rng.random() < 0.8:
        for i, name in enumerate(other.output):
            other.output[i] = name + "_twice" if name else ""
        if other.output and rng.random() < 0.5 and not isinstance(graph, onnx.FunctionProto):
            graph.output.add().name = other.output[0]


def move_node(model, rng):
    graph = some_graph(model, rng)
    if len(graph.node) < 2:
        return False
    nodes = list(graph.node)
    nodes.insert(rng.randrange(len(nodes)), nodes.pop(rng.randrange(len(nodes))))
    copies = [onnx.NodeProto.FromString(n.SerializeToString()) for n in nodes]
    del graph.node[:]
    graph.node.extend(copies)


def splice(model, rng):
    """A node of another place in the place of one, with this one's names."""
    graph, node = some_node(model, rng)
    _, other = some_node(model, rng)
    if node is None:
        return False
    outputs, inputs = list(node.output), list(node.input)
    node.ParseFromString(other.SerializeToString())
    del node.output[:]
    node.output.extend(outputs)
    if rng.random() < 0.6:
        del node.input[:]
        node.input.extend(inputs)


def same_names(model, rng):
    graph = some_graph(model, rng)
    old, new = some_value(graph, rng), some_value(graph, rng)
    for node in graph.node:
        for names in (node.input, node.output):
            for i, name in enumerate(names):
                if name == old:
                    names[i] = new


def change_ends(model, rng):
    """Inputs and outputs of a graph dropped, doubled or renamed; a body's count then differs from what its node says."""
    graph = rng.choice(graphs(model))
    if isinstance(graph, onnx.FunctionProto):
        ends = rng.choice([graph.input, graph.output])
        if ends and rng.random() < 0.5:
            del ends[rng.randrange(len(ends))]
        else:
            ends.append(some_value(graph, rng))
        return None
    ends = rng.choice([graph.input, graph.output, graph.initializer])
    if not ends:
        return False
    kind = rng.random()
    if kind < 0.4:
        del ends[rng.randrange(len(ends))]
    elif kind < 0.7:
        ends.add().CopyFrom(rng.choice(ends[:-1] or ends))
    else:
        rng.choice(ends).name = some_value(graph, rng)


def nest(model, rng):
    """A graph within itself, once more."""
    outer = [a for g in graphs(model) for n in g.node for a in n.attribute if a.HasField("g")]
    if not outer or len(graphs(model)) > 40:
        return False
    inner = rng.choice(graphs(model)[:1] + [a.g for a in outer]).SerializeToString()
    rng.choice(outer).g.ParseFromString(inner)


def call(model, rng):
    """A node that calls a function, be it of the function itself."""
    _, node = some_node(model, rng)
    if node is None:
        return False
    if not model.functions:
        function = model.functions.add()
        function.name, function.domain = "F", "local"
        function.input.append("x")
        function.output.append("y")
        function.node.append(helper.make_node(rng.choice(["Relu", "F"]), ["x"], ["y"], domain=rng.choice(["", "local"])))
        function.opset_import.add().version = 17
        model.opset_import.add().domain = "local"
    function = rng.choice(model.functions)
    node.op_type, node.domain = function.name, function.domain
