#!/usr/bin/env python3
"""Compares what nncost says with published measurements of whole networks on a T4, and prints tables.

    python3 calibration/check.py NNCOST DATA

NNCOST is the program, DATA a folder with `data/t4` (see calibration/README.md) and `corpus/models` (the graphs).
Rows marked as fitted took part in the fit of the table. Needs the standard library only.
"""

import argparse
import csv
import gzip
import itertools
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from typing import NamedTuple

from builders import resnext101, ssd_resnet34

# The study's energies in kJ: six networks fine-tuned on 4,708 images on one T4.
STUDY = {"densenet121": 82.3, "densenet169": 104.9, "densenet201": 137.7, "resnet18": 20.4,
         "resnet50": 84.7, "inception_v3": 37.5}
# The study gives neither epochs nor the size of images nor their batch: what is assumed, and what else may have been.
EPOCHS = 28
UNSTATED = [(299, 32, "fp32"), (224, 32, "fp32"), (160, 64, "fp32"), (128, 64, "fp32"), (128, 128, "fp32"), (112, 128, "fp32"),
            (96, 128, "fp32"), (299, 32, "fp16"), (224, 32, "fp16"), (160, 64, "fp16")]
# The share of measurements within nine-in-ten intervals below which the intervals are not believed.
LEAST_COVERAGE = 0.8
# Multiply-accumulates of forward and backward pass over those of the forward pass.
RATIOS = {"resnet18": 2.935, "densenet121": 2.958, "bert_base": 3.000, "gpt2": 3.000}


class Prediction(NamedTuple):
    """Milliseconds, and the bounds between which nine in ten measurements should lie."""
    value: float
    low: float
    high: float


class Program:
    def __init__(self, path, data, folder):
        """`folder` takes the graphs that are built here."""
        self.path, self.data, self.folder = path, data, folder
        self.models = os.path.join(data, "corpus", "models")

    def cost(self, model, *options):
        path = model if os.path.sep in model else os.path.join(self.models, model + ".onnx")
        command = [self.path, "cost", path, "--device", "t4", "--format", "json", *options]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return json.loads(text)["models"][0]

    def built(self, name, text):
        """The path of a graph whose text is given."""
        path = os.path.join(self.folder, name + ".json")
        with open(path, "w") as file:
            file.write(text)
        return path

    def milliseconds(self, *arguments):
        seconds = self.cost(*arguments)["cost"]["seconds"]
        return Prediction(*(seconds[key] * 1e3 for key in Prediction._fields))

    def difference(self, base, head, *options):
        """Milliseconds of an inference that `head` takes more, and the width of two independent estimates' difference."""
        command = [self.path, "diff", base, head, "--device", "t4", "--format", "json", "--fail-on", "never",
                   "--select", "NNC228", *options]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        model = json.loads(text)["models"][0]
        seconds = model["change"]["seconds_per_inference"]
        sides = [model[side]["seconds_per_inference"] for side in ("base", "head")]
        return (Prediction(*(seconds[key] * 1e3 for key in Prediction._fields)),
                math.hypot(*((side["high"] - side["low"]) * 1e3 for side in sides)))

    def image(self, model, batch, size, *options):
        return self.milliseconds(model, "--input-shape", f"input={batch}x3x{size}x{size}", *options)

    def text(self, batch, length, *options):
        return self.milliseconds("bert_base_dyn", "--dim", f"batch={batch}", "--dim", f"sequence={length}", *options)


def ranks(values):
    """The places of values in order; equal ones share the mean of theirs."""
    return [sum(other < value for other in values) + (values.count(value) - 1) / 2 for value in values]


def correlation(predicted, measured):
    """Spearman's; empty where there is too little to rank."""
    return f"{statistics.correlation(ranks(predicted), ranks(measured)):.3f}" if len(measured) > 2 else ""


# For each measurement, whether it took part in the fit, and whether it lies within its prediction's bounds.
covered = []


# What may not get worse: errors and ranks of whole networks, and the error of the six energies.
MEDIAN, RANK, RMSPE = 20, 0.95, 15
missed = []


def line(name, pairs):
    """One row of the table, from pairs of predictions and measured milliseconds."""
    ratios = [p.value / m for p, m in pairs]
    errors = [abs(r - 1) * 100 for r in ratios]
    within = [p.low <= m <= p.high for p, m in pairs]
    covered.extend((name.endswith("(fitted)"), w) for w in within)
    rank = correlation([p.value for p, _ in pairs], [m for _, m in pairs])
    print(f"| {name} | {len(pairs)} | {statistics.median(errors):.1f} | {statistics.mean(errors):.1f} "
          f"| {statistics.median(ratios):.2f} | {rank} | {sum(within)} |", flush=True)
    if len(pairs) > 2:
        if statistics.median(errors) > MEDIAN:
            missed.append(f"{name}: median error above {MEDIAN} %")
        if float(rank) < RANK:
            missed.append(f"{name}: rank correlation below {RANK}")


