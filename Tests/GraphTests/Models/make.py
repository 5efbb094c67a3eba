"""Writes the small models beside this script, and those in ../Broken that no program should swallow.

usage: make.py          needs the onnx package (1.23.2 made the files that are there)

Every model stands here as protobuf, as JSON and, where the syntax has room for it, as text. The import of operators
is written last, so that no part of a file from its start is a model.
"""

import pathlib
import struct

import numpy as np
import onnx
from google.protobuf import json_format
from onnx import AttributeProto, TensorProto, helper, numpy_helper, printer

HERE = pathlib.Path(__file__).parent
BROKEN = HERE.parent / "Broken"
FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


def tensor(name, *dims, type=FLOAT):
    return helper.make_tensor_value_info(name, type, dims)


def convolution():
    """An image network with raw and typed weights, names that need quotes, and metadata."""
    kernel = numpy_helper.from_array(np.arange(54, dtype=np.float32).reshape(2, 3, 3, 3), "kernel")
    bias = helper.make_tensor("bias", FLOAT, [2], [0.5, -1.5])
    target = numpy_helper.from_array(np.array([0, -1], dtype=np.int64), "target")
    weight = helper.make_tensor("layer/weight 1", FLOAT, [32, 10], np.zeros(1280, np.uint8).tobytes(), raw=True)
    nodes = [
        helper.make_node("Conv", ["image", "kernel", "bias"], ["c"], name="stem", pads=[1, 1, 1, 1], strides=[2, 2]),
        helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("Reshape", ["r", "target"], ["flat"], allowzero=0),
        helper.make_node("Clip", ["flat", "", "limit"], ["clipped"]),
        helper.make_node("MatMul", ["clipped", "layer/weight 1"], ["scores"], doc_string='says "hello"\nand \\ more ü 😀'),
    ]
    limit = helper.make_tensor("limit", FLOAT, [], [6.0])
    graph = helper.make_graph(
        nodes, "image network", [tensor("image", "batch", 3, 8, 8)], [tensor("scores", "batch", 10)],
        [kernel, bias, target, weight, limit], value_info=[tensor("c", "batch", 2, 4, 4)],
    )
    return graph, []


def control():
    """Branches within a loop that read values two graphs further out, and a function with a default."""
    inner = helper.make_graph(
        [helper.make_node("Mul", ["x", "seen"], ["m"])], "inner", [], [onnx.ValueInfoProto(name="m")])
    other = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["o"])], "other", [], [onnx.ValueInfoProto(name="o")])
    body = helper.make_graph(
        [
            helper.make_node("Add", ["carried", "x"], ["seen"]),
            helper.make_node("If", ["flag"], ["next"], then_branch=inner, else_branch=other),
            helper.make_node("Identity", ["keep"], ["go"]),
        ],
        "body",
        [tensor("i", type=INT64), tensor("keep", type=TensorProto.BOOL), tensor("carried", 2, 3)],
        [tensor("go", type=TensorProto.BOOL), tensor("next", 2, 3)],
    )
    nodes = [
        helper.make_node("Loop", ["trips", "", "x"], ["looped"], body=body),
        helper.make_node("Scaled", ["looped"], ["scaled"], domain="local", alpha=0.5),
        helper.make_node("Add", ["scaled", "sparse"], ["y"]),
    ]
    sparse = helper.make_sparse_tensor(
        helper.make_tensor("sparse", FLOAT, [2], [1.0, 2.0]), helper.make_tensor("indices", INT64, [2], [0, 4]), [2, 3])
    graph = helper.make_graph(
        nodes, "control", [tensor("x", 2, 3), tensor("flag", type=TensorProto.BOOL)], [tensor("y", 2, 3)],
        [helper.make_tensor("trips", INT64, [], [4])])
    graph.sparse_initializer.append(sparse)
    leaky = helper.make_node("LeakyRelu", ["a"], ["t"])
    leaky.attribute.append(reference("alpha", AttributeProto.FLOAT, "alpha"))
    function = helper.make_function(
        "local", "Scaled", ["a"], ["b"],
        [leaky, helper.make_node("Elu", ["t"], ["b"])],
        [helper.make_opsetid("", 21)], ["alpha"], [helper.make_attribute("beta", 1.5)])
    return graph, [function]


def reference(name, kind, outer):
    return AttributeProto(name=name, type=kind, ref_attr_name=outer)


