#!/usr/bin/env python3
"""Measures real networks on the present GPU and holds what nncost predicts against them.

    python3 calibration/validation/measure.py --nncost NNCOST --table my-gpu.json --output validation.csv

Networks have random weights and run in PyTorch; energy is the board's own. Needs PyTorch with a GPU, and torchvision, timm or transformers for
the networks of each. One row for each configuration goes to --output, one for each repetition beside it (`.samples.csv`): a second
run goes on where the first one stopped. Exit status: 0 measured; 2 the command line is wrong; 3 there is nothing to measure with; 130 stopped.
"""

import argparse
import csv
import itertools
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import networks  # noqa: E402
import prediction  # noqa: E402
import protocol  # noqa: E402
from board import Board, Unavailable  # noqa: E402
from networks import Configuration, one_line  # noqa: E402

CHOICES = {"modes": ["inference", "training"], "executions": ["eager", "compiled"],
           "precisions": ["fp32", "tf32", "fp16", "bf16"]}
LAYOUTS = ["contiguous", "channels_last"]
KEYS = ["network", "mode", "execution", "precision", "batch", "layout"]
MEASURED = ["iterations", "window_seconds", "seconds", "joules", "joules_by_power", "energy_source", "updates", "celsius",
            "sm_mhz", "memory_mhz", "throttles", "rejected"]
SAMPLES = KEYS + ["repetition"] + MEASURED + ["idle_watts_before", "idle_watts_after", "board", "driver", "torch"]
SUMMARY = KEYS + ["repetitions", "rejected", "joules", "joules_spread_pct", "seconds", "watts", "throttles",
                  "predicted_joules", "predicted_seconds", "remark", "board", "driver", "torch"]


def arguments(words):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--output", required=True, help="CSV of configurations, measured and predicted")
    parser.add_argument("--nncost", default=shutil.which("nncost"), help="the program; without one nothing is predicted")
    parser.add_argument("--table", default="t4", help="device of 'nncost devices', or a file (default t4)")
    parser.add_argument("--gpu", type=int, default=0, help="the GPU's number in PyTorch")
    parser.add_argument("--networks", type=words_of(networks.NAMES), default=networks.NAMES, metavar="A,B")
    for name, known in CHOICES.items():
        parser.add_argument(f"--{name}", type=words_of(known), default=known, metavar=",".join(known))
    parser.add_argument("--batches", type=numbers, default=[1, 8, 32], metavar="1,8,32")
    parser.add_argument("--memory-format", dest="layouts", type=words_of(LAYOUTS), default=LAYOUTS[:1], metavar=",".join(LAYOUTS),
                        help="how images lie in memory; channels_last is what tensor cores want (default contiguous)")
    parser.add_argument("--seconds", type=float, default=6.0, help="length of a repetition, the first second apart")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--graphs", help="folder for graphs in ONNX (default: beside the output)")
    parser.add_argument("--simulate", action="store_true", help="a board that does not exist, to try the program")
    options = parser.parse_args(words)
    options.graphs = options.graphs or os.path.splitext(options.output)[0] + ".graphs"
    return options


def words_of(known):
    def parse(text):
        chosen = [word for word in text.split(",") if word]
        unknown = [word for word in chosen if word not in known]
        if unknown or not chosen:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown) or 'nothing'} is not among {', '.join(known)}")
        return chosen
    return parse


def numbers(text):
    found = [int(word) for word in text.split(",")]
    if not all(n > 0 for n in found):
        raise argparse.ArgumentTypeError("a batch is at least 1")
    return found


def open_board(options):
    """The board, what makes loads on it, and PyTorch's version."""
    if options.simulate:
        from simulation import SimulatedBoard, SimulatedWorkbench
        board = SimulatedBoard()
        return board, SimulatedWorkbench(board, options.networks), "none"
    try:
        import torch
    except ImportError:
        raise Unavailable("PyTorch is not installed: see pytorch.org, or try --simulate") from None
    if not torch.cuda.is_available():
        raise Unavailable("PyTorch sees no NVIDIA GPU")
    if options.gpu >= torch.cuda.device_count():
        raise Unavailable(f"there is no GPU {options.gpu}: PyTorch sees {torch.cuda.device_count()}")
    torch.cuda.set_device(options.gpu)
    # PyTorch and the management library may number boards differently.
    identifier = getattr(torch.cuda.get_device_properties(options.gpu), "uuid", None)
    board = Board(f"GPU-{identifier}" if identifier else None, options.gpu)
    return board, networks.Workbench(f"cuda:{options.gpu}"), torch.__version__


