"""Runs every command on models, texts and settings that were changed at random, and looks for faults.

usage: fuzz.py NNCOST RULES SEEDS… [--mutants N] [--seconds N] [--seed S] [--keep FOLDER] [--limit BYTES]

Seeds are the examples of the pages in RULES (docs/rules) and the models in the folders SEEDS. A fault is a status
that is not documented, ten seconds of the processor, two gigabytes of memory, JSON that cannot be read or holds a
number that cannot be, or a mended model that the checker of ONNX refuses though it takes the original. What caused
one is kept in FOLDER. The same seed makes the same mutants.
"""

import argparse
import json
import math
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile
import time

import onnx
from onnx import TensorProto, parser

import mutating

# Processor seconds and kilobytes; a shell sets them, since only the child shall have them.
LIMITS = ["sh", "-c", 'ulimit -t 10 -v 2097152; exec "$0" "$@"']
ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = """g (float[batch,64,56,56] x) => (y) <float[64,64,3,3] w, float[1000,3136] v> {
  c = Conv <pads = [1, 1, 1, 1]> (x, w) r = Relu(c) s = Relu(r) t = Transpose <perm = [0, 2, 3, 1]> (s)
  p = ReduceMean <axes = [3], keepdims = 0> (t) f = Flatten(p) y = Gemm <transB = 1> (f, v) }"""
CONFIGURATION = """{
  "device": "t4", "runtime": "eager",
  "usage": { "batch": 3, "inferences": "3e7/month", "region": "DE", "pue": 1.2, "boards": 2, "lifetime": "2 years" },
  "training": { "dataset_size": 4708, "epochs": 28, "batch": 32, "trials": 12 },
  "rules": { "severity": { "NNC435": "info" }, "min_saving": { "absolute": "10 uJ/inf", "relative": "0.5%" } },
  "fail_on": "warning",
  "budgets": [
    { "name": "one", "paths": ["*.onnxtxt"], "max": "11 mJ/inf", "warn_at": "90%" },
    { "name": "fleet", "max": "900 kgCO2e/month", "decide": "pessimistic" }
  ],
  "ignore": [{ "rules": ["NNC501"], "nodes": ["/head/**"], "reason": "the head is shared" }]
}"""
TRAINING = ["--train", "--dataset-size", "1000"]
EVERYTHING = ["--min-saving", "0%", "--min-saving", "0 J", "--fail-on", "never"]
# Differences may be below zero, and so may an axis and what a user wrote.
SIGNED = re.compile(r"opsets|ir_version|change|difference|delta|low|axis|value|pads|increase|saved")

PURPOSES = [
    {"usage": {"task": "generate"}}, {"usage": {"task": "classify-last"}, "training": {"dataset_size": 100, "batch": 1}},
    {"usage": {"inferences": 6e5, "region": "IN", "regions": ["IN", "FR"]}, "training": {"dataset_size": 9, "trials": 64}},
]

CHOICES = [
    ["lint", "-f", "json", "--runtime", "eager"] + EVERYTHING,
    ["lint", "-f", "json", "--runtime", "fused"] + EVERYTHING,
    ["lint", "-f", "json", "--runtime", "eager", "--batch", "7"] + EVERYTHING,
    ["lint", "-f", "json", "--runtime", "fused", "--precision", "fp16", "-d", "a100"] + EVERYTHING,
    ["lint", "-f", "json", "--precision", "int8", "--per", "token"] + TRAINING + EVERYTHING,
    ["lint", "-f", "json", "--lifecycle", "--inferences", "3e7/month", "--trials", "9"] + TRAINING + EVERYTHING,
    ["lint", "-f", "json", "--runtime", "eager", "--fix"] + EVERYTHING,
    ["lint", "-f", "sarif"] + EVERYTHING,
    ["lint", "-f", "json", "--runtime", "eager", "-c"] + EVERYTHING,
    ["lint", "-f", "full", "--runtime", "eager", "-v"] + EVERYTHING,
    ["lint", "-f", "html", "--runtime", "eager"] + EVERYTHING,
    ["lint", "-f", "markdown", "--batch", "3"] + EVERYTHING,
    ["cost", "-f", "json", "--tensors", "--kernels"],
    ["cost", "-f", "json", "--runtime", "eager", "--precision", "bf16", "-d", "h100"],
    ["cost", "-f", "json", "--batch", "64", "--kernels", "--checkpointing", "--optimizer", "adam"] + TRAINING,
    ["cost", "-f", "full", "--lifecycle", "--per", "image"] + TRAINING,
    ["dump"],
    ["dump", "--metadata"],
    ["diff"],
]