def attributes():
    """One node with an attribute of every kind, its numbers the extremes of their types."""
    small = helper.make_graph([helper.make_node("Identity", ["x"], ["z"])], "small", [], [tensor("z", 2)])
    values = helper.make_tensor("v", FLOAT, [1], [1.0])
    sparse = helper.make_sparse_tensor(values, helper.make_tensor("p", INT64, [1], [3]), [5])
    kind = helper.make_tensor_type_proto(FLOAT, [1, "n", None])
    node = helper.make_node(
        "Everything", ["x"], ["y"], name="all", domain="local",
        f=float("nan"), i=-(2**63), s="ünïcode 😀", b=b"\xff\x00\xfe", t=values, g=small, tp=kind,
        floats=[float("inf"), float("-inf"), 0.1], ints=[2**63 - 1, -1], strings=["a", b"\x80"],
        tensors=[values, values], graphs=[small, small],
        type_protos=[kind, helper.make_sequence_type_proto(kind), helper.make_optional_type_proto(kind),
                     helper.make_map_type_proto(INT64, kind)],
        sparse=sparse, sparses=[sparse, sparse])
    for name, kind in [("none", AttributeProto.INTS), ("zero", AttributeProto.INT), ("empty", AttributeProto.STRING)]:
        node.attribute.append(AttributeProto(name=name, type=kind))
    node.metadata_props.append(onnx.StringStringEntryProto(key="pkg.torch.onnx.name_scopes", value="['', 'layer']"))
    return helper.make_graph([node], "attributes", [tensor("x", 2)], [tensor("y", 2)]), []


def elements():
    """An initializer of every element type, as raw bytes and in the list of its type."""
    values = {
        "FLOAT": [0.5, -2], "DOUBLE": [0.5, -2], "FLOAT16": [0.5, -2], "BFLOAT16": [0.5, -2],
        "INT8": [-128, 127], "INT16": [-(2**15), 2**15 - 1], "INT32": [-(2**31), 2**31 - 1],
        "INT64": [-(2**63), 2**63 - 1], "UINT8": [0, 255], "UINT16": [0, 2**16 - 1], "UINT32": [0, 2**32 - 1],
        "UINT64": [0, 2**64 - 1], "BOOL": [0, 1], "INT4": [-8, 7, 3], "UINT4": [0, 15, 3], "INT2": [-2, 1, 0, 1, -1],
        "UINT2": [0, 3, 1, 2, 3], "COMPLEX64": [1 + 2j, 3], "COMPLEX128": [1 + 2j, 3], "STRING": ["a", "b"],
    }
    weights = []
    for name, number in TensorProto.DataType.items():
        if name == "UNDEFINED":
            continue
        listed = values.get(name, [0, 1])
        if name in ("FLOAT6E2M3", "FLOAT6E3M2"):
            weights.append(TensorProto(name=f"{name} raw", data_type=number, dims=[4], raw_data=b"\1\2\3"))
            continue
        weights.append(helper.make_tensor(f"{name} typed", number, [len(listed)], listed))
        if name != "STRING":
            array = np.array(listed, dtype=helper.tensor_dtype_to_np_dtype(number))
            raw = numpy_helper.from_array(array, f"{name} raw")
            assert raw.data_type == number, name
            weights.append(raw)
    node = helper.make_node("Identity", [weights[0].name], ["y"])
    return helper.make_graph([node], "elements", [], [onnx.ValueInfoProto(name="y")], weights), []


def save(name, graph, functions, snake_case):
    model = onnx.ModelProto(ir_version=11, producer_name="make", producer_version="1", graph=graph, functions=functions)
    model.metadata_props.append(onnx.StringStringEntryProto(key="author", value="nobody"))
    opsets = onnx.ModelProto(opset_import=[helper.make_opsetid("", 21)])
    protobuf = model.SerializeToString() + opsets.SerializeToString()
    (HERE / f"{name}.onnx").write_bytes(protobuf)
    model = onnx.ModelProto.FromString(protobuf)
    text = json_format.MessageToJson(model, preserving_proto_field_name=snake_case, indent=None)
    (HERE / f"{name}.onnx.json").write_text(text + "\n")
    if name in ("convolution", "control"):
        (HERE / f"{name}.onnxtxt").write_text(printer.to_text(model) + "\n")
    return model, protobuf


# Fields of protobuf messages by hand, for what the onnx package does not write.


def varint(value):
    out = b""
    while value >= 128:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def number(number, value):
    return varint(number << 3) + varint(value)


