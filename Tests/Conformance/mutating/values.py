"""Changes to numbers, types and shapes: attributes, constants, and what graphs declare of values.

Each takes a model and a random source and changes the model in place; it returns False where there is nothing to
change.
"""

import onnx
from onnx import AttributeProto, TensorProto, helper

from .walking import graphs, some_node

INTEGERS = [0, 1, -1, 2, 3, 4, 5, 7, 8, -2, -3, -7, 16, 64, 255, 1000, 65536, 2**31 - 1, 2**31, -(2**31), 2**32,
            2**40, 2**53 + 1, 2**62, 2**63 - 1, -(2**63), -(2**63) + 1]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1e-45, 1e30, -1e30, float("inf"), float("-inf"), float("nan")]
TYPES = [t for t in TensorProto.DataType.values()] + [99]


def integer(rng, near=0):
    if rng.random() < 0.4:
        return max(-(2**63), min(2**63 - 1, near + rng.choice([-1, 1, 2, -2])))
    return rng.choice(INTEGERS)


def change_attribute(model, rng):
    """Another value of an attribute: out of range, of another length, or of another type."""
    nodes = [n for g in graphs(model) for n in g.node if n.attribute]
    if not nodes:
        return False
    node = rng.choice(nodes)
    attribute = rng.choice(node.attribute)
    kind = rng.random()
    if kind < 0.03:
        attribute.type = rng.choice(AttributeProto.AttributeType.values())
    elif kind < 0.15:
        others = [1, [1, 2], 0.5, "x", [0.5], ["a"], helper.make_tensor("t", TensorProto.FLOAT, [1], [1.0])]
        attribute.CopyFrom(helper.make_attribute(attribute.name, rng.choice(others)))
    elif kind < 0.25:
        node.attribute.remove(attribute)
    elif kind < 0.3:
        node.attribute.add().CopyFrom(attribute)
    elif attribute.type == AttributeProto.INT:
        attribute.i = integer(rng, attribute.i)
    elif attribute.type == AttributeProto.INTS:
        change_list(attribute.ints, rng, lambda old: integer(rng, old))
    elif attribute.type == AttributeProto.FLOAT:
        attribute.f = rng.choice(FLOATS)
    elif attribute.type == AttributeProto.FLOATS:
        change_list(attribute.floats, rng, lambda old: rng.choice(FLOATS))
    elif attribute.type == AttributeProto.STRING:
        attribute.s = rng.choice([b"", b"NOTSET", b"SAME_UPPER", b"VALID", b"linear", b"bidirectional", b"reflect",
                                  b"ij,jk->ik", b"...ii->i", b"a,b,c,d->", b"->", b"ij->ijk", b"\xff\xfe", attribute.s[:-1]])
    elif attribute.type == AttributeProto.TENSOR:
        change_tensor(attribute.t, rng)
    else:
        return False


def add_attribute(model, rng):
    _, node = some_node(model, rng)
    if node is None:
        return False
    name = rng.choice(["axis", "axes", "perm", "group", "pads", "strides", "dilations", "kernel_shape", "keepdims", "to",
                       "num_heads", "hidden_size", "blocksize", "transA", "transB", "output_shape", "ceil_mode", "split",
                       "num_outputs", "batch_dims", "direction", "epsilon", "value", "start", "end", "layout", "allowzero",
                       "training_mode", "k", "largest", "output_padding", "auto_pad", "kv_num_heads", "num_groups"])
    many = name in ("axes", "perm", "pads", "strides", "dilations", "kernel_shape", "split", "output_shape", "output_padding")
    value = [integer(rng) for _ in range(rng.randrange(1, 7))] if many else integer(rng)
    node.attribute.append(helper.make_attribute(name, value))


def change_list(values, rng, other):
    kind = rng.random()
    if kind < 0.15 or not values:
        values.append(other(0))
    elif kind < 0.3:
        del values[rng.randrange(len(values)):]
    elif kind < 0.4:
        values.extend(list(values))
    else:
        place = rng.randrange(len(values))
        values[place] = other(values[place])


