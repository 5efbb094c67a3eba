"""Networks run by a compiled engine: what their kernels take together, and the fit of it."""

import csv
import os
from types import SimpleNamespace

import numpy as np

from fitting import graphs, timing
from fitting.board import ELEMENT, EXECUTION, JOULES_PER_BYTE, L2, PEAK, POWER, SMS
from fitting.products import demand, product_seconds, solve, thinned

# A convolution comes with kernels that get its operands ready; in tensor cores two more bring them into another layout and
# back. These move again so much of what the convolution moves: all of it twice where the layers beside a depthwise
# one have the other layout. Priors: the numbers that left-out families came out best with. Networks of 8-bit numbers keep
# one layout.
KERNELS = {"float32": 2, "float16": 4, "int8": 1}
RELAYOUT = {"convolution": 0.5, "grouped": 0.5, "depthwise": 2}
CONVOLUTIONS = tuple(RELAYOUT)
EXTENTS = "batch rows columns depth element w_batch w_rows w_columns w_depth".split()


class Engine:
    """Networks run by a compiled engine, with their kernels as arrays."""

    def __init__(self, folder, nncost):
        folder = os.path.join(folder, "paddleclas")
        self.names, self.seconds, self.batch, self.half = [], [], [], []
        counts = {}
        with open(os.path.join(folder, "t4_models.csv")) as file:
            table = list(csv.DictReader(file))
        for row in table:
            for batch in (1, 4, 8):
                path = os.path.join(folder, "models", row["model"] + ".onnx")
                size = int(row["size"] or 224)
                for precision in ("fp32", "fp16"):
                    value = row[f"{precision}_bs{batch}_ms"]
                    if value == "-":
                        continue
                    for kernel in graphs.kernels(
                            nncost, path, precision, "--input-shape", f"input={batch}x3x{size}x{size}"):
                        # Many networks have the same kernels, and all of them have some more than once.
                        found = counts.setdefault((precision == "fp16", *kernel.values()), {})
                        found[len(self.names)] = found.get(len(self.names), 0) + 1
                    self.names.append(row["model"])
                    self.seconds.append(float(value) * 1e-3)
                    self.batch.append(batch)
                    self.half.append(precision == "fp16")
        self.seconds, self.half = np.array(self.seconds), np.array(self.half)
        self.batch = np.array(self.batch)
        # `batch` of a kernel is that of its product.
        self.k = {key: np.array(column) for key, column in zip(["half", *kernel], zip(*counts))}
        for key in self.k.keys() - {"half", "kind"}:
            self.k[key] = self.k[key].astype(float)
        self.k["element"] = np.where(self.k["half"], 2.0, 4.0)
        self.products = {}
        for kind in ("convolution", "gemm", "grouped"):
            for half in (False, True):
                i = np.flatnonzero((self.k["kind"] == kind) & (self.k["half"] == half))
                self.products[kind, half] = i, _products(self.k, kind, i)
        # How often each network has each of them.
        self.launches = np.zeros((len(self.names), len(counts)))
        for column, found in enumerate(counts.values()):
            for network, count in found.items():
                self.launches[network, column] = count

    def family(self, i):
        for family in ("EfficientNet", "ResNeXt", "ResNet", "VGG", "MobileNetV2", "MobileNetV3"):
            if self.names[i].startswith(family):
                return family
        return self.names[i]

    def predict(self, v, gemm, memory, energy):
        k = self.k
        moving = timing.moving(k["activations"], k["weights"], memory["dram"], memory["l2"], L2)
        busy = moving.copy()
        launch = np.where(k["kind"] == "gemm", v["launch"], v["spatial"])
        spent, again = np.zeros(len(moving)), np.zeros(len(moving))
        for half, name in ((False, "float32"), (True, "float16")):
            for kind in ("convolution", "gemm", "grouped"):
                i, s = self.products[kind, half]
                rate = gemm[name] if kind == "gemm" else convolution_rate(v, name, energy)
                busy[i], operations, again[i] = demand(
                    s, rate, memory["dram"], memory["l2"], moving[i] / s.groups, prepared=True)
                # Groups are done one after another.
                busy[i] *= s.groups
                spent[i] = operations * s.groups * energy[name] * (1 if kind == "gemm" else v["sparsity"])
            i = np.flatnonzero((k["kind"] == "depthwise") & (k["half"] == half))
            flops = 2 * k["batch"][i] * k["rows"][i] * k["columns"][i] * k["depth"][i]
            busy[i] = timing.overlapped(
                moving[i], timing.separate(flops, k["depth"][i], v["depthwise"], v["setup taps"]))
            spent[i] = flops * energy[name] * v["sparsity"]
            for kind in CONVOLUTIONS:
                # At a single position all layouts are the same.
                i = np.flatnonzero((k["kind"] == kind) & (k["half"] == half) & (k["area"] > 1))
                launch[i] += (KERNELS[name] - 1) * v["spatial"]
                if half:
                    busy[i] += RELAYOUT[kind] * moving[i]
                    again[i] += RELAYOUT[kind] * (k["activations"] + k["weights"])[i]
        i = k["kind"] == "grouped"
        launch[i] += v["spatial"] * k["groups"][i]
        moved = k["activations"] + k["weights"] + again
        spent = spent + JOULES_PER_BYTE * moved
        busy = self.launches @ (launch + busy)
        joules = self.launches @ spent
        return np.maximum(EXECUTION + busy,
                          joules / (POWER["cap_w"] - POWER["active_w"]))


