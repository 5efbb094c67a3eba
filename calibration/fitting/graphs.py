"""The kernels that a runtime makes of a network, as `nncost cost --kernels` lists them.

Which nodes are joined is decided in one place, `Sources/Cost/Fusion`, so the fit sees what the program will price.
"""

import json
import math
import subprocess

from fitting import timing


def kernels(nncost, path, precision, *options):
    """One dictionary for each kernel: `kind`, the product's extents, and bytes moved."""
    command = [nncost, "cost", path, "--precision", precision, "--kernels", "--format", "json", *options]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [_kernel(k, precision) for k in json.loads(text)["models"][0]["kernels"] for _ in range(k["launches"])]


def _kernel(k, precision):
    kind = {"gemm": "gemm", "convolution": "convolution", "depthwise_convolution": "depthwise",
            "grouped_convolution": "grouped"}.get(k["op"], "moving")
    weights = k["weight_bytes"]
    row = dict(kind=kind, activations=k["bytes_read"] + k["bytes_written"] - weights, weights=weights, batch=0, rows=0,
               columns=0, depth=1, spatial=k["op"] in ("elementwise", "pooling") or "convolution" in k["op"],
               copied=0 if k["op"] != "movement" else k["bytes_written"] / (2 if precision == "fp16" else 4), groups=1, area=1, w_batch=0, w_rows=0, w_columns=0, w_depth=0)
    if kind != "moving":
        product = k["products"][0]
        row.update((key, product[key]) for key in ("batch", "rows", "columns", "depth"))
        row["groups"] = product.get("groups", 1)
        row["area"] = math.prod(product.get("positions", [1]))
        # Products in tensor cores are faster than what the algorithm saves.
        if precision == "fp32":
            row["w_batch"], row["w_rows"], row["w_columns"], row["w_depth"] = timing.winograd(product)
    return row

