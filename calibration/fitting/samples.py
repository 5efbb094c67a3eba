"""Reads published measurements of a T4 from a folder of CSV files, into arrays of SI units.

A sample is a matrix product or convolution (batch, rows, columns, depth, …) with its time, or an
operation that only moves bytes. `test` marks rows that no coefficient is fitted to.
"""

import csv
import gzip
import os

import numpy as np

from fitting import timing

ELEMENTWISE = "add addu div divu gelu mul mulu pow powu relu tanh".split()


class Products:
    """Samples of matrix products; `streamed` bytes are weights, `cached` those of activations."""

    def __init__(self, rows):
        a = np.array(rows, float).reshape(len(rows), 13)
        (self.batch, self.rows, self.columns, self.depth, self.cached, self.streamed, self.element,
         self.w_batch, self.w_rows, self.w_columns, self.w_depth, self.test, self.seconds) = a.T
        self.test = self.test > 0

    def pick(self, mask):
        other = object.__new__(Products)
        other.__dict__ = {k: v[mask] for k, v in self.__dict__.items() if isinstance(v, np.ndarray)}
        return other

    @property
    def flops(self):
        return 2 * self.batch * self.rows * self.columns * self.depth

    def __len__(self):
        return len(self.seconds)


def neusight(folder):
    with gzip.open(os.path.join(folder, "neusight", "t4_ops_fp32.csv.gz"), "rt") as file:
        return list(csv.DictReader(file))


def traffic(rows, operations):
    """Bytes, seconds, test marks and bytes of a row of the operations that only move bytes."""
    rows = [r for r in rows if r["op"] in operations]
    return (np.array([float(r["bytes"]) for r in rows]),
            np.array([float(r["latency_ms"]) * 1e-3 for r in rows]),
            np.array([r["split"] == "test" for r in rows]),
            4 * np.array([float(r["H"] or 0) for r in rows]))


def neusight_products(rows, operation):
    samples = []
    for r in (r for r in rows if r["op"] == operation):
        b, m, k, n = (float(r[c]) for c in "BMNK")
        if operation == "linear":
            b, m = 1, b * m
        # The same operands are used again and again, so small ones stay in the cache.
        samples.append([b, m, n, k, 4 * b * (m * k + k * n + m * n), 0, 4, 0, 0, 0, 0, r["split"] == "test",
                        float(r["latency_ms"]) * 1e-3])
    return Products(samples)


def neusight_convolutions(rows):
    samples = []
    for i, r in enumerate(r for r in rows if r["op"] == "conv"):
        b, c, k, size, out = (float(r[x]) for x in (
            "B", "Input_Channel", "Output_Channel", "Input_Size", "Out_Size"))
        cached = 4 * (b * c * size * size + 9 * c * k + b * k * out * out)
        product = dict(rows=b * out * out, columns=k, depth=9 * c, kernel=[3, 3], strides=[1, 1], groups=1,
                       positions=[out, out])
        samples.append([1, b * out * out, k, 9 * c, cached, 0, 4, *timing.winograd(product), i % 5 == 0,
                        float(r["latency_ms"]) * 1e-3])
    return Products(samples)


def deepbench_products(folder, precision):
    samples = []
    with open(os.path.join(folder, "deepbench", "t4_gemm.csv")) as file:
        rows = [r for r in csv.DictReader(file) if r["precision"].startswith(precision)]
    element = {"fp32": 4, "fp16": 2, "int8": 1}[precision]
    for i, r in enumerate(rows):
        m, n, k = (float(r[x]) for x in "MNK")
        # Column-major: the library's rows are the product's columns.
        samples.append([1, n, m, k, element * (m * k + k * n + m * n), 0, element, 0, 0, 0, 0, i % 5 == 0,
                        float(r["time_ms"]) * 1e-3])
    return Products(samples)


def deepbench_convolutions(folder, precision, time="time_fwd_ms"):
    samples, strided, taps = [], [], []
    with open(os.path.join(folder, "deepbench", "t4_conv.csv")) as file:
        rows = [r for r in csv.DictReader(file) if r["precision"].startswith(precision)]
    element = {"fp32": 4, "fp16": 2, "int8": 1}[precision]
    for i, r in enumerate(rows):
        try:
            seconds = float(r[time]) * 1e-3
        except ValueError:
            continue
        w, h, c, b, k, s, q, ow, oh = (float(r[x]) for x in (
            "W", "H", "C", "N_batch", "K_filters", "S_filter_w", "R_filter_h", "out_w", "out_h"))
        strides = [int(float(r["stride_h"])), int(float(r["stride_w"]))]
        product = dict(rows=b * ow * oh, columns=k, depth=c * s * q, kernel=[int(q), int(s)], strides=strides, groups=1,
                       positions=[int(oh), int(ow)])
        gradient = None
        if time == "time_bwd_params_ms":
            gradient = "weights"
            product |= dict(rows=k, columns=c * s * q, depth=b * ow * oh)
        elif time == "time_bwd_inputs_ms":
            gradient = "inputs"
            product |= dict(columns=c, depth=k * s * q) if strides == [1, 1] else dict(columns=c * s * q, depth=k)
        cached = element * (b * c * w * h + c * k * s * q + b * k * ow * oh)
        samples.append([1, product["rows"], product["columns"], product["depth"], cached, 0, element,
                        *(timing.winograd(product, gradient) if element == 4 else (0, 0, 0, 0)), i % 5 == 0, seconds])
        taps.append(s * q if gradient == "weights" else 1)
        strided.append(max(float(r["stride_w"]), float(r["stride_h"])) > 1)
    products = Products(samples)
    products.strided, products.taps = np.array(strided), np.array(taps)
    return products