def coverage():
    """How often the intervals hold what they claim."""
    print("\n| measurements | n | within their nine-in-ten intervals % |\n|---|---|---|")
    for label, chosen in (("all", (False, True)), ("those that took no part in the fit", (False,))):
        within = [w for is_fitted, w in covered if is_fitted in chosen]
        share = sum(within) / len(within)
        print(f"| {label} | {len(within)} | {100 * share:.0f} |")
        if share < LEAST_COVERAGE:
            sys.exit("the intervals are too narrow")


def tables(path):
    """The tables of a file in long form: for each, its file, its heading and its rows."""
    opened = gzip.open(path, "rt") if path.endswith(".gz") else open(path)
    found = {}
    with opened as file:
        for r in csv.DictReader(file):
            table = found.setdefault(r["table_id"], (r["file"], r["heading_path"], {}))
            table[2].setdefault(r["row"], {})[r["column"]] = r["value"]
    return {key: (file, heading, list(rows.values())) for key, (file, heading, rows) in found.items()}


def networks(program):
    folder = os.path.join(program.data, "data", "t4", "paddleclas")
    with open(os.path.join(folder, "t4_models.csv")) as file:
        rows = list(csv.DictReader(file))
    for precision in ("fp32", "fp16"):
        for batch in (1, 4, 8):
            pairs = []
            for r in rows:
                measured = r[f"{precision}_bs{batch}_ms"]
                if measured != "-":
                    path = os.path.join(folder, "models", r["model"] + ".onnx")
                    pairs.append((program.image(path, batch, int(r["size"] or 224), "--precision", precision),
                                  float(measured)))
            line(f"20 CNNs, Paddle with TensorRT, {precision}, batch {batch} (fitted)", pairs)


def differences(program):
    """How often the interval of a difference holds it, and how wide it is: every two of the 17 networks on images of 224."""
    folder = os.path.join(program.data, "data", "t4", "paddleclas")
    with open(os.path.join(folder, "t4_models.csv")) as file:
        rows = [r for r in csv.DictReader(file) if int(r["size"] or 224) == 224]
    print("\n| pairs of networks | n | within the interval of the difference % "
          "| its width over that of two independent estimates |\n|---|---|---|---|")
    for precision in ("fp32", "fp16"):
        for batch in (1, 8):
            within, widths = [], []
            for base, head in itertools.combinations(rows, 2):
                column = f"{precision}_bs{batch}_ms"
                if "-" in (base[column], head[column]):
                    continue
                change, independent = program.difference(
                    *(os.path.join(folder, "models", r["model"] + ".onnx") for r in (base, head)),
                    "--input-shape", f"input={batch}x3x224x224", "--precision", precision)
                measured = (float(head[column]) - float(base[column])) / batch
                within.append(change.low <= measured <= change.high)
                widths.append((change.high - change.low) / independent)
            share = sum(within) / len(within)
            print(f"| CNNs, Paddle with TensorRT, {precision}, batch {batch} (fitted) | {len(within)} | {100 * share:.0f} "
                  f"| {statistics.mean(widths):.2f} |", flush=True)
            if share < LEAST_COVERAGE:
                missed.append(f"differences in {precision}, batch {batch}: the intervals are too narrow")


def bert(program):
    with open(os.path.join(program.data, "data", "t4", "tensorrt_demobert", "t4_bert.csv")) as file:
        rows = [r for r in csv.DictReader(file) if r["model"] == "BERT Base"]
    for precision in ("fp16", "int8"):
        line(f"BERT-base, TensorRT, {precision} (fitted)",
             [(program.text(r["batch"], r["seq_len"], "--precision", precision), float(r[f"{precision}_avg_ms"]))
              for r in rows])


def transformers(program):
    folder = os.path.join(program.data, "data", "t4", "fastertransformer")
    known = tables(os.path.join(folder, "t4_tables_long.csv"))
    for number, precision in (("10", "fp32"), ("11", "fp16")):
        rows = [(r["Batch_size"], r["Seq_len"], r) for r in known[number][2]]
        for column, label, runtime in (("TorchScript <br/> Latency (ms)", "PyTorch", "eager"),
                                       ("FT <br/> Latency (ms)", "FasterTransformer", "fused")):
            line(f"BERT-base, {label}, {precision}",
                 [(program.text(b, s, "--precision", precision, "--runtime", runtime), float(r[column]))
                  for b, s, r in rows])
    for number, precision in (("23", "fp32"), ("24", "fp16")):
        for column, label, runtime in (("torch.jit.trace", "PyTorch", "eager"), ("cpp", "FasterTransformer", "fused")):
            line(f"Swin-T, {label}, {precision}" + (" (fitted)" if runtime == "eager" else ""),
                 [(program.milliseconds("swin_t_dynamo", "--batch", r["Batch_size"], "--precision", precision,
                                        "--runtime", runtime), float(r[column])) for r in known[number][2]])
    line("ViT-B/16, FasterTransformer, fp16 and int8, batch 1",
         [(program.image("vit_b_16", 1, 224, "--precision", p),
           float(known["35"][2][0][f"B_16-224 ({p.upper()}) <br/> latency(ms)"])) for p in ("fp16", "int8")])