def read(path):
    if not os.path.exists(path):
        return []
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


class Samples:
    """The rows of all repetitions, each written as soon as it is measured."""

    def __init__(self, path, board, torch_version):
        self.path = path
        self.trim()
        self.rows = read(path)
        for row in self.rows[:1]:
            if list(row) != SAMPLES:
                raise Unavailable(f"{path}: its columns are those of another version; name another --output")
        for row in self.rows:
            for what, then, now in [("board", row["board"], board.name), ("driver", row["driver"], board.driver),
                                    ("PyTorch", row["torch"], torch_version)]:
                if then != now:
                    raise Unavailable(f"{path}: {what} was {then} and is {now} now; name another --output")

    def trim(self):
        """A line that was not finished, because the disk was full for instance, is measured again."""
        if not os.path.exists(self.path):
            return
        with open(self.path, "rb+") as file:
            kept = file.read().rfind(b"\n") + 1
            file.truncate(kept)
        if kept == 0:
            os.remove(self.path)

    def add(self, row):
        is_new = not os.path.exists(self.path)
        with open(self.path, "a", newline="") as file:
            writer = csv.DictWriter(file, SAMPLES, restval="")
            if is_new:
                writer.writeheader()
            writer.writerow(row)
        self.rows.append({key: str(row.get(key, "")) for key in SAMPLES})

    def of(self, configuration):
        key = [str(getattr(configuration, name)) for name in KEYS]
        return [row for row in self.rows if [row[name] for name in KEYS] == key]


def measure(options, board, workbench, torch_version, samples):
    """All configurations of one network after the other; within it repetitions in random order."""
    order = random.Random(1)
    soaked = False
    for position, network in enumerate(options.networks, 1):
        wanted = [Configuration(network, *rest) for rest in
                  itertools.product(options.modes, options.executions, options.precisions, options.batches,
                                    networks.layouts(network, options.layouts))]
        missing = [(c, n) for c in wanted for n in range(len(samples.of(c)), options.repetitions)]
        if not missing:
            continue
        if not soaked:
            report(f"warming {board.name} up until its temperature stands")
            report(f"warm after {protocol.soak(board, workbench.soaker()):.0f} s")
            soaked = True
        minutes = len(missing) * (options.seconds + 1) / 60
        report(f"{network} ({position} of {len(options.networks)}): {len(missing)} repetitions, at least {minutes:.0f} minutes")
        order.shuffle(missing)
        loads, rest = {}, None
        for configuration, repetition in sorted(missing, key=lambda m: (m[1], missing.index(m))):
            if configuration in loads and loads[configuration] is None:
                continue
            # The rest after one run is the rest before the next.
            before = rest if rest is not None else protocol.idle_watts(board)
            try:
                load = workbench.load(configuration)
                row = protocol.measure(board, load, options.seconds)
            except Exception as error:  # out of memory, or an operator that a type or the compiler lacks
                report(f"  {describe(configuration)}: {one_line(error)}")
                workbench.expect_sound()
                row, load = {"rejected": one_line(error)}, None
            loads[configuration] = load and True
            del load
            rest = protocol.idle_watts(board)
            samples.add({**{name: getattr(configuration, name) for name in KEYS}, "repetition": repetition, **row,
                         "idle_watts_before": blank(before), "idle_watts_after": blank(rest),
                         "board": board.name, "driver": board.driver, "torch": torch_version})


def describe(configuration):
    return " ".join(str(getattr(configuration, name)) for name in KEYS)


def kind_of(row):
    """What rows of the table of errors have in common; how images usually lie needs no word."""
    return f"{row['mode']} {row['execution']} {row['precision']} {row['layout']}".removesuffix(" contiguous")


def blank(value):
    return "" if value is None else value


