"""Applies `nncost lint --fix` to small networks and holds the result against ONNX Runtime.

usage: fix.py NNCOST FOLDER

Writes each network to FOLDER with random weights, fixes it, and fails unless the checker passes, ONNX Runtime gives
the same outputs before and after (relative difference of at most 1e-5; for what was exported in training mode, before
means in evaluation mode), and the estimate of the fixed file is
what the findings said within one per cent of the energy saved.
"""

import json
import pathlib
import subprocess
import sys

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

FLOAT = TensorProto.FLOAT
rng = numpy.random.default_rng(7)


class Network:
    """Nodes, weights, inputs and outputs of a model, gathered one by one."""

    def __init__(self, opset=17, ir=8):
        self.nodes, self.weights, self.inputs, self.outputs = [], [], [], []
        self.opset, self.ir, self.functions = opset, ir, []

    def input(self, name, *shape, type=FLOAT):
        self.inputs.append(helper.make_tensor_value_info(name, type, shape))
        return name

    def output(self, name, *shape, type=FLOAT):
        self.outputs.append(helper.make_tensor_value_info(name, type, shape or None))

    def weight(self, name, *shape, positive=False):
        values = rng.standard_normal(shape).astype(numpy.float32) / 4
        return self.constant(name, numpy.abs(values) + 0.5 if positive else values)

    def constant(self, name, array):
        self.weights.append(numpy_helper.from_array(numpy.asarray(array), name))
        return name

    def add(self, op, inputs, output=None, **attributes):
        output = output or f"v{len(self.nodes)}"
        outputs = output if isinstance(output, list) else [output]
        self.nodes.append(
            helper.make_node(op, inputs, outputs, name=f"/net/{op}_{len(self.nodes)}", **attributes))
        return output

    def norm(self, x, channels, output=None):
        n = len(self.nodes)
        return self.add("BatchNormalization", [
            x, self.weight(f"s{n}", channels, positive=True), self.weight(f"b{n}", channels),
            self.weight(f"m{n}", channels), self.weight(f"v{n}_", channels, positive=True)],
            output, epsilon=1e-3)

    def conv(self, x, a, b, k=3, output=None, bias=False, **attributes):
        n = len(self.nodes)
        operands = [x, self.weight(f"w{n}", b, a // attributes.get("group", 1), k, k)]
        if bias:
            operands.append(self.weight(f"c{n}", b))
        attributes.setdefault("pads", [k // 2] * 4)
        return self.add("Conv", operands, output, **attributes)

    def model(self):
        inputs = list(self.inputs)
        if self.ir < 4:
            inputs += [helper.make_tensor_value_info(w.name, w.data_type, w.dims) for w in self.weights]
        graph = helper.make_graph(self.nodes, "net", inputs, self.outputs, self.weights)
        opsets = [helper.make_opsetid("", self.opset)]
        if self.functions:
            opsets.append(helper.make_opsetid("local", 1))
        model = helper.make_model(graph, opset_imports=opsets, functions=self.functions)
        model.ir_version = self.ir
        try:
            return onnx.shape_inference.infer_shapes(model)
        except Exception:
            return model


def conv_norms():
    """Convolutions with and without bias, grouped and depthwise, each with a normalisation behind it."""
    net = Network()
    x = net.input("x", 1, 8, 16, 16)
    x = net.add("Relu", [net.norm(net.conv(x, 8, 16), 16)])
    x = net.add("Relu", [net.norm(net.conv(x, 16, 16, bias=True, group=4), 16)])
    x = net.add("Relu", [net.norm(net.conv(x, 16, 16, group=16), 16)])
    net.norm(net.conv(x, 16, 4, k=1), 4, "y")
    net.output("y", 1, 4, 16, 16)
    return net


def transposed_norms():
    """Transposed convolutions, a Gemm each way round, and a MatMul, with normalisations."""
    net = Network()
    x = net.input("x", 2, 8, 8, 8)
    w = net.weight("wt", 8, 6, 2, 2)
    x = net.add("ConvTranspose", [x, w], strides=[2, 2], group=2)
    x = net.add("Relu", [net.norm(x, 12)])
    x = net.add("GlobalAveragePool", [x])
    x = net.add("Flatten", [x])
    x = net.norm(net.add("Gemm", [x, net.weight("g", 32, 12), net.weight("gb", 32)], transB=1), 32)
    x = net.norm(net.add("Gemm", [x, net.weight("h", 32, 16)]), 16)
    net.norm(net.add("MatMul", [x, net.weight("k", 16, 8)]), 8, "y")
    net.output("y", 2, 8)
    return net


def transposes():
    """Transposes that undo each other, with activations between, at an output too."""
    net = Network()
    x = net.conv(net.input("x", 1, 8, 32, 32), 8, 8)
    t = net.add("Transpose", [x], perm=[0, 2, 3, 1])
    x = net.add("Transpose", [net.add("Sigmoid", [net.add("Tanh", [t])])], perm=[0, 3, 1, 2])
    x = net.conv(x, 8, 8)
    t = net.add("Transpose", [x], perm=[0, 3, 2, 1])
    net.add("Transpose", [net.add("Relu", [t])], "y", perm=[0, 3, 2, 1])
    net.output("y", 1, 8, 32, 32)
    return net


def noops():
    """Nodes that change nothing: at inputs, between nodes and at outputs."""
    net = Network()
    x = net.input("x", 1, 8, 32, 32)
    x = net.add("Mul", [x, net.constant("one", numpy.float32(1))])
    x = net.add("Pad", [net.conv(x, 8, 8), net.constant("none", numpy.zeros(8, numpy.int64))])
    x = net.add("Transpose", [x], perm=[0, 1, 2, 3])
    x = net.add("AveragePool", [net.add("Relu", [x])], kernel_shape=[1, 1])
    r = net.add("Relu", [x], "r")
    net.add("Add", [r, net.constant("zero", numpy.float32([0]))], "y")
    net.add("Div", ["x", "one"], "z")
    net.output("y", 1, 8, 32, 32)
    net.output("z", 1, 8, 32, 32)
    net.output("r", 1, 8, 32, 32)
    return net


def dead():
    """Branches that no output depends on, with weights of their own."""
    net = Network()
    x = net.input("x", 1, 8, 32, 32)
    a = net.conv(x, 8, 64)
    net.add("Softmax", [net.conv(a, 64, 64)], "unread")
    net.add("Relu", [net.conv(x, 8, 8)], "y")
    net.output("y", 1, 8, 32, 32)
    return net


def captured():
    """A branch that reads what is bypassed outside of it, and holds a fixable pair that stays."""
    net = Network()
    x = net.input("x", 1, 4, 16, 16)
    net.input("flag", type=TensorProto.BOOL)
    m = net.add("Mul", [x, net.constant("one", numpy.float32(1))], "m")
    value = helper.make_tensor_value_info("t", FLOAT, [1, 4, 16, 16])
    then = helper.make_graph([helper.make_node("Relu", ["m"], ["t"])], "then", [], [value])
    value = helper.make_tensor_value_info("e", FLOAT, [1, 4, 16, 16])
    other = helper.make_graph([
        helper.make_node("Transpose", ["m"], ["e0"], perm=[0, 2, 3, 1]),
        helper.make_node("Transpose", ["e0"], ["e"], perm=[0, 3, 1, 2])], "else", [], [value])
    x = net.add("If", ["flag"], then_branch=then, else_branch=other)
    net.add("Add", [x, m], "y")
    net.output("y", 1, 4, 16, 16)
    return net


def in_function():
    """A pair of layers in a local function, which is left alone, and one outside."""
    net = Network()
    body = [helper.make_node("Mul", ["a", "one"], ["b"]), helper.make_node("Relu", ["b"], ["c"])]
    net.functions = [helper.make_function(
        "local", "Scaled", ["a", "one"], ["c"], body, [helper.make_opsetid("", 17)])]
    x = net.input("x", 1, 8, 32, 32)
    one = net.constant("one", numpy.float32(1))
    x = net.add("Mul", [net.norm(net.conv(x, 8, 8), 8), one])
    net.add("Scaled", [x, one], "y", domain="local")
    net.output("y", 1, 8, 32, 32)
    return net


def old_format():
    """Version 3 of the format, whose weights are inputs as well."""
    net = Network(opset=9, ir=3)
    x = net.input("x", 1, 8, 16, 16)
    net.add("Relu", [net.norm(net.conv(x, 8, 8), 8)], "y")
    net.output("y", 1, 8, 16, 16)
    return net


def half_precision():
    """Weights in float16, stored in typed fields rather than raw bytes."""
    net = Network()
    x = net.input("x", 1, 8, 16, 16, type=TensorProto.FLOAT16)
    net.norm(net.conv(x, 8, 8), 8, "y")
    net.output("y", 1, 8, 16, 16, type=TensorProto.FLOAT16)
    for index, weight in enumerate(net.weights):
        array = numpy_helper.to_array(weight).astype(numpy.float16)
        net.weights[index] = helper.make_tensor(
            weight.name, TensorProto.FLOAT16, array.shape, array.flatten())
    return net


def aliased_weights():
    """Weights under second names, from Constant nodes and shared between layers."""
    net = Network()
    x = net.input("x", 1, 8, 16, 16)
    w = net.weight("w", 8, 8, 3, 3)
    alias = net.add("Identity", [w])
    bias = net.add("Constant", [], value=numpy_helper.from_array(
        rng.standard_normal(8).astype(numpy.float32), "held"))
    a = net.norm(net.add("Conv", [x, w], pads=[1, 1, 1, 1]), 8)
    b = net.norm(net.add("Conv", [x, alias, bias], pads=[1, 1, 1, 1]), 8)
    net.add("Add", [a, b], "y")
    net.output("y", 1, 8, 16, 16)
    return net


def training_mode():
    """A network exported as it is trained; what was meant is the one in evaluation mode."""
    net = Network()
    x = net.conv(net.input("x", 2, 16, 32, 32), 16, 32)
    n = net.norm(x, 32, output=["n", "mean", "variance"])
    net.nodes[-1].attribute.append(helper.make_attribute("training_mode", 1))
    net.constant("ratio", numpy.float32(0.3))
    net.constant("train", numpy.array(True))
    d = net.add("Dropout", [net.add("Relu", [n[0]]), "ratio", "train"])
    net.add("Sigmoid", [net.conv(d, 32, 16)], "y")
    net.output("y", 2, 16, 32, 32)
    return net


def evaluated(model):
    """The same in evaluation mode."""
    meant = onnx.ModelProto()
    meant.CopyFrom(model)
    for node in meant.graph.node:
        if node.op_type == "BatchNormalization":
            kept = [a for a in node.attribute if a.name != "training_mode"]
            del node.attribute[:]
            node.attribute.extend(kept)
            del node.output[1:]
        if node.op_type == "Dropout":
            del node.input[2:]
    return meant


NETWORKS = [conv_norms, transposed_norms, transposes, noops, dead, captured, in_function, old_format,
            half_precision, aliased_weights, training_mode]


def lint(nncost, path, *options):
    command = [nncost, "lint", str(path), "--format", "json", "--runtime", "eager", "--min-saving", "0%",
               "--min-saving", "0 J", "--fail-on", "never", *options]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr or run.stdout
    return json.loads(run.stdout)["models"][0]


def outputs(path, feed):
    options = onnxruntime.SessionOptions()
    # Else the runtime would mend what is to be compared.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options).run(None, feed)


def feed(model):
    known = {w.name for w in model.graph.initializer}
    values = {}
    for entry in model.graph.input:
        if entry.name in known:
            continue
        type = entry.type.tensor_type
        shape = [d.dim_value for d in type.shape.dim]
        kind = helper.tensor_dtype_to_np_dtype(type.elem_type)
        values[entry.name] = (
            numpy.array(False) if kind == bool else rng.standard_normal(shape).astype(kind))
    return values


def difference(before, after):
    scale = max(float(numpy.max(numpy.abs(before.astype(numpy.float64)))), 1e-30)
    return float(numpy.max(numpy.abs(before.astype(numpy.float64) - after.astype(numpy.float64)))) / scale


def check(nncost, folder, make):
    path, fixed = folder / f"{make.__name__}.onnx", folder / f"{make.__name__}.fixed.onnx"
    model = make().model()
    onnx.save(model, path)
    report = lint(nncost, path, "--fix", "-o", str(fixed))
    places = len(report["fix"]["applied"])
    assert places > 0, "nothing was fixed"
    after = onnx.load(fixed)
    onnx.checker.check_model(after, full_check=True)
    values = feed(model)
    meant = folder / f"{make.__name__}.meant.onnx"
    onnx.save(evaluated(model), meant)
    apart = max(difference(a, b) for a, b in zip(outputs(meant, values), outputs(fixed, values)))
    # Weights of half precision are rounded once more when they are folded.
    limit = 2e-3 if make is half_precision else 1e-5
    assert apart <= limit, f"outputs differ by {apart:.1e}"
    said = report["joint_savings"]["exact_joules"]["value"]
    if make is training_mode:  # what changes the function is no exact fix
        said = next(f for f in report["findings"] if f["code"] == "NNC234")["saving_joules"]["value"]
    saved = report["cost"]["joules"]["value"] - lint(nncost, fixed)["cost"]["joules"]["value"]
    if not report["fix"]["left"]:
        assert abs(saved - said) <= 0.01 * said, f"said to save {said:.4g} J, saves {saved:.4g} J"
    left = f", {len(report['fix']['left'])} left" if report["fix"]["left"] else ""
    print(f"{make.__name__:18} {places} places{left}, outputs differ by {apart:.1e}, "
          f"saves {saved:.3g} of {said:.3g} J")


def main():
    nncost, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    failures = 0
    for make in NETWORKS:
        try:
            check(nncost, folder, make)
        except Exception as error:
            failures += 1
            print(f"{make.__name__:18} FAILED: {error}")
    print(f"{len(NETWORKS) - failures} of {len(NETWORKS)} networks keep their outputs")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
