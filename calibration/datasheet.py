#!/usr/bin/env python3
"""Derives device tables of boards that nobody measured for this project, from data sheets and the T4's table.

    calibration/datasheet.py            writes calibration/devices/{v100,a100,h100,l4}.json
    calibration/datasheet.py --check    fails where a table is not what this program would write

Every rate of the T4 is carried over as a share of what its data sheet promises: a board reaches the same share of its
own. That share is fitted for one board alone, so the error of every rate is taken to be twice the T4's, and 30 % at least.
A table that was measured meanwhile is left as it is.
Run it again whenever devices/t4.json has changed.
"""

import json
import sys
from pathlib import Path

DEVICES = Path(__file__).parent / "devices"

# Peaks in operations per second without sparsity, bytes per second, watts, Hz.
T4 = {"float32": 8.1e12, "float16": 65e12, "int8": 130e12, "bandwidth": 320e9, "clock": 1.59e9, "cap": 70}

# `idle_context` and `stream` (what a board draws while it does little but read memory) are published readings;
# where there is none, `joules_per_byte` is a prior.
BOARDS = {
    "v100": {
        "name": "NVIDIA Tesla V100-SXM2", "cc": "7.0", "sms": 80, "l2": 6 << 20, "dram": 16 << 30,
        "float32": 15.7e12, "float16": 125e12, "int8": 62.8e12, "bandwidth": 900e9, "clock": 1.53e9, "cap": 300,
        "idle": 42, "idle_context": 53, "stream": 190,
        "sources": [
            "NVIDIA Tesla V100 data sheet, 2020 (SXM2: 15.7 and 125 TFLOP/s, 900 GB/s, 300 W); INT8 is four "
            "operations in the place of each FP32 one (Volta white paper WP-08608)",
            "idle with a program 53 W: nvidia-smi in github.com/zai-org/GLM-130B issue 32",
            "180 to 200 W while a language model adds token by token: github.com/1CatAI/1Cat-vLLM issue 535",
        ],
    },
    "a100": {
        "name": "NVIDIA A100-SXM4-40GB", "cc": "8.0", "sms": 108, "l2": 40 << 20, "dram": 40 << 30,
        "float32": 19.5e12, "tf32": 156e12, "float16": 312e12, "bfloat16": 312e12, "int8": 624e12, "bandwidth": 1555e9,
        "clock": 1.41e9, "cap": 400, "idle": 46, "idle_context": 59, "joules_per_byte": 100e-12,
        "sources": [
            "NVIDIA A100 data sheet, 2021 (FP32 19.5, TF32 156, FP16 312, INT8 624 T/s without sparsity, 1555 GB/s, 400 W)",
            "idle 46 W, and 59 to 66 W where regressions of power on work meet none",
        ],
    },
    "h100": {
        "name": "NVIDIA H100-SXM5-80GB", "cc": "9.0", "sms": 132, "l2": 50 << 20, "dram": 80 << 30,
        "float32": 66.9e12, "tf32": 494.7e12, "float16": 989e12, "bfloat16": 989e12, "int8": 1979e12, "bandwidth": 3350e9,
        "clock": 1.83e9, "cap": 700, "idle": 70, "idle_context": 80, "stream": 300,
        "sources": [
            "NVIDIA H100 data sheet, 2023, and Hopper white paper (SXM5: FP32 66.9, TF32 494.7, FP16 989, INT8 1979 T/s "
            "without sparsity, 3.35 TB/s, 700 W)",
            "300 W at batch 1: ML.ENERGY Benchmark v3.0; idle with a program 80 W as an H200's",
        ],
    },
    "l4": {
        "name": "NVIDIA L4", "cc": "8.9", "sms": 58, "l2": 48 << 20, "dram": 24 << 30,
        "float32": 30.3e12, "tf32": 60e12, "float16": 121e12, "bfloat16": 121e12, "int8": 242e12, "bandwidth": 300e9,
        "clock": 2.04e9, "cap": 72, "idle": 16, "idle_context": 28, "joules_per_byte": 85e-12,
        "sources": [
            "NVIDIA L4 data sheet, 2023 (FP32 30.3 TFLOP/s; TF32 120, FP16 242, INT8 485 T/s with sparsity are 60, 121 and "
            "242 without; 300 GB/s, 72 W)",
            "idle power and joules_per_byte: priors, as a board of the T4's power and memory",
        ],
    },
}

# In the order of the tables.
TYPES = ["float32", "tf32", "float16", "bfloat16", "int8", "any"]
# Running at all takes this share of the cap above idling, as on the T4.
ACTIVE_SHARE = 0.17
# A run that sits at the cap does products at this share of the peak, and moves bytes at that share of the peak.
PRODUCT_SHARE, TRAFFIC_SHARE = 0.6, 0.2
# A run that only streams reaches this share of the bandwidth.
STREAM_SHARE = 0.75


def main() -> None:
    measured = json.loads((DEVICES / "t4.json").read_text())
    stale = []
    for name, board in BOARDS.items():
        path, text = DEVICES / f"{name}.json", written(table(board, measured))
        if path.exists() and json.loads(path.read_text())["provenance"]["kind"] != "datasheet":
            continue
        if sys.argv[1:] != ["--check"]:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            stale.append(str(path))
    if stale:
        sys.exit(f"stale, run calibration/datasheet.py: {', '.join(stale)}")