def change_tensor(tensor, rng):
    kind = rng.random()
    if kind < 0.3:
        change_list(tensor.dims, rng, lambda old: integer(rng, old))
    elif kind < 0.4:
        tensor.data_type = rng.choice(TYPES)
    elif tensor.int64_data:
        change_list(tensor.int64_data, rng, lambda old: integer(rng, old))
    elif tensor.float_data:
        change_list(tensor.float_data, rng, lambda old: rng.choice(FLOATS))
    elif tensor.raw_data and kind < 0.6:
        tensor.raw_data = tensor.raw_data[: rng.randrange(len(tensor.raw_data))]
    elif tensor.raw_data and len(tensor.raw_data) % 8 == 0 and tensor.data_type == TensorProto.INT64:
        place = 8 * rng.randrange(len(tensor.raw_data) // 8)
        old = int.from_bytes(tensor.raw_data[place:place + 8], "little", signed=True)
        new = integer(rng, old).to_bytes(8, "little", signed=True)
        tensor.raw_data = tensor.raw_data[:place] + new + tensor.raw_data[place + 8:]
    elif tensor.raw_data:
        tensor.raw_data = bytes(rng.choice([0, 0xFF, 0x7F, 0x80]) for _ in tensor.raw_data[:4096])
    else:
        change_list(tensor.dims, rng, lambda old: integer(rng, old))


def change_initialiser(model, rng):
    tensors = [t for g in graphs(model) if not isinstance(g, onnx.FunctionProto) for t in g.initializer]
    tensors += [a.t for g in graphs(model) for n in g.node if n.op_type == "Constant" for a in n.attribute if a.HasField("t")]
    # Small tensors are mostly what shapes are computed from.
    small = [t for t in tensors if t.data_type == TensorProto.INT64]
    if not tensors:
        return False
    change_tensor(rng.choice(small if small and rng.random() < 0.5 else tensors), rng)


def change_shape(model, rng):
    """Another rank or other extents of a tensor that a graph declares."""
    graph = rng.choice([g for g in graphs(model) if not isinstance(g, onnx.FunctionProto)])
    infos = list(graph.input) * 3 + list(graph.output) + list(graph.value_info)
    if not infos:
        return False
    info = rng.choice(infos)
    tensor = info.type.tensor_type
    dims = tensor.shape.dim
    kind = rng.random()
    if kind < 0.1:
        tensor.ClearField("shape")
    elif kind < 0.2:
        tensor.elem_type = rng.choice(TYPES)
    elif kind < 0.25:
        info.ClearField("type")
    elif kind < 0.3:
        inner = onnx.TypeProto()
        inner.CopyFrom(info.type)
        info.type.Clear()
        rng.choice([info.type.sequence_type.elem_type, info.type.optional_type.elem_type,
                    info.type.map_type.value_type]).CopyFrom(inner)
    elif kind < 0.4:
        dims.add().dim_value = integer(rng)
    elif not dims:
        return False
    elif kind < 0.5:
        place = rng.randrange(len(dims))
        del dims[place:rng.choice([place + 1, len(dims)])]
    elif kind < 0.6:
        dims[rng.randrange(len(dims))].dim_param = rng.choice(["n", "batch", "sequence", "", "a+b", "2*n", "n"])
    elif kind < 0.65:
        dims[rng.randrange(len(dims))].Clear()
    else:
        dim = rng.choice(dims)
        dim.dim_value = integer(rng, dim.dim_value)


def change_extent(model, rng):
    """One number in the place of another wherever a shape says it, so that the model may still fit together."""
    tensors = [t for g in graphs(model) if not isinstance(g, onnx.FunctionProto) for t in g.initializer]
    infos = [v.type.tensor_type.shape.dim for g in graphs(model) if not isinstance(g, onnx.FunctionProto)
             for v in list(g.input) + list(g.output) + list(g.value_info)]
    extents = sorted({d for t in tensors for d in t.dims} | {d.dim_value for dims in infos for d in dims if d.dim_value})
    if not extents:
        return False
    old, new = rng.choice(extents), rng.choice([0, 1, 2, 3, 6, 17, 4096, 2**20, 2**24 + 1, 2**31, 2**33, 2**40, 2**54])
    for tensor in tensors:
        # Elements would be too few, so they lie elsewhere.
        if old in tensor.dims and new > old and tensor.HasField("raw_data"):
            tensor.ClearField("raw_data")
            tensor.data_location = TensorProto.EXTERNAL
            tensor.external_data.add(key="location", value="weights.bin")
        tensor.dims[:] = [new if d == old else d for d in tensor.dims]
        tensor.int64_data[:] = [new if d == old else d for d in tensor.int64_data]
    for dims in infos:
        for dim in dims:
            if dim.dim_value == old:
                dim.dim_value = new
    for graph in graphs(model):
        for node in graph.node:
            for attribute in node.attribute:
                attribute.ints[:] = [new if d == old else d for d in attribute.ints]
                if attribute.HasField("i") and attribute.i == old > 1:
                    attribute.i = new


def forget_shapes(model, rng):
    graph = rng.choice([g for g in graphs(model) if not isinstance(g, onnx.FunctionProto)])
    if not graph.value_info:
        return False
    if rng.random() < 0.5:
        del graph.value_info[:]
    else:
        graph.value_info.remove(rng.choice(graph.value_info))


def change_opset(model, rng):
    if rng.random() < 0.2:
        model.ir_version = rng.choice([0, 1, 3, 4, 7, 8, 10, 13, 99, -1])
    elif model.opset_import and rng.random() < 0.8:
        rng.choice(model.opset_import).version = rng.choice([0, 1, 6, 7, 8, 9, 10, 11, 12, 13, 17, 18, 21, 23, 24, 99, -5, 2**62])
    else:
        entry = model.opset_import.add()
        entry.domain, entry.version = rng.choice(["", "com.microsoft"]), rng.choice([1, 13, 20])


def sparse(model, rng):
    graph = model.graph
    if not graph.initializer:
        return False
    tensor = rng.choice(graph.initializer)
    entry = graph.sparse_initializer.add()
    entry.values.data_type, entry.values.name = tensor.data_type, tensor.name
    entry.values.dims.append(rng.choice([0, 1, 2**62, -1]))
    entry.dims.extend(tensor.dims)
    entry.indices.data_type = TensorProto.INT64
    entry.indices.dims.append(rng.choice([0, 1, -1, 2**40]))
    if rng.random() < 0.7:
        graph.initializer.remove(tensor)