class Fault(Exception):
    pass


def texts(rules):
    """Every example of every page, as a model whose constants lie elsewhere."""
    for page in sorted(pathlib.Path(rules).glob("*.md")):
        for number, block in enumerate(re.findall(r"```text\n(.*?)\n```", page.read_text(encoding="utf-8"), re.S)):
            try:
                model = parser.parse_model('<ir_version: 10, opset_import: ["": 18, "com.microsoft": 1]>\n'
                                           + block.replace("↓", " "))
            except parser.ParseError:
                continue
            computed = {name for node in model.graph.node for name in node.output}
            for info in [i for i in model.graph.value_info if i.name not in computed]:
                tensor = model.graph.initializer.add()
                tensor.name, tensor.data_type = info.name, info.type.tensor_type.elem_type
                tensor.dims.extend(d.dim_value for d in info.type.tensor_type.shape.dim)
                tensor.data_location = TensorProto.EXTERNAL
                tensor.external_data.add(key="location", value="weights.bin")
                model.graph.value_info.remove(info)
            yield f"{page.stem}-{number}", model.SerializeToString()


def seeds(rules, folders, limit):
    found = dict(texts(rules))
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.suffix in (".onnx", ".json", ".onnxtxt") and path.stat().st_size <= limit:
                found[path.name] = path.read_bytes()
    return found


def run(command, statuses=(0, 1, 3)):
    """What a command printed, and its status; a fault where it has none of those that are documented for it."""
    result = subprocess.run(LIMITS + command, capture_output=True, timeout=300)
    if result.returncode not in statuses:
        raise Fault(f"status {result.returncode}: {result.stderr.decode(errors='replace')[-300:]}")
    return result


