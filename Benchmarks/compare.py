"""nncost beside Python's onnx.load and infer_shapes, on the same file, in one run.

Every figure is the median over child processes that take turns. Python is shown twice: the whole process, and its two
calls alone without interpreter start and imports, which is the comparison that favours it.

This process stays small and imports no package, because a child's peak memory is never reported below its parent's.
The row of `/bin/true` shows that floor: a figure that equals it is an upper bound.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))

PYTHON = """
import json, sys, time
import onnx, onnx.shape_inference
start = time.process_time()
model = onnx.shape_inference.infer_shapes(onnx.load(sys.argv[1]))
json.dump({"seconds": time.process_time() - start, "values": len(model.graph.value_info)}, sys.stdout)
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nncost", default=os.path.join(HERE, "../.build/release/nncost"))
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--model", help="a model file; without one a ResNet-50 with weights is made")
    options = parser.parse_args()
    if not os.access(options.nncost, os.X_OK):
        parser.error(f"{options.nncost} is no program; 'swift build -c release' makes one")

    with tempfile.TemporaryDirectory(prefix="nncost-compare-") as folder:
        model = options.model
        if not model:
            model = os.path.join(folder, "resnet50.onnx")
            subprocess.run([sys.executable, os.path.join(HERE, "resnet50.py"), model], check=True)
        compare(options.nncost, model, max(options.runs, 1))


def compare(nncost, model, runs):
    measured = {"nncost": [], "python": [], "start": [], "nothing": []}
    calls = []
    for _ in range(runs):
        measured["nncost"].append(measure([nncost, "cost", model, "--format", "json"])[0])
        figures, output = measure([sys.executable, "-c", PYTHON, model])
        measured["python"].append(figures)
        calls.append(json.loads(output)["seconds"])
    # A start takes so little that more of them are needed for a steady median, and cost nothing.
    for _ in range(10 * runs):
        measured["start"].append(measure([nncost, "version"])[0])
        measured["nothing"].append(measure(["/bin/true"])[0])

    middle = {name: median(rows) for name, rows in measured.items()}
    ours, python = middle["nncost"], middle["python"]
    size = os.path.getsize(model) / 1e6
    print(f"{os.path.basename(model)}, {size:.1f} MB, median of {runs} runs")
    print(f"{'':32}{'CPU time':>12}{'peak memory':>14}{'wall time':>12}")
    row("nncost cost", *ours)
    row("Python, whole process", *python)
    print(f"{'Python, the two calls alone':32}{statistics.median(calls) * 1e3:9.1f} ms")
    row("nncost version", *middle["start"])
    row("/bin/true", *middle["nothing"])
    print(f"CPU time, Python's process over nncost:    {python[0] / ours[0]:7.1f}")
    print(f"CPU time, Python's two calls over nncost:  {statistics.median(calls) / ours[0]:7.1f}")
    print(f"peak memory, Python over nncost:           {python[1] / ours[1]:7.1f}")


def measure(command):
    """Runs a command; returns (CPU seconds, peak bytes, wall seconds) and its output."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        child = os.posix_spawn(
            command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, output.fileno(), 1)]
        )
        _, status, usage = os.wait4(child, 0)
        wall = time.perf_counter() - start
        output.seek(0)
        if status != 0:
            code = os.waitstatus_to_exitcode(status)
            sys.exit(f"{' '.join(command[:2])} ended with {code}")
        # Linux counts the peak in KiB, macOS in bytes.
        peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        return (usage.ru_utime + usage.ru_stime, peak, wall), output.read()


def median(rows):
    return tuple(statistics.median(column) for column in zip(*rows))


def row(name, cpu, peak, wall):
    print(f"{name:32}{cpu * 1e3:9.1f} ms{peak / 1e6:11.1f} MB{wall * 1e3:9.1f} ms")


if __name__ == "__main__":
    main()
