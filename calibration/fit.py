#!/usr/bin/env python3
"""Fits a device table to published measurements.

    python3 calibration/fit.py FOLDER OUTPUT.json [--residuals RESIDUALS.md] [--families]

FOLDER holds the measurements (see calibration/README.md for what and from where). The table is written
to OUTPUT, the residuals to standard output and to RESIDUALS. The same input gives the same bytes.
`--families` also fits the engine with each family of networks left out, and shows how it then fares on it.
Needs numpy, scipy and onnx.
"""

import argparse
import os

import numpy as np

from fitting import framework, samples, table as tables, timing
from fitting.board import EXECUTION, JOULES_PER_BYTE, L2, PEAK, POWER, ROW_BYTES
from fitting.engine import Engine, bert, bert_seconds, convolution_rate, fit_engine, sustained_convolutions
from fitting.products import fit_products, product_seconds, solve

# As Sources/Cost/Pricing/Uncertainty.swift has them: what holds nine tenths of a normal distribution, and sqrt(pi / 2).
HALF_WIDTH = 1.645
DEVIATIONS_PER_MEAN_ERROR = 1.2533


def report(table, name, predicted, measured):
    ratio = predicted / measured
    error = np.abs(ratio - 1) * 100
    # A nine-in-ten interval, as the program makes one of the mean error.
    within = np.abs(np.log(ratio)) <= HALF_WIDTH * DEVIATIONS_PER_MEAN_ERROR * error.mean() / 100
    row = dict(name=name, n=len(ratio), mape=float(error.mean()), median=float(np.median(error)),
               bias=float(np.median(ratio)), within=float(within.mean() * 100))
    table.append(row)
    return row["mape"]


def fit_traffic(rows, operations, memory=None, passes=0):
    """Bandwidth and the isolated launch of operations that only move bytes, some of them several times."""
    size, seconds, test, row = samples.traffic(rows, operations)

    def predict(v):
        again = passes * timing.lost(row, ROW_BYTES[operations[0]]) * size / 2 if passes else 0
        return v["launch"] + timing.moving(size, again, v["dram"], v["l2"], L2)

    # Rows read again explain what these operations take beside others at the same bandwidth.
    v = solve(lambda v: np.log(predict(v | (memory or {}))[~test] / seconds[~test]),
              dict(launch=25e-6) if memory else dict(dram=2.4e11, launch=25e-6, l2=1e12), 0.01)
    v |= memory or {}
    return v, predict(v), seconds, test


def fit_gradients(folder, launch, rate, memory, table):
    """What convolutions reach which carry gradients: shares of the rate to inputs, of the tiles' bandwidth to weights."""
    shares = {}

    def fit(time, label, start, predict):
        s = samples.deepbench_convolutions(folder, "fp32", time)
        v = solve(lambda v: np.log((launch + predict(s, v))[~s.test] / s.seconds[~s.test]), start, 0.01)
        shares.update((n, min(x, 1)) for n, x in v.items())
        report(table, f"convolution float32 gradient to {label}, DeepBench test",
               (launch + predict(s, v))[s.test], s.seconds[s.test])

    def inputs(s, v):
        share = np.where(s.strided, min(v["strided_input_gradient"], 1), min(v["input_gradient"], 1))
        return product_seconds(s, rate, memory["dram"], memory["l2"], share)

    def weights(s, v):
        return product_seconds(s, rate, memory["dram"], memory["l2"], fetch_share=min(v["weight_gradient"], 1))

    fit("time_bwd_inputs_ms", "inputs", dict(input_gradient=0.9, strided_input_gradient=0.9), inputs)
    fit("time_bwd_params_ms", "weights", dict(weight_gradient=0.3), weights)
    return shares


def joules_per_flop(runs, precision):
    """What an operation draws, from runs long enough to sit at the cap: their power is known."""
    dynamic = POWER["cap_w"] - POWER["active_w"]
    values = [(dynamic * t - JOULES_PER_BYTE * b) / f
              for p, batch, length, f, b, t, _, _ in runs if p == precision and batch * length >= 4096]
    return float(np.median(values)), len(values)


