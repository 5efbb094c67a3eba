"""The kernels that a compiled engine makes of a convolutional network, from its ONNX file.

A smaller twin of `Sources/Cost/Fusion` for the operators that such networks have.
"""

import math

import onnx
from onnx import shape_inference

POINTWISE = {"Relu", "Clip", "Sigmoid", "Mul", "Add", "HardSwish", "HardSigmoid", "Div", "Sub"}
VIEWS = {"Identity", "Flatten", "Reshape"}
REACH = 16


def kernels(path, batch, size):
    """One dictionary for each kernel: `kind`, the product's extents, and elements moved."""
    model = onnx.load(path, load_external_data=False)
    dims = model.graph.input[0].type.tensor_type.shape.dim
    for dim, extent in zip(dims, (batch, 3, size, size)):
        dim.ClearField("dim_param")
        dim.dim_value = extent
    del model.graph.value_info[:]
    for output in model.graph.output:
        output.type.tensor_type.ClearField("shape")
    graph = shape_inference.infer_shapes(model, data_prop=True).graph
    shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim]
              for v in [*graph.value_info, *graph.input, *graph.output]}
    constants = {i.name: list(i.dims) for i in graph.initializer}
    constants |= {n.output[0]: [] for n in graph.node if n.op_type == "Constant"}
    owner = {}
    nodes = []
    for node in graph.node:
        if node.op_type in VIEWS and node.input[0] in constants:
            constants[node.output[0]] = constants[node.input[0]]
        elif node.op_type in VIEWS:
            owner[node.output[0]] = owner.get(node.input[0], node.input[0])
        elif node.op_type != "Constant":
            nodes.append(node)
    return _Fuser(nodes, shapes, constants, owner, graph.output).kernels()


class _Fuser:
    def __init__(self, nodes, shapes, constants, owner, outputs):
        self.nodes, self.shapes, self.constants, self.owner = nodes, shapes, constants, owner
        self.returned = {owner.get(o.name, o.name) for o in outputs}
        self.readers, self.makers = {}, {}
        for i, node in enumerate(nodes):
            for value in node.input:
                if value and value not in constants:
                    self.readers.setdefault(owner.get(value, value), []).append(i)
            self.makers[node.output[0]] = i

    def count(self, value):
        return math.prod(self.shapes.get(value) or [])

    def kernels(self):
        taken, result = set(), []
        for head in range(len(self.nodes)):
            if head in taken:
                continue
            members = self.group(head, taken)
            taken.update(members)
            result.append(self.kernel(members))
        return result

    def needed(self, i, members):
        value = self.nodes[i].output[0]
        return value in self.returned or any(r not in members for r in self.readers.get(value, []))

    def joins(self, i, trial, over):
        node = self.nodes[i]
        if node.op_type not in POINTWISE or self.count(node.output[0]) != self.count(over):
            return False
        operands = [self.owner.get(v, v) for v in node.input if v and v not in self.constants]
        makers = [self.makers[v] for v in operands if v in self.makers]
        return all(m < trial[0] or m in trial for m in makers)

    def group(self, head, taken):
        members, trial = [head], [head]
        if self.nodes[head].op_type not in POINTWISE | {"Conv", "Gemm"}:
            return members
        while len(trial) < REACH:
            followers = [r for t in trial for r in self.readers.get(self.nodes[t].output[0], [])
                         if r not in trial and r not in taken
                         and self.joins(r, trial, self.nodes[t].output[0])]
            if not followers:
                break
            trial.append(min(followers))
            if sum(self.needed(t, trial) for t in trial) == 1:
                members = list(trial)
        return members

    def kernel(self, members):
        inner = {self.nodes[m].output[0] for m in members}
        read, weights, seen = 0, 0, set()
        for value in (v for m in members for v in self.nodes[m].input if v):
            value_owner = self.owner.get(value, value)
            if value in self.constants:
                weights += math.prod(self.constants[value])
            elif value_owner not in inner and value_owner not in seen:
                seen.add(value_owner)
                read += self.count(value_owner)
        written = sum(self.count(self.nodes[m].output[0]) for m in members if self.needed(m, members))
        head = self.nodes[members[0]]
        kernel = dict(kind="moving", activations=read + written, weights=weights, batch=0, rows=0,
                      columns=0, depth=0, groups=1, winograd=False)
        output = self.shapes.get(head.output[0])
        if head.op_type == "Conv":
            attributes = {a.name: a for a in head.attribute}
            groups = attributes["group"].i if "group" in attributes else 1
            strides = list(attributes["strides"].ints) if "strides" in attributes else [1, 1]
            shape = self.constants[head.input[1]]
            kind = "convolution" if groups == 1 else "depthwise" if shape[1] == 1 else "grouped"
            kernel.update(
                kind=kind, batch=groups, rows=output[0] * math.prod(output[2:]),
                columns=shape[0] // groups, depth=math.prod(shape[1:]), groups=groups,
                winograd=groups == 1 and shape[2:] == [3, 3] and strides == [1, 1])
        elif head.op_type == "Gemm":
            depth = math.prod(self.constants[head.input[1]]) // output[1]
            kernel.update(kind="gemm", batch=1, rows=output[0], columns=output[1], depth=depth)
        return kernel
