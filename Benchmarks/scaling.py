"""How time and memory grow with the size of a graph.

Writes chains of 1,000 to 1,000,000 nodes, costs each, and prints processor time and peak memory in all and for each
node. `--shape` chooses chains (every node reads the one before), fans (every node reads the input, every result is an
output), nests of branches, a thousand nodes each, or networks of many layers. `--lint` lints them in place of costing them,
and `--runtime` says how they are run.
"""

import argparse
import os
import struct
import sys
import tempfile

from compare import measure


def varint(value):
    out = bytearray()
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def number(number, value):
    return varint(number << 3) + varint(value)


def node(op, inputs, output, *attributes):
    return field(1, b"".join([field(1, x) for x in inputs] + [field(2, output), field(3, b"n_" + output), field(4, op)]
                             + [field(5, a) for a in attributes]))


def value(which, name, *dims):
    shape = b"".join(field(1, number(1, dim)) for dim in dims)
    return field(which, field(1, name) + field(2, field(1, number(1, 1) + field(2, shape))))


def chain(count):
    """Additions of one weight and activations, one after another."""
    parts = [value(11, b"v0", 8, 8), value(12, b"v%d" % count, 8, 8)]
    parts.append(field(5, number(1, 8) + number(1, 8) + number(2, 1) + field(8, b"w") + field(9, bytes(256))))
    for index in range(count):
        before, after = b"v%d" % index, b"v%d" % (index + 1)
        parts.append(node(b"Add", [before, b"w"], after) if index % 2 else node(b"Relu", [before], after))
    return parts


def fan(count):
    """One input that every node reads, and as many outputs as nodes."""
    parts = [value(11, b"x", 8, 8)]
    for index in range(count):
        name = b"y%d" % index
        parts += [node(b"Relu", [b"x"], name), value(12, name, 8, 8)]
    return parts


def join(count):
    """Nodes whose results are all joined by one."""
    parts = [value(11, b"x", 8, 8), value(12, b"y", 8, 8 * (count - 1))]
    names = [b"v%d" % index for index in range(count - 1)]
    parts += [node(b"Relu", [b"x"], name) for name in names]
    return parts + [node(b"Concat", names, b"y", field(1, b"axis") + number(3, 1) + number(20, 2))]


def backward(count):
    """A chain whose last node comes first in the file."""
    parts = chain(count)
    return parts[:3] + parts[:2:-1]


