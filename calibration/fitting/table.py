"""Writes a device table."""

import json

from fitting import timing
from fitting.board import BOARD, DATE, ELEMENT, EXECUTION, JOULES_PER_BYTE, POWER, SOURCES, UNCERTAINTY
from fitting.engine import KERNELS, RELAYOUT, convolution_rate


def rounded(value, digits=3):
    return float(f"{value:.{digits}g}")


def write(output, v, shares, gemm, gemm_error, gemm_count, conv_error, conv8, energy8, energy, moved, memory, engine,
          isolated, int8_count):
    """Writes the table: one line for each class."""
    dram = rounded(memory["dram"])
    classes = []

    def add(op, kind, rate, joules, provider, n, mape, **more):
        row = dict(op=op, type=kind, flops_per_s=rounded(rate), joules_per_flop=rounded(joules))
        row |= {k: x if isinstance(x, int) else rounded(x) for k, x in more.items()}
        classes.append(row | dict(p=timing.P, provider=provider, n=n, mape_pct=rounded(mape)))

    def tiles(r, unaligned=True):
        return dict(tile_bytes_per_s=r["fetch"], wave_loss=min(r["wave_loss"], 1),
                    unaligned=min(r["unaligned"], 1) if unaligned else 1,
                    **(dict(depth_ns=r["depth"] * 1e9) if r.get("depth") else {}))

    # Beside `gpu_us`: what kernels over positions take more than those of transformers.
    spatial = (v["spatial"] - v["launch"]) * 1e6

    def kernels(kind, name):
        late = {} if name == "int8" else dict(launch_us=spatial)
        return late | dict(kernels=KERNELS[name]) | (dict(relayout=RELAYOUT[kind]) if name == "float16" else {})

    def winograd(name):
        return dict(winograd_block=timing.BLOCK) if name == "float32" else {}

    engine_counts = {"float32": int((~engine.half).sum()), "float16": int(engine.half.sum())}
    gemm_error["int8"], gemm_count["int8"] = gemm_error["float16"], 0
    for name in ELEMENT:
        e = energy[name]
        drawn = energy8 if name == "int8" else e * v["sparsity"]
        borrowed = "float16 at twice the rate" if name == "int8" else None
        add("gemm", name, gemm[name]["rate"], e, borrowed or "cublas", gemm_count[name],
            gemm_error[name], **tiles(gemm[name]),
            **(dict(unpadded=gemm[name]["unpadded"]) if name == "float16" else {}))
        for op in ("attention", "recurrence"):
            add(op, name, gemm[name]["rate"], e, "gemm", 0, gemm_error[name], **tiles(gemm[name]))
        if name == "int8":
            add("convolution", name, conv8["rate"], drawn, "cudnn", int8_count, conv_error[name],
                **tiles(conv8, unaligned=False), **kernels("convolution", name), **shares)
        else:
            r = convolution_rate(v, name, energy)
            n = engine_counts[name] + sum(
                int((~s.test).sum()) for k, s in isolated.items()
                if ("fp32" in k) == (name == "float32"))
            add("convolution", name, v["rate " + name], drawn, "cudnn, tensorrt", n, conv_error[name],
                **tiles(r, unaligned=False), **winograd(name), **kernels("convolution", name), **shares)
        n = 0 if name == "int8" else engine_counts[name]
        provider = "float16" if name == "int8" else "tensorrt"
        add("depthwise_convolution", name, v["depthwise"], drawn, provider, n, conv_error["depthwise"],
            setup_taps=v["setup taps"], **kernels("depthwise", name))
        # Groups one after another, each as a convolution of its own.
        r = conv8 if name == "int8" else convolution_rate(v, name, energy)
        add("grouped_convolution", name, r["rate"], drawn, "convolution", n // 20,
            conv_error["grouped"], **tiles(r, unaligned=False), group_us=(v["launch"] if name == "int8" else v["spatial"]) * 1e6,
            **kernels("grouped", name))
    for op, source in (("elementwise", None), ("movement", "elementwise"), ("pooling", "elementwise"),
                       ("reduction", "elementwise"), ("softmax", None), ("normalization", None)):
        r, mape, n = moved[source or op]
        # Plain arithmetic at half the peak of multiply-adds; it hardly ever binds.
        row = dict(op=op, type="any", flops_per_s=4e12, bytes_per_s=rounded(r["dram"]),
                   joules_per_flop=rounded(energy["float32"]))
        row |= {key: rounded(r[key]) for key in ("row_bytes", "row_passes") if key in r}
        if op == "movement":
            row["elements_per_s"] = rounded(memory["elements"])
        if op in ("elementwise", "pooling"):
            row["launch_us"] = rounded(spatial)
        classes.append(row | dict(p=timing.P, provider=source or "pytorch",
                                  n=0 if source else n, mape_pct=rounded(mape)))
    # A host takes longer for layers that have weights; each kind was measured by itself, like the elementwise operations.
    layers = [gemm["float32"]["launch NeuSight linear"], moved["normalization"][0]["launch"]]
    document = dict(
        schema="nncost-device/1", device=BOARD,
        provenance=dict(kind="published-measurements", sources=SOURCES, date=DATE,
                        tool="calibration/fit.py",
                        samples=sum(c["n"] for c in classes if c["op"] in (
                            "gemm", "convolution", "elementwise", "softmax", "normalization"))),
        power=POWER,
        launch=dict(gpu_us=rounded(v["launch"] * 1e6),
                    dispatch_us=rounded(moved["elementwise"][0]["launch"] * 1e6),
                    layer_dispatch_us=rounded(sum(layers) / len(layers) * 1e6),
                    execution_us=rounded(EXECUTION * 1e6)),
        memory=dict(dram=dict(bytes_per_s=dram, joules_per_byte=JOULES_PER_BYTE),
                    l2=dict(bytes_per_s=rounded(memory["l2"]))),
        classes=classes,
        uncertainty=UNCERTAINTY)
    with open(output, "w") as file:
        lines = []
        for key, value in document.items():
            if key == "classes":
                value = "[\n  " + ",\n  ".join(json.dumps(c) for c in value) + "\n ]"
            else:
                value = json.dumps(value)
            lines.append(f' "{key}": {value}')
        file.write("{\n" + ",\n".join(lines) + "\n}\n")