def _products(k, kind, i):
    s = SimpleNamespace(**{key: k[key][i] for key in EXTENTS}, groups=np.ones(len(i)))
    if kind == "grouped":
        # One product for each group.
        s.groups, s.batch = k["groups"][i], k["batch"][i] / k["groups"][i]
    return s


def convolution_rate(v, name, energy, isolated=False):
    """What is known of convolutions in a type, by the energy of its operations.

    Of those measured in isolation, some have channels that fit no tensor core; an engine fills those up.
    """
    unaligned = v["unaligned float16"] if isolated and name == "float16" else 1
    return dict(rate=v["rate " + name], fetch=v["fetch " + name], wave_loss=v["wave_loss"], unaligned=unaligned,
                gap=v["spatial"], joules=energy[name] * v["sparsity"], depth=v.get("depth " + name, 0.0))


def sustained_convolutions(folder, nncost):
    """What an INT8 operation of a convolution draws: ResNet-50, 6,092 images a second in batches of 256, at the cap.

    The median of the Offline results for one T4 in MLPerf Inference v0.7 (github.com/mlcommons/inference_results_v0.7).
    """
    path = os.path.join(folder, "paddleclas", "models", "ResNet50.onnx")
    kernels = graphs.kernels(nncost, path, "int8", "--input-shape", "input=256x3x224x224")
    flops = sum(2 * k["batch"] * k["rows"] * k["columns"] * k["depth"] for k in kernels)
    moved = sum(k["activations"] + k["weights"] for k in kernels)
    return ((POWER["cap_w"] - POWER["active_w"]) * 256 / 6092 - JOULES_PER_BYTE * moved) / flops


def bert_seconds(run, launch, gemm, memory, energy):
    """Seconds of a run of BERT: per layer four products, attention, and two normalisations."""
    precision, batch, length, flops, moved, _, layers, width = run
    element, rate = ELEMENT[precision], gemm[precision]
    tokens, heads = batch * length, width // 64
    extents = [(1, tokens, 3 * width, width), (1, tokens, width, width), (1, tokens, 4 * width, width),
               (1, tokens, width, 4 * width), (batch * heads, length, length, 64),
               (batch * heads, length, 64, length)]
    compute = timing.products(
        *np.array(extents, float).T, element, rate["rate"], rate["fetch"], memory["dram"],
        min(rate["wave_loss"], 1), min(rate["unaligned"], 1), SMS)
    compute = np.append(compute[:4], [compute[4] + compute[5], 0, 0])
    activations = element * tokens * width * np.array([4, 3, 5, 6, 4, 2, 2])
    weights = element * width * width * np.array([3, 1, 4, 4, 0, 0, 0])
    moving = timing.moving(activations, weights, memory["dram"], memory["l2"], L2)
    busy = layers * (7 * launch + timing.overlapped(compute, moving).sum())
    joules = flops * energy[precision] + moved * JOULES_PER_BYTE
    return max(busy, joules / (POWER["cap_w"] - POWER["active_w"]))


def fit_engine(engine, isolated, gemm, memory, energy, runs, left_out=None):
    """What launches take in an engine, and the rates of its convolutions, isolated ones included."""
    runs = [r for r in runs if r[0] == "float16"]
    keep = np.array([engine.family(i) != left_out for i in range(len(engine.names))])
    train = {n: thinned(s, 1000) for n, s in isolated.items()}

    def residuals(v):
        parts = [np.log(engine.predict(v, gemm, memory, energy) / engine.seconds)[keep]]
        # With a fixed cost of their own, runs of BERT tell of launches only.
        parts.append([np.log((v["execution BERT"] + bert_seconds(r, v["launch"], gemm, memory, energy))
                             / r[5]) for r in runs])
        for name, s in train.items():
            precision = "float32" if "fp32" in name else "float16"
            predicted = v["launch " + name] + product_seconds(
                s, convolution_rate(v, precision, energy, isolated=True), memory["dram"], memory["l2"])
            parts.append(np.log(predicted / s.seconds) * np.sqrt(15 / len(s)))
        return np.concatenate(parts)

    start = {"rate float32": 5e12, "fetch float32": 1.5e12,
             "rate float16": 35e12, "fetch float16": 1e12,
             "depthwise": 3e11, "setup taps": 5.0, "depth float16": 2.5e-8, "unaligned float16": 0.5, "sparsity": 0.8, "launch": 3e-6, "spatial": 8e-6,
             "execution BERT": 1e-4, "wave_loss": 0.3}
    peaks = {"sparsity": 1, "unaligned float16": 1} | {"rate " + n: PEAK[n] for n in ("float32", "float16")}
    return solve(residuals, start | {"launch " + n: 2e-5 for n in isolated}, peaks=peaks)


def bert(folder):
    """Operations, bytes, seconds and precision of sustained runs of BERT in a compiled engine."""
    out = []
    with open(os.path.join(folder, "tensorrt_demobert", "t4_bert.csv")) as file:
        for r in csv.DictReader(file):
            layers, width = (12, 768) if "Base" in r["model"] else (24, 1024)
            length, batch = int(r["seq_len"]), int(r["batch"])
            tokens = length * batch
            weights = layers * 12 * width * width
            flops = 2 * weights * tokens + layers * 4 * length * width * tokens
            # Widths of activations moved per layer: projections, attention, feed-forward, two norms.
            elements = layers * 26 * width * tokens + weights
            for precision, element in (("float16", 2), ("int8", 1)):
                seconds = float(r[f"{'fp16' if element == 2 else 'int8'}_avg_ms"]) * 1e-3
                out.append((precision, batch, length, flops, element * elements, seconds, layers, width))
    return out