def branches(count):
    """Conditions whose branches read what lies around them."""
    parts = [value(11, b"x", 8, 8), value(11, b"v0", 8, 8), value(12, b"v%d" % (count // 3), 8, 8)]
    for index in range(count // 3):
        before, after = b"v%d" % index, b"v%d" % (index + 1)
        inner = node(b"Add", [before, b"x"], b"t") + field(12, field(1, b"t"))
        then = field(1, b"then_branch") + field(6, inner) + number(20, 5)
        other = field(1, b"else_branch") + field(6, inner) + number(20, 5)
        parts.append(node(b"If", [b"flag"], after, then, other))
    return parts + [field(11, field(1, b"flag") + field(2, field(1, number(1, 9) + field(2, b""))))]


class Network:
    """A graph written layer by layer, until it has as many nodes as asked for."""

    def __init__(self, count, *dims):
        self.parts, self.count, self.left, self.names = [value(11, b"x", *dims)], count, count, 0
        self.dims, self.result = dims, b"x"

    def add(self, op, inputs, *attributes):
        """Adds a node, and gives its result."""
        self.names += 1
        self.left -= 1
        self.result = b"v%d" % self.names
        self.parts.append(node(op, inputs, self.result, *attributes))
        return self.result

    def weight(self, *dims):
        """A constant of 32-bit numbers, which lie in a file that nobody opens."""
        self.names += 1
        name = b"w%d" % self.names
        place = field(13, field(1, b"location") + field(2, b"weights"))
        self.parts.append(field(5, b"".join(number(1, dim) for dim in dims) + number(2, 1) + field(8, name) + place
                                + number(14, 1)))
        return name

    def known(self, kind, form, *elements, dims=None):
        """A constant whose elements stand in the graph."""
        self.names += 1
        name = b"k%d" % self.names
        shape = [len(elements)] if dims is None else dims
        self.parts.append(field(5, b"".join(number(1, dim) for dim in shape) + number(2, kind) + field(8, name)
                                + field(9, struct.pack("<%d%s" % (len(elements), form), *elements))))
        return name

    def real(self, element):
        return self.known(1, "f", element, dims=[])

    def whole(self, *elements):
        return self.known(7, "q", *elements)

    def finish(self):
        return self.parts + [value(12, self.result, *self.dims)]


def integer(name, element):
    return field(1, name) + number(3, element) + number(20, 2)


def integers(name, *elements):
    return field(1, name) + b"".join(number(8, element) for element in elements) + number(20, 7)


def residual(count):
    """Blocks of two convolutions and a sum."""
    net = Network(count, 1, 64, 14, 14)
    pads = integers(b"pads", 1, 1, 1, 1)
    while net.left > 0:
        before = net.result
        first = net.add(b"Relu", [net.add(b"Conv", [before, net.weight(64, 64, 3, 3)], pads)])
        net.add(b"Relu", [net.add(b"Add", [net.add(b"Conv", [first, net.weight(64, 64, 3, 3)], pads), before])])
    return net.finish()


def transformer(count):
    """Layers of a BERT, its GELU written in pieces."""
    net = Network(count, 1, 128, 256)
    split, joined = net.whole(1, 128, 4, 64), net.whole(1, 128, 256)
    root, half, one, scale = net.real(2 ** 0.5), net.real(0.5), net.real(1), net.real(8)

    def dense(operand, width, depth):
        return net.add(b"Add", [net.add(b"MatMul", [operand, net.weight(depth, width)]), net.weight(width)])

    def head(operand, *order):
        split_up = net.add(b"Reshape", [dense(operand, 256, 256), split])
        return net.add(b"Transpose", [split_up], integers(b"perm", *order))

    def normalised(operand):
        return net.add(b"LayerNormalization", [operand, net.weight(256), net.weight(256)], integer(b"axis", 2))

    while net.left > 0:
        x = net.result
        query, key, own = head(x, 0, 2, 1, 3), head(x, 0, 2, 3, 1), head(x, 0, 2, 1, 3)
        scores = net.add(b"Softmax", [net.add(b"Div", [net.add(b"MatMul", [query, key]), scale])], integer(b"axis", 3))
        mixed = net.add(b"Transpose", [net.add(b"MatMul", [scores, own])], integers(b"perm", 0, 2, 1, 3))
        x = normalised(net.add(b"Add", [dense(net.add(b"Reshape", [mixed, joined]), 256, 256), x]))
        wide = dense(x, 1024, 256)
        erf = net.add(b"Add", [net.add(b"Erf", [net.add(b"Div", [wide, root])]), one])
        gelu = net.add(b"Mul", [net.add(b"Mul", [wide, erf]), half])
        normalised(net.add(b"Add", [dense(gelu, 256, 1024), x]))
    return net.finish()


def dense_blocks(count):
    """Blocks of a DenseNet, each layer of which reads all before it."""
    net = Network(count, 1, 64, 14, 14)
    while net.left > 0:
        maps, width = [net.result], 64
        for _ in range(16):
            joined = net.add(b"Concat", maps, integer(b"axis", 1)) if len(maps) > 1 else maps[0]
            norm = net.add(b"BatchNormalization", [joined] + [net.weight(width) for _ in range(4)])
            active = net.add(b"Relu", [norm])
            maps.append(net.add(b"Conv", [active, net.weight(32, width, 3, 3)], integers(b"pads", 1, 1, 1, 1)))
            width += 32
        net.add(b"Conv", [net.add(b"Concat", maps, integer(b"axis", 1)), net.weight(64, width, 1, 1)])
    return net.finish()


def extents(count):
    """Products, each behind a reshape whose target is computed from the shape."""
    net = Network(count, 1, 128, 256)
    zero, one, width = net.known(7, "q", 0, dims=[]), net.known(7, "q", 1, dims=[]), net.whole(256)
    axes = net.whole(0)
    while net.left > 0:
        x, sizes = net.result, []
        for index in (zero, one):
            picked = net.add(b"Gather", [net.add(b"Shape", [x]), index], integer(b"axis", 0))
            sizes.append(net.add(b"Unsqueeze", [picked, axes]))
        target = net.add(b"Concat", sizes + [width], integer(b"axis", 0))
        net.add(b"MatMul", [net.add(b"Reshape", [x, target]), net.weight(256, 256)])
    return net.finish()


def quantized(count):
    """Convolutions between nodes that quantise and dequantise."""
    net = Network(count, 1, 64, 14, 14)
    scale, zero = net.real(0.1), net.known(3, "b", 0, dims=[])
    while net.left > 0:
        few = net.add(b"DequantizeLinear", [net.add(b"QuantizeLinear", [net.result, scale, zero]), scale, zero])
        kernel = net.add(b"QuantizeLinear", [net.weight(64, 64, 3, 3), scale, zero])
        kernel = net.add(b"DequantizeLinear", [kernel, scale, zero])
        net.add(b"Relu", [net.add(b"Conv", [few, kernel], integers(b"pads", 1, 1, 1, 1))])
    return net.finish()


def faults(count):
    """Eight things in each unit that a rule reports."""
    net = Network(count, 1, 64, 14, 14)
    one, two = net.real(1), net.real(2)
    pads = integers(b"pads", 1, 1, 1, 1)
    while net.left > 0:
        conv = net.add(b"Conv", [net.result, net.weight(64, 64, 3, 3)], pads)
        x = net.add(b"BatchNormalization", [conv] + [net.weight(64) for _ in range(4)])
        x = net.add(b"Relu", [net.add(b"Relu", [net.add(b"Identity", [x])])])
        x = net.add(b"Transpose", [net.add(b"Transpose", [x], integers(b"perm", 0, 2, 3, 1))],
                    integers(b"perm", 0, 3, 1, 2))
        x = net.add(b"Cast", [net.add(b"Cast", [x], integer(b"to", 11))], integer(b"to", 1))
        x = net.add(b"Mul", [net.add(b"Mul", [x, one]), net.add(b"Add", [two, two])])
        x = net.add(b"Add", [net.add(b"Sigmoid", [x]), net.add(b"Sigmoid", [x])])
        net.add(b"Mul", [x, net.add(b"Sigmoid", [net.add(b"Mul", [x, two])])])
    return net.finish()


SHAPES = {
    "chain": chain, "fan": fan, "join": join, "backward": backward, "branches": branches, "residual": residual,
    "transformer": transformer, "dense": dense_blocks, "extents": extents, "quantized": quantized, "faults": faults,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nncost", default=os.path.join(os.path.dirname(__file__), "../.build/release/nncost"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--shape", choices=SHAPES, nargs="+", default=["chain"])
    parser.add_argument("--lint", action="store_true", help="lint in place of costing")
    parser.add_argument("--runtime", choices=["fused", "eager"], default="fused")
    options = parser.parse_args()
    if not os.access(options.nncost, os.X_OK):
        parser.error(f"{options.nncost} is no program; 'swift build -c release' makes one")
    print(f"{'':24}{'file':>10}{'CPU time':>12}{'per node':>12}{'peak memory':>14}{'per node':>12}")
    for shape in options.shape:
        for count in options.sizes:
            scale(options, shape, count)


def scale(options, shape, count):
    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        # The graph is written in a process of its own: a child's peak memory is never reported below its parent's.
        measure([sys.executable, __file__, "--write", shape, str(count), file.name])
        command = "lint" if options.lint else "cost"
        (cpu, peak, _), _ = measure(
            [options.nncost, command, "--runtime", options.runtime, "--format", "concise", file.name])
        size = os.path.getsize(file.name)
    print(f"{shape:10}{count:>9,} nodes{size / 1e6:7.1f} MB{cpu:10.3f} s{cpu / count * 1e6:9.2f} µs"
          f"{peak / 1e6:11.1f} MB{peak / count:9.0f} B", flush=True)


def write(shape, count, path):
    with open(path, "wb") as file:
        graph = b"".join(SHAPES[shape](count))
        file.write(number(1, 10) + field(7, graph) + field(8, number(2, 21)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        main()