OPSET = field(8, number(2, 21))


def model(graph):
    """A model with the bytes of a graph."""
    return number(1, 10) + field(7, graph) + OPSET


def node(op, inputs, outputs, *attributes, name=""):
    return field(1, b"".join(
        [field(1, x.encode()) for x in inputs] + [field(2, x.encode()) for x in outputs]
        + [field(3, name.encode())] * bool(name) + [field(4, op.encode())] + [field(5, a) for a in attributes]))


def value(which, name):
    return field(which, field(1, name.encode()))


def nested(levels):
    """A graph in a graph in a graph."""
    graph = b""
    for _ in range(levels):
        graph = node("If", ["x"], ["y"], field(1, b"then_branch") + number(20, 5) + field(6, graph))
    return graph


def weight(*fields):
    return field(5, field(8, b"w") + b"".join(fields))


def broken(convolution, protobuf):
    text = (HERE / "convolution.onnxtxt").read_text()
    json = (HERE / "convolution.onnx.json").read_text()
    graph = value(11, "x") + value(12, "y")
    relu = node("Relu", ["x"], ["y"], name="act")
    files = {
        # Other files than models.
        "empty.onnx": b"",
        "zeros.onnx": bytes(64),
        "page.onnx": b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>\n",
        "archive.onnx": b"PK\3\4\x14\0\0\0\x08\0" + bytes(20),
        "pointer.onnx": b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 102400\n",
        "notes.onnx": b"The model is in the other folder.\n",
        "noise.onnx": bytes(range(200, 100, -1)),
        "compressed.onnx": b"\x1f\x8b\x08\0" + bytes(16),
        "keras.h5": b"\x89HDF\r\n\x1a\n" + bytes(16),
        "lite.tflite": b"\x1c\0\0\0TFL3" + bytes(16),
        "runtime.ort": b"\x1c\0\0\0ORTM" + bytes(16),
        "checkpoint.pt": b"\x80\x02}q\0.",
        "weights.safetensors": struct.pack("<Q", 16) + b'{"w":{"dtype":1}}',
        "weights.gguf": b"GGUF\3\0\0\0",
        "saved_model.pb": b"\x08\1\x12\x20\x0a\x1e" + bytes(30),
        "frozen.pb": field(1, field(1, b"x") + field(2, b"Placeholder\0")),
        "core.mlmodel": b"\x08\4\x12\x04\x0a\2\x0a\0" + bytes(4),
        "openvino.xml": b'<?xml version="1.0"?>\n<net name="x" version="11"></net>\n',
        "keras.json": b'{"class_name": "Functional", "config": {"name": "m", "layers": []}, "keras_version": "2.15.0"}',
        "package.json": b'{"name": "demo", "dependencies": {}}',
        "settings.json": b'{"verbose": true}',
        "list.json": b"[1, 2, 3]",
        # Damaged models.
        "truncated.onnx": protobuf[: len(protobuf) * 2 // 3],
        "corrupt-tag.onnx": model(graph + b"\x0f" + relu),
        "field-zero.onnx": model(graph + b"\x02\x00" + relu),
        "long-number.onnx": b"\x08" + b"\xff" * 12,
        "no-graph.onnx": number(1, 10) + OPSET,
        "no-opset.onnx": number(1, 10) + field(7, graph + relu),
        "wrong-wire-type.onnx": number(1, 10) + number(7, 5) + OPSET,
        "wrong-packing.onnx": model(graph + weight(number(2, 1), field(1, b"\x80"))),
        "segment.onnx": model(graph + weight(number(2, 1), number(1, 4), field(3, number(1, 0) + number(2, 4)))),
        "short-tensor.onnx": model(graph + weight(number(1, 3), number(2, 1), field(9, bytes(8)))),
        "short-list.onnx": model(graph + weight(number(1, 3), number(2, 7), field(7, b"\1\2"))),
        "element-type.onnx": model(graph + weight(number(1, 3), number(2, 99))),
        "no-element-type.onnx": model(graph + weight(number(1, 3))),
        "negative-extent.onnx": model(graph + weight(number(1, 2**64 - 3), number(2, 1))),
        "huge-extents.onnx": model(graph + weight(number(1, 2**62), number(1, 2**62), number(2, 1))),
        "repeated-result.onnx": model(graph + relu + node("Abs", ["x"], ["y"])),
        "repeated-input.onnx": model(graph + value(11, "x") + relu),
        "computed-input.onnx": model(graph + relu + node("Abs", ["y"], ["x"])),
        "computed-weight.onnx": model(graph + weight(number(2, 1)) + node("Abs", ["x"], ["w"])),
        "cycle.onnx": model(graph + node("Relu", ["z"], ["y"], name="a") + node("Abs", ["y"], ["z"], name="b")),
        "self.onnx": model(graph + node("Relu", ["y"], ["y"])),
        "deep.onnx": model(graph + nested(1000)),
        "attribute-kind.onnx": model(graph + node("Relu", ["x"], ["y"], field(1, b"a") + number(20, 99))),
        "attribute-value.onnx": model(graph + node("If", ["x"], ["y"], field(1, b"a") + number(20, 5))),
        "no-operator.onnx": model(graph + field(1, field(1, b"x") + field(2, b"y"))),
        "name.onnx": model(graph + field(1, field(4, b"Relu") + field(1, b"\xff\xfe") + field(2, b"y"))),
        "operator.onnx": model(graph + field(1, field(4, b"\xff\xfe") + field(1, b"x") + field(2, b"y"))),
        # Damaged JSON.
        "truncated.onnx.json": json[: len(json) * 2 // 3],
        "trailing.onnx.json": json + "}",
        "deep.onnx.json": '{"irVersion": 10, "extra": ' + "[" * 1000 + "]" * 1000 + "}",
        "deep-graph.onnx.json": '{"irVersion": 10, "graph": ' + '{"node": [{"attribute": [{"g": ' * 200 + "1",
        "escape.onnx.json": '{"irVersion": 10,\n "producerName": "a\\x"}',
        "surrogate.onnx.json": '{"irVersion": 10,\n "producerName": "\\ud83d"}',
        "base64.onnx.json": '{"irVersion": 10, "graph": {"node": [{"attribute": [{"s": "a*b="}]}]}}',
        "integer.onnx.json": '{"irVersion": 10.5}',
        "large.onnx.json": '{"irVersion": "99999999999999999999"}',
        "kind.onnx.json": '{"irVersion": 10, "graph": {"node": [{"attribute": [{"type": "FLOTS"}]}]}}',
        "literal.onnx.json": '{"irVersion": 10, "graph": nul}',
        "no-opset.onnx.json": '{"irVersion": 10, "graph": {}}',
        "no-graph.onnx.json": '{"irVersion": 10, "opsetImport": [{"version": 21}]}',
        "short-tensor.onnx.json": '{"irVersion": 10, "graph": {"initializer": [\n {"name": "w", "dims": ["3"], '
        '"dataType": 1, "rawData": "AAAAAA=="}]}}',
        "segment.onnx.json": '{"irVersion": 10, "graph": {"initializer": [{"dims": [3], "segment": {"begin": 0}}]}}',
        # Damaged text.
        "truncated.onnxtxt": text[: len(text) * 2 // 3],
        "type.onnxtxt": '<ir_version: 10, opset_import: ["" : 21]>\ng (floot[2] x) => (y) { y = Relu (x) }\n',
        "quote.onnxtxt": '<ir_version: 10, opset_import: ["" : 21]>\ng (float[2] x) => (y) { y = Cast <to = "a> (x) }\n',
        "extent.onnxtxt": '<ir_version: 10, opset_import: ["" : 21]>\ng (float[2.5] x) => (y) { y = Relu (x) }\n',
        "count.onnxtxt": '<ir_version: 10, opset_import: ["" : 21]>\n'
        "g (float[2] x) => (y)\n<float[3] w = {1, 2}> { y = Add (x, w) }\n",
        "deep.onnxtxt": '<ir_version: 10, opset_import: ["" : 21]>\ng (float[2] x) => (y) '
        + "{ y = If <then_branch = g () => (y) " * 100,
        "cycle.onnxtxt": '<ir_version: 10, opset_import: ["" : 21]>\n'
        "g (float[2] x) => (y) { y = Relu (z)  z = Abs (y) }\n",
    }
    BROKEN.mkdir(exist_ok=True)
    for name, content in files.items():
        (BROKEN / name).write_bytes(content.encode() if isinstance(content, str) else content)


def main():
    made = save("convolution", *convolution(), snake_case=False)
    save("control", *control(), snake_case=True)
    save("attributes", *attributes(), snake_case=False)
    save("elements", *elements(), snake_case=True)
    broken(*made)


if __name__ == "__main__":
    main()
