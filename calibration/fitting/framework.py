"""What a framework's kernels take more than an engine's, from transformers that PyTorch ran.

Copies work out for each element where it lies, and take a time for each whatever its type. And 16-bit products of activations
whose rows are no multiple of 16 bytes are multiplied as they lie; engines pad them, and weights are mostly padded by those
who chose their extents. ViT-B/16 on images of 384×384 has 577 places, Swin windows of 49.
"""

import csv
import os
from types import SimpleNamespace

import numpy as np

from fitting import graphs, timing
from fitting.board import ELEMENT, JOULES_PER_BYTE, L2, POWER, SMS
from fitting.products import solve

LAYERS, WIDTH, HEADS, PLACES = 12, 768, 12, 577
# Activations that pass through memory in a layer of ViT beside the products' own, in tensors of the model's width: two
# normalisations, two additions, and GELU over four widths. Scores are scaled and their softmax taken, each read and written.
PASSES, SCORE_PASSES = 2 * 2 + 2 * 3 + 2 * 4, 4
# Queries, keys, values and what attention gives are copied.
COPIES = 4


def measured(folder, guide, heading, column):
    """Batches and seconds of a table of FasterTransformer's guides."""
    rows = {}
    with open(os.path.join(folder, "fastertransformer", "t4_tables_long.csv")) as file:
        for r in csv.DictReader(file):
            if r["file"] == f"docs/{guide}_guide.md" and r["heading_path"].endswith(heading):
                rows.setdefault(r["row"], {})[r["column"]] = r["value"]
    return [(int(r["Batch_size"]), float(r[column]) * 1e-3) for r in rows.values()]


def table(kernels, precision):
    """Kernels as arrays: extents of products, bytes, elements copied, and whether the operands are unpadded activations."""
    k = {key: np.array([kernel[key] for kernel in kernels], float)
         for key in ("batch", "rows", "columns", "depth", "activations", "weights", "copied")}
    is_product = np.array([kernel["kind"] != "moving" for kernel in kernels])
    odd = (k["depth"] % 8 != 0) | (k["columns"] % 8 != 0)
    unpadded = is_product & (k["weights"] == 0) & odd & (precision == "float16")
    spatial = np.array([kernel["spatial"] for kernel in kernels])
    return SimpleNamespace(**k, element=ELEMENT[precision], unpadded=unpadded, is_product=is_product, spatial=spatial)


def vit(batch, precision):
    """The kernels of ViT-B/16 with 577 places."""
    element = ELEMENT[precision]
    places, heads = batch * PLACES, batch * HEADS

    def kernel(activations, extents=None, weights=0, copied=0):
        b, m, n, k = extents or (0, 0, 0, 1)
        return dict(kind="gemm" if extents else "moving", batch=b, rows=m, columns=n, depth=k, weights=weights * element,
                    activations=activations * element, copied=copied, spatial=False)

    def linear(width, depth):
        return kernel(places * (width + depth), (1, places, width, depth), width * depth)

    copy = kernel(2 * places * WIDTH, copied=places * WIDTH)
    scores = heads * PLACES ** 2
    one = ([linear(WIDTH, WIDTH)] * 4 + [linear(4 * WIDTH, WIDTH), linear(WIDTH, 4 * WIDTH)] + [copy] * COPIES
           + [kernel(2 * places * WIDTH + scores, (heads, PLACES, PLACES, WIDTH // HEADS)),
              kernel(2 * places * WIDTH + scores, (heads, PLACES, WIDTH // HEADS, PLACES)),
              kernel(PASSES * places * WIDTH), kernel(SCORE_PASSES * scores)])
    return table(one * LAYERS, precision)


def seconds(s, v, launch, spatial, rate, memory, joules):
    """Seconds that the kernels of `s` take; `v` has `elements`, copied in a second, and `unpadded`, a share of the rate."""
    compute = np.zeros(len(s.batch))
    for chosen, share in ((s.is_product & ~s.unpadded, 1), (s.unpadded, v["unpadded"])):
        if chosen.any():
            extents = [x[chosen] for x in (s.batch, s.rows, s.columns, s.depth)]
            compute[chosen] = timing.products(*extents, s.element, rate["rate"], rate["fetch"], memory["dram"],
                                              min(rate["wave_loss"], 1), share, SMS)
    compute = compute + s.copied / v["elements"]
    moving = timing.moving(s.activations, s.weights, memory["dram"], memory["l2"], L2)
    busy = (np.where(s.spatial, spatial, launch) + timing.overlapped(compute, moving)).sum()
    flops = 2 * (s.batch * s.rows * s.columns * s.depth).sum()
    drawn = joules * flops + JOULES_PER_BYTE * (s.activations + s.weights).sum()
    return max(busy, drawn / (POWER["cap_w"] - POWER["active_w"]))


def fit(folder, models, nncost, launch, spatial, gemm, memory, energy):
    """Both figures, and for each network the mean error in percent on its runs, predicted by figures fitted to the other."""
    runs = []
    for precision in ("float32", "float16"):
        name = f"fp{precision[-2:]}"
        for batch, t in measured(folder, "swin", f"Swin-V1 {name.upper()}", "torch.jit.trace"):
            # At batch 1 the host is what is waited for.
            if batch > 1:
                path = os.path.join(models, "swin_t_dynamo.onnx")
                kernels = graphs.kernels(nncost, path, name, "--batch", str(batch), "--runtime", "eager")
                runs.append(("Swin", precision, table(kernels, precision), t))
        for batch, t in measured(folder, "vit", f"ViT Performance on T4 > {name.upper()}", "torch <br/> latency(ms)"):
            runs.append(("ViT", precision, vit(batch, precision), t))

    def residuals(v, chosen):
        return np.log([seconds(s, v, launch, spatial, gemm[p], memory, energy[p]) / t for _, p, s, t in chosen])

    def found(chosen):
        start = dict(elements=2e10, unpadded=0.05)
        return solve(lambda v: residuals(v, chosen), start, 0.001, peaks=dict(unpadded=1))

    errors = {}
    for name in ("Swin", "ViT"):
        other = found([r for r in runs if r[0] != name])
        mine = residuals(other, [r for r in runs if r[0] == name])
        errors[name] = float(np.abs(np.expm1(mine)).mean() * 100)
    return found(runs), errors
