"""The kernels that a runtime makes of a network, as `nncost cost --kernels` lists them.

Which nodes are joined is decided in one place, `Sources/Cost/Fusion`, so the fit sees what the program will price.
"""

import json
import math
import subprocess


def kernels(nncost, path, precision, *options):
    """One dictionary for each kernel: `kind`, the product's extents, and bytes moved."""
    command = [nncost, "cost", path, "--precision", precision, "--kernels", "--format", "json", *options]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [_kernel(k) for k in json.loads(text)["models"][0]["kernels"] for _ in range(k["launches"])]


def _kernel(k):
    kind = {"gemm": "gemm", "convolution": "convolution", "depthwise_convolution": "depthwise",
            "grouped_convolution": "grouped"}.get(k["op"], "moving")
    weights = k["weight_bytes"]
    row = dict(kind=kind, activations=k["bytes_read"] + k["bytes_written"] - weights, weights=weights, batch=0, rows=0,
               columns=0, depth=1, groups=1, winograd=0)
    if kind != "moving":
        product = k["products"][0]
        row.update((key, product[key]) for key in ("batch", "rows", "columns", "depth"))
        row["groups"] = product.get("groups", 1)
        row["winograd"] = winograd(product)
    return row


def winograd(product):
    """By how much blocks of two by two results pass the edge; 0 where Winograd's algorithm does not fit."""
    if (product.get("kernel") != [3, 3] or product["strides"] != [1, 1] or product["groups"] != 1):
        return 0
    return math.prod((p + p % 2) / max(1, p) for p in product["positions"])