def numbers(value, path=""):
    """Fails on a number that is none, is infinite, or is negative where that means nothing."""
    if isinstance(value, dict):
        if isinstance(value.get("low"), float) and isinstance(value.get("value"), float):
            if value["high"] is None or not value["low"] <= value["value"] <= value["high"]:
                raise Fault(f"{path}: {value} is no interval")
        for key, inner in value.items():
            numbers(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            numbers(inner, path)
    elif isinstance(value, float) and not math.isfinite(value):
        raise Fault(f"{path} is {value}")
    elif isinstance(value, (int, float)) and value < 0 and not SIGNED.search(path):
        raise Fault(f"{path} is {value}")


def refuse(name):
    raise Fault(f"{name} in JSON")


def report(output):
    try:
        value = json.loads(output, parse_constant=refuse)
    except ValueError as error:
        raise Fault(f"JSON cannot be read: {error}")
    numbers(value)
    if value.get("schema", "").startswith("nncost/"):
        for model in value["models"]:
            savings(model)
    return value


def savings(model):
    """Fails where something saves more than there is, or more together than apart."""
    if not model.get("cost") or not model.get("findings"):
        return
    total = model["cost"]["joules"]["value"] * 1.000001
    apart = [f["saving_joules"]["value"] for f in model["findings"] if f["saving_joules"]]
    together = model["joint_savings"]["all_joules"]["value"]
    if max(apart + [together]) > total:
        raise Fault(f"savings {apart}, {together} of {total}")


def valid(path):
    """What the checker says, in a process of its own, since some files end it."""
    check = "import onnx, sys; onnx.checker.check_model(sys.argv[1])"
    return subprocess.run([sys.executable, "-c", check, path], capture_output=True).returncode == 0


def check(nncost, original, path, fixed, rng):
    """Runs a mutant through some commands."""
    for choice in rng.sample(CHOICES, 4):
        if choice[0] == "diff":
            pair = [str(original), str(path)]
            rng.shuffle(pair)
            command = [nncost, "diff", *pair, "--no-config", "-f", "json", "--runtime", rng.choice(["eager", "fused"])]
        else:
            command = [nncost, choice[0], str(path), *choice[1:]]
            if "-c" in choice:
                path.with_suffix(".settings").write_text(json.dumps(rng.choice(PURPOSES)))
                command.insert(command.index("-c") + 1, str(path.with_suffix(".settings")))
            elif choice[0] != "dump":
                command.append("--no-config")
        if "--fix" in choice:
            fixed.unlink(missing_ok=True)
            command += ["-o", str(fixed)]
        try:
            result = run(command)
            if "json" in choice or "sarif" in choice or choice[0] == "diff":
                report(result.stdout)
            if "--fix" in choice and fixed.exists() and valid(path) and not valid(fixed):
                raise Fault("the mended model is not valid")
        except subprocess.TimeoutExpired:
            raise Fault(f"{' '.join(command[1:])}: took five minutes")
        except Fault as fault:
            raise Fault(f"{' '.join(command[1:])}: {fault}")


def check_settings(nncost, folder, rng):
    """Changes the bytes of a device's table, a configuration or a baseline, and has them read."""
    model, path = folder / "model.onnxtxt", folder / "settings.json"
    model.write_text(MODEL)
    lint = [nncost, "lint", str(model), "-f", "json", "--fail-on", "never"]
    kind = rng.choice(["device", "configuration", "baseline"])
    if kind == "device":
        text = (ROOT / "calibration/devices/t4.json").read_bytes()
        commands = [[nncost, "devices", "check", str(path)], lint + ["-d", str(path), "--no-config"],
                    [nncost, "cost", str(model), "-d", str(path), "-f", "json", "--no-config", *TRAINING]]
    elif kind == "configuration":
        text = CONFIGURATION.encode()
        commands = [[nncost, "config", "check", str(path)], lint + ["-c", str(path)],
                    [nncost, "config", "show", str(model), "-c", str(path)],
                    [nncost, "budget", "check", str(model), "-c", str(path)],
                    [nncost, "budget", "tighten", str(path)]]
    else:
        run([nncost, "lint", str(model), "--write-baseline", str(path), "--no-config"] + EVERYTHING)
        text = path.read_bytes()
        commands = [[nncost, "baseline", "show", str(path)],
                    lint + ["--baseline", str(path), "--no-config", "--min-saving", "0%", "--min-saving", "0 J"]]
    path.write_bytes(mutating.mutate_bytes(text, rng))
    for command in commands:
        try:
            result = run(command, (0, 1, 2, 3))
            if "json" in command and result.returncode in (0, 1):
                report(result.stdout)
        except Fault as fault:
            raise Fault(f"{' '.join(command[1:])}: {fault}")


def mutant(seed, rng):
    """The bytes of a changed model, and how it was changed."""
    if seed.startswith((b"{", b"<", b"[")) or rng.random() < 0.08:
        return mutating.mutate_bytes(seed, rng), ["bytes"]
    model = onnx.ModelProto.FromString(seed)
    names = mutating.mutate(model, rng)
    return model.SerializeToString(), names


def keep(options, tried, name, data):
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        (options.keep / f"{options.seed}-{tried - 1}-{name}").write_bytes(data)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("nncost")
    options.add_argument("rules")
    options.add_argument("folders", nargs="*")
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--mutants", type=int, default=1_000_000, help="the same ones each time, however fast the machine")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--keep", type=pathlib.Path)
    options.add_argument("--limit", type=int, default=1_000_000)
    options = options.parse_args()
    found = seeds(options.rules, options.folders, options.limit)
    names = sorted(found)
    end = time.monotonic() + options.seconds
    tried = faults = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        while tried < options.mutants and time.monotonic() < end:
            # Each mutant has a source of its own, so that one can be made again without those before it.
            rng = random.Random(f"{options.seed} {tried}")
            if rng.random() < 0.1:
                tried += 1
                try:
                    settings = folder / "settings.json"
                    check_settings(options.nncost, folder, rng)
                except Fault as fault:
                    faults += 1
                    print(f"settings {tried - 1}: {fault}", flush=True)
                    keep(options, tried, settings.name, settings.read_bytes())
                continue
            name = rng.choice(names)
            ending = pathlib.Path(name).suffix if pathlib.Path(name).suffix in (".json", ".onnxtxt") else ".onnx"
            path, original = folder / f"mutant{ending}", folder / f"original{ending}"
            tried += 1
            try:
                data, changes = mutant(found[name], rng)
            except Exception as error:
                if isinstance(error, (KeyboardInterrupt, AssertionError)):
                    raise
                continue
            path.write_bytes(data)
            original.write_bytes(found[name])
            try:
                check(options.nncost, original, path, folder / "fixed.onnx", rng)
            except Fault as fault:
                faults += 1
                print(f"{name} {tried - 1} ({', '.join(changes)}): {fault}", flush=True)
                keep(options, tried, name.removesuffix(ending) + ending, data)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{tried} mutants of {len(names)} models: {faults} faults; no run took more than {peak} MB")
    sys.exit(faults > 0)


if __name__ == "__main__":
    main()
