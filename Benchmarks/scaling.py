"""How time and memory grow with the size of a graph.

Writes chains of 1,000 to 1,000,000 nodes, costs each, and prints processor time and peak memory in all and for each
node. `--shape` chooses chains (every node reads the one before), fans (every node reads the input, every result is an
output), or nests of branches, a thousand nodes each.
"""

import argparse
import os
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


SHAPES = {"chain": chain, "fan": fan, "join": join, "backward": backward, "branches": branches}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nncost", default=os.path.join(os.path.dirname(__file__), "../.build/release/nncost"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--shape", choices=SHAPES, nargs="+", default=["chain"])
    options = parser.parse_args()
    if not os.access(options.nncost, os.X_OK):
        parser.error(f"{options.nncost} is no program; 'swift build -c release' makes one")
    print(f"{'':24}{'file':>10}{'CPU time':>12}{'per node':>12}{'peak memory':>14}{'per node':>12}")
    for shape in options.shape:
        for count in options.sizes:
            scale(options.nncost, shape, count)


def scale(nncost, shape, count):
    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        # The graph is written in a process of its own: a child's peak memory is never reported below its parent's.
        measure([sys.executable, __file__, "--write", shape, str(count), file.name])
        (cpu, peak, _), _ = measure([nncost, "cost", "--format", "concise", file.name])
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
