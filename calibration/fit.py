#!/usr/bin/env python3
"""Fits a device table to published measurements.

    python3 calibration/fit.py FOLDER OUTPUT.json [--residuals RESIDUALS.md] [--families]

FOLDER holds the measurements (see calibration/README.md for what and from where). The table is written
to OUTPUT, the residuals to standard output and to RESIDUALS. The same input gives the same bytes.
`--families` also fits the engine with each family of networks left out, and shows how it then fares on it.
Needs numpy, scipy and onnx.
"""

import argparse
import csv
import json
import os

import numpy as np
from scipy.optimize import least_squares

from fitting import graphs, samples, timing

DATE = "2025-11-21"
BOARD = dict(name="NVIDIA Tesla T4", compute_capability="7.5", sms=40, l2_bytes=4 << 20,
             dram_bytes=16 << 30, tdp_w=70)
SMS, L2 = BOARD["sms"], BOARD["l2_bytes"]
SOURCES = [
    "github.com/sitar-lab/NeuSight 6945927 scripts/asplos/data/dataset",
    "github.com/baidu-research/DeepBench da81ba7 results/{train,inference}/DeepBench_NV_T4.xlsx",
    "github.com/PaddlePaddle/PaddleClas d178931 docs/zh_CN/models/ImageNet1k",
    "github.com/NVIDIA/TensorRT 007c347 demo/BERT/README.md",
]
# Watts: idle without and with a context (nvidia-smi snapshots of T4s in P0), and the enforced limit.
POWER = dict(idle_w=26, idle_context_w=30.7, cap_w=70)
# A prior: GDDR6 boards draw 55 to 115 pJ for each byte of memory traffic. Nobody has published it for a T4.
JOULES_PER_BYTE = 85e-12
ELEMENT = {"float32": 4, "float16": 2, "int8": 1}


# What the data sheet gives as peaks, which no fitted rate may pass.
PEAK = {"float32": 8.14e12, "float16": 65e12, "int8": 130e12}


def solve(residuals, start, prior_weight=0.05, peaks={}):
    """Positive parameters, as a dictionary, that make `residuals` (of logarithms) small, robustly."""
    names = list(start)
    first = np.log([start[n] for n in names])

    def function(x):
        values = dict(zip(names, np.exp(x)))
        return np.concatenate([residuals(values), prior_weight * (x - first)])

    limits = np.log([peaks.get(n, 1e30) for n in names])
    result = least_squares(function, first, bounds=(-np.inf, limits), loss="soft_l1", f_scale=0.15,
                           max_nfev=100)
    return dict(zip(names, (float(v) for v in np.exp(result.x))))


def report(table, name, predicted, measured):
    ratio = predicted / measured
    error = np.abs(ratio - 1) * 100
    row = dict(name=name, n=len(ratio), mape=float(error.mean()), median=float(np.median(error)),
               bias=float(np.median(ratio)))
    table.append(row)
    return row["mape"]


def fit_traffic(rows, operations, l2=None):
    """Bandwidth and the isolated launch of operations that only move bytes."""
    size, seconds, test, _ = samples.traffic(rows, operations)

    def predict(v):
        move = timing.moving(size, 0, v["dram"], l2 or v["l2"], L2)
        return v["launch"] + move

    start = dict(dram=2.4e11, launch=25e-6) | ({} if l2 else dict(l2=1e12))
    v = solve(lambda v: np.log(predict(v)[~test] / seconds[~test]), start, 0.01)
    return v, predict(v), seconds, test


def product_seconds(s, v, dram, l2, winograd=1.0):
    compute = timing.products(s.batch, s.rows, s.columns, s.depth, s.element, v["rate"], v["fetch"],
                              dram, min(v["wave_loss"], 1), min(v["unaligned"], 1), SMS)
    compute = compute * np.where(s.winograd, winograd, 1)
    return timing.overlapped(compute, timing.moving(s.cached, s.streamed, dram, l2, L2))


