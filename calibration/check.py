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
import os
import statistics
import sys
import tempfile

from checking import study
from checking.builders import resnext101, ssd_resnet34
from checking.program import Program
from checking.report import LEAST_COVERAGE, Report


def tables(path):
    """The tables of a file in long form: for each, its file, its heading and its rows."""
    opened = gzip.open(path, "rt") if path.endswith(".gz") else open(path)
    found = {}
    with opened as file:
        for r in csv.DictReader(file):
            table = found.setdefault(r["table_id"], (r["file"], r["heading_path"], {}))
            table[2].setdefault(r["row"], {})[r["column"]] = r["value"]
    return {key: (file, heading, list(rows.values())) for key, (file, heading, rows) in found.items()}


def networks(program, report):
    folder = program.measurements("paddleclas")
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
            report.line(f"20 CNNs, Paddle with TensorRT, {precision}, batch {batch} (fitted)", pairs)


def differences(program, report):
    """How often the interval of a difference holds it, and how wide it is: every two of the 17 networks on images of 224."""
    folder = program.measurements("paddleclas")
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
            report.expect(share >= LEAST_COVERAGE, f"differences in {precision}, batch {batch}: the intervals are too narrow")


def bert(program, report):
    with open(program.measurements("tensorrt_demobert", "t4_bert.csv")) as file:
        rows = [r for r in csv.DictReader(file) if r["model"] == "BERT Base"]
    for precision in ("fp16", "int8"):
        report.line(f"BERT-base, TensorRT, {precision} (fitted)",
                    [(program.text(r["batch"], r["seq_len"], "--precision", precision), float(r[f"{precision}_avg_ms"]))
                     for r in rows])


def transformers(program, report):
    folder = program.measurements("fastertransformer")
    known = tables(os.path.join(folder, "t4_tables_long.csv"))
    for number, precision in (("10", "fp32"), ("11", "fp16")):
        rows = [(r["Batch_size"], r["Seq_len"], r) for r in known[number][2]]
        for column, label, runtime in (("TorchScript <br/> Latency (ms)", "PyTorch", "eager"),
                                       ("FT <br/> Latency (ms)", "FasterTransformer", "fused")):
            report.line(f"BERT-base, {label}, {precision}",
                        [(program.text(b, s, "--precision", precision, "--runtime", runtime), float(r[column]))
                         for b, s, r in rows])
    for number, precision in (("23", "fp32"), ("24", "fp16")):
        for column, label, runtime in (("torch.jit.trace", "PyTorch", "eager"), ("cpp", "FasterTransformer", "fused")):
            report.line(f"Swin-T, {label}, {precision}" + (" (fitted)" if runtime == "eager" else ""),
                        [(program.milliseconds("swin_t_dynamo", "--batch", r["Batch_size"], "--precision", precision,
                                               "--runtime", runtime), float(r[column])) for r in known[number][2]])
    report.line("ViT-B/16, FasterTransformer, fp16 and int8, batch 1",
                [(program.image("vit_b_16", 1, 224, "--precision", p),
                  float(known["35"][2][0][f"B_16-224 ({p.upper()}) <br/> latency(ms)"])) for p in ("fp16", "int8")])


def examples(program, report):
    known = tables(program.measurements("deeplearningexamples", "t4_tables_long.csv.gz"))
    graphs = [("resnet50_nofold", "6", "7"),
              (program.built("resnext101", resnext101(squeezed=False)), "8", "9"),
              (program.built("se_resnext101", resnext101(squeezed=True)), "10", "11")]
    for precision, column in (("fp32", 1), ("fp16", 2)):
        report.line(f"3 CNNs, PyTorch, {precision}",
                    [(program.image(graph[0], r["Batch Size"], 224, "--precision", precision, "--runtime", "eager"),
                      float(r["Latency Avg"].split()[0])) for graph in graphs for r in known[graph[column]][2]])
    report.line("BERT-base, TensorFlow 2, fp32 and fp16",
                [(program.text(r["Batch Size"], r["Sequence Length"], "--precision", precision, "--runtime", "eager"),
                  float(r["Latency-Average(ms)"])) for number, precision in (("108", "fp32"), ("107", "fp16")) for r in known[number][2]])


def notebook(program, report):
    """Texts of 128 tokens in PyTorch 2.6, one of GPT-2 at a time and 32 of DistilBERT."""
    with open(program.measurements("energy_points", "t4_energy_measured.csv")) as file:
        rows = {r["id"]: r for r in csv.DictReader(file)}
    models = {"E1": "distilbert", "E2": "distilbert", "E3": "gpt2", "E4": "gpt2"}
    report.line("DistilBERT and GPT-2, PyTorch, fp32 and fp16",
                [(program.milliseconds(model, "--batch", rows[key]["batch"], "--precision", rows[key]["precision"], "--runtime", "eager"),
                  float(rows[key]["latency_ms"])) for key, model in models.items()])


def submissions(program, report):
    """Medians of MLPerf inference v0.7 and v1.0, as `constants.csv` has them, and the detector of v1.0 as `energy_points` has it."""
    report.line("ResNet-50, MLPerf, int8, batch 1 and 256",
                [(program.image("resnet50_qdq", 256, 224), 256e3 / 6092), (program.image("resnet50_qdq", 1, 224), 0.9)])
    detector = program.built("ssd_resnet34", ssd_resnet34())
    report.line("SSD-ResNet-34, MLPerf, int8, batch 1 and 12",
                [(program.image(detector, batch, 1200, "--precision", "int8"), ms) for batch, ms in ((1, 6.756), (12, 12e3 / 139.36))])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("nncost")
    parser.add_argument("data")
    options = parser.parse_args()
    if not os.path.isdir(os.path.join(options.data, "data", "t4")):
        sys.exit(f"there are no measurements in {options.data}")
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        program = Program(options.nncost, options.data, folder)
        for check in (networks, bert, transformers, notebook, examples, submissions):
            check(program, report)
        report.coverage()
        differences(program, report)
        study.study(program, report)
        study.assumptions(program)
        study.ratios(program)
    if report.missed:
        sys.exit("\n".join(report.missed))


if __name__ == "__main__":
    main()