def examples(program):
    known = tables(os.path.join(program.data, "data", "t4", "deeplearningexamples", "t4_tables_long.csv.gz"))
    graphs = [("resnet50_nofold", "6", "7"),
              (program.built("resnext101", resnext101(squeezed=False)), "8", "9"),
              (program.built("se_resnext101", resnext101(squeezed=True)), "10", "11")]
    for precision, column in (("fp32", 1), ("fp16", 2)):
        line(f"3 CNNs, PyTorch, {precision}",
             [(program.image(graph[0], r["Batch Size"], 224, "--precision", precision, "--runtime", "eager"),
               float(r["Latency Avg"].split()[0])) for graph in graphs for r in known[graph[column]][2]])
    line("BERT-base, TensorFlow 2, fp32 and fp16",
         [(program.text(r["Batch Size"], r["Sequence Length"], "--precision", precision, "--runtime", "eager"),
           float(r["Latency-Average(ms)"])) for number, precision in (("108", "fp32"), ("107", "fp16")) for r in known[number][2]])


def submissions(program):
    """Medians of MLPerf inference v0.7 and v1.0, as `constants.csv` has them, and the detector of v1.0 as `energy_points` has it."""
    line("ResNet-50, MLPerf, int8, batch 1 and 256",
         [(program.image("resnet50_qdq", 256, 224), 256e3 / 6092), (program.image("resnet50_qdq", 1, 224), 0.9)])
    detector = program.built("ssd_resnet34", ssd_resnet34())
    line("SSD-ResNet-34, MLPerf, int8, batch 1 and 12",
         [(program.image(detector, batch, 1200, "--precision", "int8"), ms) for batch, ms in ((1, 6.756), (12, 12e3 / 139.36))])


def study(program):
    predicted, flops = trained(program, 224, 32, "fp32")
    print(f"\n| network | measured kJ | predicted kJ, {EPOCHS} epochs | by FLOPs alone, one scale |\n|---|---|---|---|")
    scale, error = fit(predicted)
    flat, flat_error = fit(flops)
    for name, measured in STUDY.items():
        print(f"| {name} | {measured} | {predicted[name]:.1f} | {flops[name] * flat:.1f} |")
    if error > RMSPE:
        missed.append(f"the six energies: RMSPE above {RMSPE} %")
    print(f"\nRMSPE {error:.1f} % at the common scale {scale:.3f}; by FLOPs alone {flat_error:.1f} %.")


def assumptions(program):
    """What the study does not say, and how far its energies hang on it."""
    print("\n| images | batch | precision | RMSPE % | by FLOPs alone % | common scale | epochs that it means |\n|---|---|---|---|---|---|---|")
    for size, batch, precision in UNSTATED:
        predicted, flops = trained(program, size, batch, precision)
        scale, error = fit(predicted)
        print(f"| {size}×{size} | {batch} | {precision} | {error:.1f} | {fit(flops)[1]:.1f} | {scale:.2f} | {EPOCHS * scale:.0f} |",
              flush=True)


def trained(program, size, batch, precision):
    """For each network of the study, the kilojoules of its training and the operations of one image."""
    joules, flops = {}, {}
    for name in STUDY:
        result = program.cost(name, "--input-shape", f"input=1x3x{size}x{size}", "--train", "--dataset-size", "4708",
                              "--epochs", str(EPOCHS), "--train-batch", str(batch), "--precision", precision)
        joules[name] = result["training"]["joules"]["value"] / 1e3
        flops[name] = result["totals"]["flops"]
    return joules, flops


def fit(predicted):
    """The one scale that makes the error least, and that error in percent."""
    shares = [predicted[n] / STUDY[n] for n in STUDY]
    scale = sum(shares) / sum(s * s for s in shares)
    return scale, 100 * math.sqrt(statistics.mean((s * scale - 1) ** 2 for s in shares))


def ratios(program):
    print("\n| network | forward and backward / forward | expected |\n|---|---|---|")
    for name, expected in RATIOS.items():
        result = program.cost(name, "--train", "--dataset-size", "1", "--epochs", "1", "--train-batch", "1")
        macs = [result["training"][part]["macs"] for part in ("forward", "backward")]
        print(f"| {name} | {sum(macs) / macs[0]:.3f} | {expected:.3f} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("nncost")
    parser.add_argument("data")
    options = parser.parse_args()
    if not os.path.isdir(os.path.join(options.data, "data", "t4")):
        sys.exit(f"there are no measurements in {options.data}")
    with tempfile.TemporaryDirectory() as folder:
        compare(Program(options.nncost, options.data, folder))
    if missed:
        sys.exit("\n".join(missed))


def compare(program):
    print("| what | n | median error % | mean error % | median predicted / measured | rank correlation | within |\n"
          "|---|---|---|---|---|---|---|")
    for check in (networks, bert, transformers, examples, submissions):
        check(program)
    coverage()
    differences(program)
    study(program)
    assumptions(program)
    ratios(program)


if __name__ == "__main__":
    main()