def sustained_fp32():
    """FP32: BERT-base, batch 32, 384 tokens, 552.46 ms (FasterTransformer df4a753 docs/bert_guide.md)."""
    tokens, layers, width, length = 32 * 384, 12, 768, 384
    weights = layers * 12 * width * width
    flops = 2 * weights * tokens + layers * 4 * length * width * tokens
    moved = 4 * (layers * 26 * width * tokens + weights)
    dynamic = POWER["cap_w"] - POWER["active_w"]
    return (dynamic * 0.55246 - JOULES_PER_BYTE * moved) / flops


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("output")
    parser.add_argument("--nncost", default=".build/debug/nncost", help="the program, which lists kernels")
    parser.add_argument("--models", help="the folder of swin_t_dynamo.onnx (default: FOLDER/../../corpus/models)")
    parser.add_argument("--residuals")
    parser.add_argument("--families", action="store_true")
    options = parser.parse_args()
    options.models = options.models or os.path.join(options.folder, "..", "..", "corpus", "models")
    table, rows = [], samples.neusight(options.folder)

    # Memory.
    element, predicted, seconds, test = fit_traffic(rows, samples.ELEMENTWISE)
    moved = {"elementwise": (element, report(
        table, "elementwise, NeuSight test", predicted[test], seconds[test]), int((~test).sum()))}
    memory = dict(dram=element["dram"], l2=element["l2"])
    # After the first, a softmax reads its rows for the sum and for the quotients, a normalisation for the latter.
    for name, operation, passes in (("softmax", "softmax", 2), ("normalization", "ln", 1)):
        v, predicted, seconds, test = fit_traffic(rows, [operation], memory, passes)
        v |= dict(row_passes=passes, row_bytes=ROW_BYTES[operation])
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
            if source == "NeuSight bmm":
                # The clock was in one of two states, which the extents do not tell, but in long runs mostly in one.
                long = s.seconds >= 0.01
                report(table, f"gemm {name}, those of {source} of 10 ms and more", predicted[long], s.seconds[long])
        gemm_error[name] = sum(e * n for e, n in errors) / sum(n for _, n in errors)
        gemm_count[name] = int(sum((~s.test).sum() for s in group.values()))

    # Convolutions and the engine.
    engine = Engine(options.folder, options.nncost)
    isolated = {"NeuSight fp32": samples.neusight_convolutions(rows),
                "DeepBench fp32": samples.deepbench_convolutions(options.folder, "fp32"),
                "DeepBench fp16": samples.deepbench_convolutions(options.folder, "fp16")}
    v = fit_engine(engine, isolated, gemm, memory, energy, runs)
    conv_error = {}
    for source, s in isolated.items():
        s = s.pick(s.test)
        name = "float32" if "fp32" in source else "float16"
        predicted = v["launch " + source] + product_seconds(
            s, convolution_rate(v, name, energy, isolated=True), memory["dram"], memory["l2"])
        conv_error[name] = report(table, f"convolution {name}, {source} test", predicted, s.seconds)
    shares = fit_gradients(options.folder, v["launch DeepBench fp32"], convolution_rate(v, "float32", energy), memory, table)
    # int8: convolutions from DeepBench; products are taken to speed up over half precision as they do.
    int8 = {"DeepBench int8": samples.deepbench_convolutions(options.folder, "int8")}
    start = dict(rate=7e13, fetch=1e12, wave_loss=v["wave_loss"], unaligned=1, depth=2e-8)
    conv8 = fit_products(int8, start, memory["dram"], memory["l2"], PEAK["int8"])
    s = int8["DeepBench int8"].pick(int8["DeepBench int8"].test)
    conv_error["int8"] = report(
        table, "convolution int8, DeepBench int8 test",
        conv8["launch DeepBench int8"] + product_seconds(s, conv8, memory["dram"], memory["l2"]), s.seconds)
    fitted = engine.predict(v, gemm, memory, energy)
    for half, name in ((False, "float32"), (True, "float16")):
        for batch in (1, 4, 8):
            mask = (engine.half == half) & (engine.batch == batch)
            report(table, f"20 CNNs, PaddleClas, {name}, batch {batch}", fitted[mask],
                   engine.seconds[mask])
    eager, errors = framework.fit(
        options.folder, options.models, options.nncost, v["launch"], v["spatial"], gemm, memory, energy)
    gemm["float16"]["unpadded"] = eager["unpadded"]
    memory["elements"] = eager["elements"]
    print("In a framework, each network by the figures of the other:",
          ", ".join(f"{name} {error:.1f} %" for name, error in errors.items()), "mean error\n")
    gemm["int8"] = dict(gemm["float16"], rate=gemm["float16"]["rate"] * 2)
    for name in ("float16", "int8"):
        mine = [r for r in runs if r[0] == name]
        predicted = np.array(
            [EXECUTION + bert_seconds(r, v["launch"], gemm, memory, energy) for r in mine])
        report(table, f"BERT, TensorRT, {name}", predicted, np.array([r[5] for r in mine]))
    held_out = np.zeros(len(engine.names))
    if options.families:
        for family in sorted({engine.family(i) for i in range(len(engine.names))}):
            other = fit_engine(engine, isolated, gemm, memory, energy, runs, left_out=family)
            mask = np.array([engine.family(i) == family for i in range(len(engine.names))])
            held_out[mask] = engine.predict(other, gemm, memory, energy)[mask]
            report(table, f"{family}, fitted without them", held_out[mask], engine.seconds[mask])
        report(table, "20 CNNs, each fitted without its family", held_out, engine.seconds)

    lines = ["| what | n | mean error % | median error % | median predicted / measured | within interval % |",
             "|---|---|---|---|---|---|"]
    lines += [f"| {r['name']} | {r['n']} | {r['mape']:.1f} | {r['median']:.1f} | {r['bias']:.2f} | {r['within']:.0f} |"
              for r in table]
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if options.residuals:
        with open(options.residuals, "w") as file:
            file.write(text)
    # Networks that consist of such convolutions tell how well they are known.
    errors = np.abs(fitted / engine.seconds - 1) * 100
    families = np.array([engine.family(i) for i in range(len(engine.names))])
    separable = np.isin(families, ["EfficientNet", "MobileNetV2", "MobileNetV3"])
    conv_error["depthwise"] = float(errors[separable].mean())
    conv_error["grouped"] = float(errors[families == "ResNeXt"].mean())
    tables.write(options.output, v, shares, gemm, gemm_error, gemm_count, conv_error, conv8,
          sustained_convolutions(options.folder, options.nncost), energy, moved, memory, engine, isolated, int((~int8["DeepBench int8"].test).sum()))


if __name__ == "__main__":
    main()