def table(board: dict, t4: dict) -> dict:
    cap = board["cap"]
    active = board["idle_context"] + ACTIVE_SHARE * cap * (0.5 if cap > 100 else 1)
    per_byte = board.get("joules_per_byte") or (board["stream"] - active) / (STREAM_SHARE * board["bandwidth"])
    clock = T4["clock"] / board["clock"]
    launch = {key: value * (1 if key.endswith("dispatch_us") else clock) for key, value in t4["launch"].items()}
    memory = board["bandwidth"] / T4["bandwidth"]
    return {
        "schema": t4["schema"],
        "device": {
            "name": board["name"], "compute_capability": board["cc"], "sms": board["sms"],
            "l2_bytes": board["l2"], "dram_bytes": board["dram"], "tdp_w": cap,
        },
        "provenance": {
            "kind": "datasheet",
            "sources": board["sources"] + ["every rate: the share of its peak that the T4's table reaches"],
            "date": t4["provenance"]["date"], "tool": "calibration/datasheet.py", "samples": 0,
        },
        "power": {"idle_w": board["idle"], "idle_context_w": board["idle_context"],
                  "active_w": active, "cap_w": cap},
        "launch": launch,
        "memory": {
            "dram": {"bytes_per_s": t4["memory"]["dram"]["bytes_per_s"] * memory, "joules_per_byte": per_byte},
            # The cache is as fast as there are multiprocessors to read it.
            "l2": {"bytes_per_s": t4["memory"]["l2"]["bytes_per_s"] * board["sms"] / 40 / clock},
        },
        "classes": classes(board, t4, active, per_byte),
        "uncertainty": t4["uncertainty"] | {"model_pct": 35},
    }


def classes(board: dict, t4: dict, active: float, per_byte: float) -> list[dict]:
    plain = {row["op"]: row for row in t4["classes"] if row["type"] == "float32"}
    rows = []
    for row in t4["classes"]:
        # Tensor cores have no part in a depthwise convolution.
        wide = [] if row["op"] == "depthwise_convolution" else ["tf32"]
        types = {"float16": ["float16", "bfloat16", *wide]}.get(row["type"], [row["type"]])
        for type_ in types:
            if type_ in board or type_ == "any":
                source = in_layout_of(row, plain[row["op"]]) if type_ == "tf32" else row
                rows.append(carried(source, type_, board, active, per_byte))
    # Rows of one type together, as 'nncost devices check' has it.
    return sorted(rows, key=lambda row: TYPES.index(row["type"]))


def in_layout_of(row: dict, plain: dict) -> dict:
    """A row for tensors that nothing casts: they are laid out as those of `plain`, whose kernels need no others to get them ready."""
    row = {key: part for key, part in row.items() if key != "relayout"}
    return row | {key: plain[key] for key in ("kernels", "relayout") if key in plain}


def carried(row: dict, type_: str, board: dict, active: float, per_byte: float) -> dict:
    """A row of the T4's table as another board would have it."""
    # What moves bytes computes in FP32.
    original, own = ("float32", "float32") if type_ == "any" else (row["type"], type_)
    compute = board[own] / T4[original]
    memory, clock = board["bandwidth"] / T4["bandwidth"], T4["clock"] / board["clock"]
    # Operands of 32 bits take twice the bytes to fetch, at the bandwidth of those of 16, and twice the energy.
    wide = 2 if type_ == "tf32" else 1
    # Rows that nobody padded were measured with the libraries of one board.
    row = {key: part for key, part in row.items() if key != "unpadded"}
    row = dict(row, type=type_, n=0, mape_pct=max(30, 2 * row["mape_pct"]), provider="the T4's share")
    for key in row:
        if key in ("flops_per_s", "elements_per_s"):
            row[key] *= compute
        elif key == "tile_bytes_per_s":
            row[key] *= compute * wide
        elif key == "bytes_per_s":
            row[key] *= memory
        elif key.endswith("_us"):
            row[key] *= clock
        elif key == "joules_per_flop":
            row[key] *= wide * per_flop(board, active, per_byte) / T4_PER_FLOP
    return row


def per_flop(board: dict, active: float, per_byte: float) -> float:
    """Joules of an operation of FP16 products where those draw all that the cap leaves."""
    spare = board["cap"] - active - TRAFFIC_SHARE * board["bandwidth"] * per_byte
    return spare / (PRODUCT_SHARE * board["float16"])


# The T4's own table: types keep their relation to FP16 products.
T4_PER_FLOP = next(
    row["joules_per_flop"] for row in json.loads((DEVICES / "t4.json").read_text())["classes"]
    if (row["op"], row["type"]) == ("gemm", "float16"))


def written(table: dict) -> str:
    """JSON with a line for each part and each class, numbers with three digits."""
    def value(item: object) -> str:
        if isinstance(item, float):
            return json.dumps(float(f"{item:.3g}"))
        if isinstance(item, dict):
            return "{" + ", ".join(f'"{key}": {value(part)}' for key, part in item.items()) + "}"
        if isinstance(item, list):
            return "[" + ", ".join(map(value, item)) + "]"
        return json.dumps(item)

    lines = [f' "{key}": {value(part)}' for key, part in table.items() if key != "classes"]
    rows = ",\n".join("  " + value(row) for row in table["classes"])
    lines.insert(-1, f' "classes": [\n{rows}\n ]')
    return "{\n" + ",\n".join(lines) + "\n}\n"


main()