def graph_paths(options, workbench):
    """Where the graph of each network is, or why there is none."""
    os.makedirs(options.graphs, exist_ok=True)
    found = {}
    for network in options.networks:
        present = os.path.join(options.graphs, network + ".onnx")
        try:
            found[network] = (present if os.path.exists(present) else workbench.export(network, options.graphs), "no graph")
        except Exception as error:  # whatever an exporter raises, the measurements stand
            found[network] = (None, f"no graph: {one_line(error)}")
            report(f"  {network}: {found[network][1]}")
    return found


def summarise(options, samples, graphs):
    """One row for each measured configuration, with its prediction."""
    groups = {}
    for row in samples.rows:
        groups.setdefault(tuple(row[name] for name in KEYS), []).append(row)
    result = []
    for key, rows in groups.items():
        kept = [row for row in rows if not row["rejected"] and row["joules"]]
        joules = [float(row["joules"]) for row in kept]
        summary = {**dict(zip(KEYS, key)), "repetitions": len(kept),
                   "rejected": "; ".join(sorted({row["rejected"] for row in rows if row["rejected"]})),
                   "throttles": " and ".join(sorted({row["throttles"] for row in kept if row["throttles"]})),
                   **{name: rows[0][name] for name in ("board", "driver", "torch")}}
        if kept:
            summary["joules"] = statistics.median(joules)
            summary["seconds"] = statistics.median(float(row["seconds"]) for row in kept)
            summary["watts"] = summary["joules"] / summary["seconds"]
            summary["joules_spread_pct"] = 100 * (max(joules) - min(joules)) / summary["joules"]
        graph, remark = graphs.get(key[0], (None, "no graph"))
        if graph and options.nncost:
            configuration = Configuration(*key[:4], int(key[4]), key[5])
            predicted = prediction.predict(options.nncost, graph, options.table, configuration)
            summary["predicted_joules"], summary["predicted_seconds"], remark = predicted
        summary["remark"] = remark if options.nncost else "no nncost"
        result.append({name: blank(summary.get(name)) for name in SUMMARY})
    return result


def write(path, rows):
    with open(path + ".partial", "w", newline="") as file:
        writer = csv.DictWriter(file, SUMMARY)
        writer.writeheader()
        writer.writerows(rows)
    os.replace(path + ".partial", path)


def report(text):
    print(text, file=sys.stderr, flush=True)


def expect_program(options):
    """Hours of measuring must not end with a program that is not there."""
    if not options.nncost:
        report("without --nncost nothing is predicted")
        return
    try:
        run = subprocess.run([options.nncost, "devices", "show", options.table], capture_output=True, text=True)
    except OSError as error:
        raise Unavailable(f"{options.nncost}: {error.strerror}") from None
    if run.returncode != 0:
        raise Unavailable((run.stderr.strip().splitlines() or ["nncost does not know the table"])[0])


def interrupt(*_):
    raise KeyboardInterrupt


def main(words):
    options = arguments(words)
    signal.signal(signal.SIGTERM, interrupt)
    try:
        board, workbench, torch_version = open_board(options)
        expect_program(options)
        lacking = [precision for precision in options.precisions if not workbench.has(precision)]
        if lacking:
            report(f"{board.name} has no {' and no '.join(lacking)}, which is left out")
            options.precisions = [precision for precision in options.precisions if precision not in lacking]
        samples = Samples(os.path.splitext(options.output)[0] + ".samples.csv", board, torch_version)
    except Unavailable as error:
        report(f"measure.py: {error}")
        return 3
    status = 0
    try:
        measure(options, board, workbench, torch_version, samples)
    except KeyboardInterrupt:
        report("stopped: finished repetitions are kept, and the same command goes on from there")
        status = 130
    except (Unavailable, OSError) as error:
        report(f"measure.py: {error}; finished repetitions are kept, and the same command goes on from there")
        status = 3
    # What was measured stands, whatever exporters do.
    write(options.output, summarise(options, samples, {}))
    rows = summarise(options, samples, graph_paths(options, workbench))
    write(options.output, rows)
    for title, key in [("mode, execution, precision, layout", kind_of),
                       ("network", lambda r: r["network"])]:
        for line in prediction.table(rows, key, title):
            print(line)
        print()
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