def thinned(s, count):
    """Every so-many-th of the rows that may be fitted to."""
    rows = np.flatnonzero(~s.test)
    mask = np.zeros(len(s), bool)
    mask[rows[:: max(1, len(rows) // count)]] = True
    return s.pick(mask)


def fit_products(sets, start, dram, l2, peak):
    """One rate for several sets of samples, each with a launch of its own; `sets` maps names to samples."""
    train = {n: thinned(s, 1500) for n, s in sets.items()}

    def residuals(v):
        parts = []
        for name, s in train.items():
            predicted = v["launch " + name] + product_seconds(s, v, dram, l2, v.get("winograd", 1.0))
            # Sets count alike, however many rows they have.
            parts.append(np.log(predicted / s.seconds) * np.sqrt(300 / len(s)))
        return np.concatenate(parts)

    return solve(residuals, start | {"launch " + n: 2e-5 for n in sets}, peaks=dict(rate=peak))


class Engine:
    """Networks run by a compiled engine, with their kernels as arrays."""

    def __init__(self, folder):
        folder = os.path.join(folder, "paddleclas")
        self.names, self.seconds, self.batch, self.half = [], [], [], []
        columns = {k: [] for k in (
            "network kind batch rows columns depth groups winograd activations weights").split()}
        with open(os.path.join(folder, "t4_models.csv")) as file:
            table = list(csv.DictReader(file))
        for row in table:
            for batch in (1, 4, 8):
                path = os.path.join(folder, "models", row["model"] + ".onnx")
                kernels = graphs.kernels(path, batch, int(row["size"] or 224))
                for precision in ("fp32", "fp16"):
                    value = row[f"{precision}_bs{batch}_ms"]
                    if value == "-":
                        continue
                    for kernel in kernels:
                        for key in columns:
                            columns[key].append(
                                len(self.names) if key == "network" else kernel[key])
                    # `batch` of a kernel is that of its product.
                    self.names.append(row["model"])
                    self.seconds.append(float(value) * 1e-3)
                    self.batch.append(batch)
                    self.half.append(precision == "fp16")
        self.seconds, self.half = np.array(self.seconds), np.array(self.half)
        self.batch = np.array(self.batch)
        self.k = {k: np.array(v) for k, v in columns.items()}
        for key in ("batch", "rows", "columns", "depth", "activations", "weights", "groups"):
            self.k[key] = self.k[key].astype(float)
        self.k["half"] = self.half[self.k["network"]]
        self.k["element"] = np.where(self.k["half"], 2.0, 4.0)

    def family(self, i):
        for family in ("EfficientNet", "ResNeXt", "ResNet", "VGG", "MobileNetV2", "MobileNetV3"):
            if self.names[i].startswith(family):
                return family
        return self.names[i]

    def predict(self, v, gemm, memory, energy):
        k = self.k
        moving = timing.moving(k["element"] * k["activations"], k["element"] * k["weights"],
                               memory["dram"], memory["l2"], L2)
        compute = np.zeros(len(moving))
        launch = np.full(len(moving), v["launch"])
        spent = np.zeros(len(moving))
        flops = 2 * k["batch"] * k["rows"] * k["columns"] * k["depth"]
        for half, name in ((False, "float32"), (True, "float16")):
            for kind in ("convolution", "gemm"):
                i = np.flatnonzero((k["kind"] == kind) & (k["half"] == half))
                rate = gemm[name] if kind == "gemm" else {
                    key: v[f"{key} {name}"] for key in ("rate", "fetch")} | dict(
                        wave_loss=v["wave_loss"], unaligned=1)
                share = np.where(k["winograd"][i], v[f"winograd {name}"], 1)
                compute[i] = share * timing.products(
                    k["batch"][i], k["rows"][i], k["columns"][i], k["depth"][i], k["element"][i],
                    rate["rate"], rate["fetch"], memory["dram"], min(rate["wave_loss"], 1),
                    min(rate["unaligned"], 1), SMS)
                spent[i] = share * flops[i] * energy[name]
            for kind in ("depthwise", "grouped"):
                i = np.flatnonzero((k["kind"] == kind) & (k["half"] == half))
                compute[i] = flops[i] / v[f"{kind} {name}"]
                spent[i] = flops[i] * energy[name]
        launch[k["kind"] == "convolution"] += v["convolution launch"]
        launch[k["kind"] == "depthwise"] += v["depthwise launch"]
        i = k["kind"] == "grouped"
        launch[i] += v["grouped launch"] * k["groups"][i]
        moved = k["element"] * (k["activations"] + k["weights"])
        spent = spent + JOULES_PER_BYTE * moved
        n = len(self.names)
        busy = np.bincount(k["network"], launch + timing.overlapped(compute, moving), n)
        joules = np.bincount(k["network"], spent, n)
        return np.maximum(v["execution"] + busy,
                          joules / (POWER["cap_w"] - POWER["idle_context_w"]))


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
    return max(busy, joules / (POWER["cap_w"] - POWER["idle_context_w"]))


def fit_engine(engine, isolated, gemm, memory, energy, runs, left_out=None):
    """The engine's fixed costs, and the rates of its convolutions, isolated ones included."""
    runs = [r for r in runs if r[0] == "float16"]
    keep = np.array([engine.family(i) != left_out for i in range(len(engine.names))])
    train = {n: thinned(s, 1000) for n, s in isolated.items()}

    def residuals(v):
        parts = [np.log(engine.predict(v, gemm, memory, energy) / engine.seconds)[keep]]
        # What this engine takes for each execution is not the other's, so runs of BERT tell of launches only.
        parts.append([np.log((v["execution BERT"] + bert_seconds(r, v["launch"], gemm, memory, energy))
                             / r[5]) for r in runs])
        for name, s in train.items():
            precision = "float32" if "fp32" in name else "float16"
            rate = dict(rate=v["rate " + precision], fetch=v["fetch " + precision],
                        wave_loss=v["wave_loss"], unaligned=1)
            predicted = v["launch " + name] + product_seconds(
                s, rate, memory["dram"], memory["l2"], v["winograd " + precision])
            parts.append(np.log(predicted / s.seconds) * np.sqrt(15 / len(s)))
        return np.concatenate(parts)

    start = {"rate float32": 5e12, "fetch float32": 1.5e12, "winograd float32": 0.6,
             "rate float16": 35e12, "fetch float16": 1e12, "winograd float16": 0.9,
             "depthwise float32": 3e11, "depthwise float16": 3e11, "grouped float32": 1.5e12,
             "grouped float16": 3e12, "depthwise launch": 5e-6, "grouped launch": 2e-6,
             "convolution launch": 2e-6, "launch": 6e-6, "execution": 4e-4, "execution BERT": 1e-4, "wave_loss": 0.3}
    peaks = {f"{kind} {n}": PEAK[n] for kind in ("rate", "grouped") for n in ("float32", "float16")}
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


def joules_per_flop(runs, precision):
    """What an operation draws, from runs long enough to sit at the cap: their power is known."""
    dynamic = POWER["cap_w"] - POWER["idle_context_w"]
    values = [(dynamic * t - JOULES_PER_BYTE * b) / f
              for p, batch, length, f, b, t, _, _ in runs if p == precision and batch * length >= 4096]
    return float(np.median(values)), len(values)


def sustained_fp32():
    """FP32: BERT-base, batch 32, 384 tokens, 552.46 ms (FasterTransformer df4a753 docs/bert_guide.md)."""
    tokens, layers, width, length = 32 * 384, 12, 768, 384
    weights = layers * 12 * width * width
    flops = 2 * weights * tokens + layers * 4 * length * width * tokens
    moved = 4 * (layers * 26 * width * tokens + weights)
    dynamic = POWER["cap_w"] - POWER["idle_context_w"]
    return (dynamic * 0.55246 - JOULES_PER_BYTE * moved) / flops


def rounded(value, digits=3):
    return float(f"{value:.{digits}g}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("output")
    parser.add_argument("--residuals")
    parser.add_argument("--families", action="store_true")
    options = parser.parse_args()
    table, rows = [], samples.neusight(options.folder)

    # Memory.
    element, predicted, seconds, test = fit_traffic(rows, samples.ELEMENTWISE)
    moved = {"elementwise": (element, report(
        table, "elementwise, NeuSight test", predicted[test], seconds[test]), int((~test).sum()))}
    memory = dict(dram=element["dram"], l2=element["l2"])
    for name, operation in (("softmax", "softmax"), ("normalization", "ln")):
        v, predicted, seconds, test = fit_traffic(rows, [operation], memory["l2"])
        moved[name] = (v, report(table, f"{name}, NeuSight test", predicted[test], seconds[test]),
                       int((~test).sum()))

    # Energy per operation, from runs at the cap.
    runs = bert(options.folder)
    energy, sustained = {"float32": sustained_fp32()}, {"float32": 1}
    for name in ("float16", "int8"):
        energy[name], sustained[name] = joules_per_flop(runs, name)

    # Matrix products.
    gemm, gemm_error, gemm_count = {}, {}, {}
    sets = {
        "float32": {"NeuSight bmm": samples.neusight_products(rows, "bmm"),
                    "NeuSight linear": samples.neusight_products(rows, "linear"),
                    "DeepBench fp32": samples.deepbench_products(options.folder, "fp32")},
        "float16": {"DeepBench fp16": samples.deepbench_products(options.folder, "fp16")},
    }
    starts = {"float32": 4.5e12, "float16": 4e13}
    for name, group in sets.items():
        start = dict(rate=starts[name], fetch=1.5e12, wave_loss=0.3, unaligned=0.9)
        gemm[name] = fit_products(group, start, memory["dram"], memory["l2"], PEAK[name])
        errors = []
        for source, s in group.items():
            s = s.pick(s.test)
            predicted = gemm[name]["launch " + source] + product_seconds(
                s, gemm[name], memory["dram"], memory["l2"])
            errors.append((report(table, f"gemm {name}, {source} test", predicted, s.seconds), len(s)))
        gemm_error[name] = sum(e * n for e, n in errors) / sum(n for _, n in errors)
        gemm_count[name] = int(sum((~s.test).sum() for s in group.values()))

    # Convolutions and the engine.
    engine = Engine(options.folder)
    isolated = {"NeuSight fp32": samples.neusight_convolutions(rows),
                "DeepBench fp32": samples.deepbench_convolutions(options.folder, "fp32"),
                "DeepBench fp16": samples.deepbench_convolutions(options.folder, "fp16")}
    v = fit_engine(engine, isolated, gemm, memory, energy, runs)
    conv_error = {}
    for source, s in isolated.items():
        s = s.pick(s.test)
        name = "float32" if "fp32" in source else "float16"
        rate = dict(rate=v["rate " + name], fetch=v["fetch " + name], wave_loss=v["wave_loss"], unaligned=1)
        predicted = v["launch " + source] + product_seconds(
            s, rate, memory["dram"], memory["l2"], v["winograd " + name])
        conv_error[name] = report(table, f"convolution {name}, {source} test", predicted, s.seconds)
    for time, label in (("time_bwd_inputs_ms", "gradient to inputs"),
                        ("time_bwd_params_ms", "gradient to weights")):
        s = samples.deepbench_convolutions(options.folder, "fp32", time)
        rate = dict(rate=v["rate float32"], fetch=v["fetch float32"], wave_loss=v["wave_loss"], unaligned=1)
        predicted = v["launch DeepBench fp32"] + product_seconds(
            s, rate, memory["dram"], memory["l2"], v["winograd float32"])
        report(table, f"convolution float32 {label}, DeepBench, none fitted", predicted, s.seconds)

    # int8: convolutions from DeepBench; products are taken to speed up over half precision as they do.
    int8 = {"DeepBench int8": samples.deepbench_convolutions(options.folder, "int8")}
    start = dict(rate=7e13, fetch=1e12, wave_loss=v["wave_loss"], unaligned=1)
    conv8 = fit_products(int8, start, memory["dram"], memory["l2"], PEAK["int8"])
    s = int8["DeepBench int8"].pick(int8["DeepBench int8"].test)
    conv_error["int8"] = report(
        table, "convolution int8, DeepBench int8 test",
        conv8["launch DeepBench int8"] + product_seconds(s, conv8, memory["dram"], memory["l2"]), s.seconds)
    predicted = engine.predict(v, gemm, memory, energy)
    for half, name in ((False, "float32"), (True, "float16")):
        for batch in (1, 4, 8):
            mask = (engine.half == half) & (engine.batch == batch)
            report(table, f"20 CNNs, PaddleClas, {name}, batch {batch}", predicted[mask],
                   engine.seconds[mask])
    gemm["int8"] = dict(gemm["float16"], rate=gemm["float16"]["rate"] * 2)
    for name in ("float16", "int8"):
        mine = [r for r in runs if r[0] == name]
        predicted = np.array(
            [v["execution"] + bert_seconds(r, v["launch"], gemm, memory, energy) for r in mine])
        report(table, f"BERT, TensorRT, {name}", predicted, np.array([r[5] for r in mine]))
    held_out = np.zeros(len(engine.names))
    if options.families:
        for family in sorted({engine.family(i) for i in range(len(engine.names))}):
            other = fit_engine(engine, isolated, gemm, memory, energy, runs, left_out=family)
            mask = np.array([engine.family(i) == family for i in range(len(engine.names))])
            held_out[mask] = engine.predict(other, gemm, memory, energy)[mask]
            report(table, f"{family}, fitted without them", held_out[mask], engine.seconds[mask])
        report(table, "20 CNNs, each fitted without its family", held_out, engine.seconds)

    # Two forms of the cap: the runs' own products at the burst rate, against what they were measured at.
    lines = ["| what | n | mean error % | median error % | median predicted / measured |",
             "|---|---|---|---|---|"]
    lines += [f"| {r['name']} | {r['n']} | {r['mape']:.1f} | {r['median']:.1f} | {r['bias']:.2f} |"
              for r in table]
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if options.residuals:
        with open(options.residuals, "w") as file:
            file.write(text)
    write(options.output, v, gemm, gemm_error, gemm_count, conv_error, conv8, energy, moved, memory,
          engine, isolated)


def write(output, v, gemm, gemm_error, gemm_count, conv_error, conv8, energy, moved, memory, engine,
          isolated):
    """Writes the table: one line for each class."""
    dram = rounded(memory["dram"])
    classes = []

    def add(op, kind, rate, joules, provider, n, mape, **more):
        row = dict(op=op, type=kind, flops_per_s=rounded(rate), joules_per_flop=rounded(joules))
        row |= {k: rounded(x) for k, x in more.items()}
        classes.append(row | dict(p=timing.P, provider=provider, n=n, mape_pct=rounded(mape)))

    def tiles(r, unaligned=True):
        return dict(tile_bytes_per_s=r["fetch"], wave_loss=min(r["wave_loss"], 1),
                    unaligned=min(r["unaligned"], 1) if unaligned else 1)

    engine_counts = {"float32": int((~engine.half).sum()), "float16": int(engine.half.sum())}
    gemm_error["int8"], gemm_count["int8"] = gemm_error["float16"], 0
    for name in ELEMENT:
        e = energy[name]
        borrowed = "float16 at twice the rate" if name == "int8" else None
        add("gemm", name, gemm[name]["rate"], e, borrowed or "cublas", gemm_count[name],
            gemm_error[name], **tiles(gemm[name]))
        for op in ("attention", "recurrence"):
            add(op, name, gemm[name]["rate"], e, "gemm", 0, gemm_error[name], **tiles(gemm[name]))
        if name == "int8":
            n = len(isolated["DeepBench fp32"])
            add("convolution", name, conv8["rate"], e, "cudnn", 86, conv_error[name],
                **tiles(conv8, unaligned=False), winograd=1,
                launch_us=v["convolution launch"] * 1e6)
        else:
            r = dict(fetch=v["fetch " + name], wave_loss=v["wave_loss"], unaligned=1)
            n = engine_counts[name] + sum(
                int((~s.test).sum()) for k, s in isolated.items()
                if ("fp32" in k) == (name == "float32"))
            add("convolution", name, v["rate " + name], e, "cudnn, tensorrt", n, conv_error[name],
                **tiles(r, unaligned=False), winograd=min(v["winograd " + name], 1),
                launch_us=v["convolution launch"] * 1e6)
        source = "float16" if name == "int8" else name
        n = 0 if name == "int8" else engine_counts[name]
        provider = "float16" if name == "int8" else "tensorrt"
        add("depthwise_convolution", name, v["depthwise " + source], e, provider, n, 15,
            launch_us=v["depthwise launch"] * 1e6)
        add("grouped_convolution", name, v["grouped " + source], e, provider, n // 20, 25,
            group_us=v["grouped launch"] * 1e6)
    for op, source in (("elementwise", None), ("movement", "elementwise"), ("pooling", "elementwise"),
                       ("reduction", "elementwise"), ("softmax", None), ("normalization", None)):
        r, mape, n = moved[source or op]
        # Plain arithmetic at half the peak of multiply-adds; it hardly ever binds.
        row = dict(op=op, type="any", flops_per_s=4e12, bytes_per_s=rounded(r["dram"]),
                   joules_per_flop=rounded(energy["float32"]))
        classes.append(row | dict(p=timing.P, provider=source or "pytorch",
                                  n=0 if source else n, mape_pct=rounded(mape)))
    document = dict(
        schema="nncost-device/1", device=BOARD,
        provenance=dict(kind="published-measurements", sources=SOURCES, date=DATE,
                        tool="calibration/fit.py",
                        samples=sum(c["n"] for c in classes if c["op"] in (
                            "gemm", "convolution", "elementwise", "softmax", "normalization"))),
        power=POWER,
        launch=dict(gpu_us=rounded(v["launch"] * 1e6),
                    dispatch_us=rounded(moved["elementwise"][0]["launch"] * 1e6),
                    execution_us=rounded(v["execution"] * 1e6)),
        memory=dict(dram=dict(bytes_per_s=dram, joules_per_byte=JOULES_PER_BYTE),
                    l2=dict(bytes_per_s=rounded(memory["l2"]))),
        classes=classes,
        uncertainty=dict(sensor_pct=5, unit_to_unit_pct=9, model_pct=12, data_pct=10))
    with open(output, "w") as file:
        lines = []
        for key, value in document.items():
            if key == "classes":
                value = "[\n  " + ",\n  ".join(json.dumps(c) for c in value) + "\n ]"
            else:
                value = json.dumps(value)
            lines.append(f' "{key}": {value}')
        file.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
