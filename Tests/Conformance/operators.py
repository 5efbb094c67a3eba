"""The table of operators in docs/operators.md: what is known of each, as the ONNX package's node tests show it.

usage: operators.py NNCOST CACHE DOCUMENT [--check]

CACHE is where node_tests.py leaves its cases. Writes DOCUMENT, or with --check says whether it is as it would be
written. Nothing in the table is claimed: an operator's shapes, values and multiply-accumulates are those that
NNCOST answers on the cases of that operator.
"""

import collections
import json
import os
import subprocess
import sys

import onnx

from scoring import fail_unless

HEAD = """\
# Operators

Written by `Tests/Conformance/operators.py`; do not edit.

Operators of ONNX {version} and those of ONNX Runtime that `nncost` knows. *Shapes*: of the ONNX package's node tests that
use the operator, how many have exactly the right output shapes when the operands that decide them are known; the others depend
on data, and are answered with a bound or not at all. *Values*: of those with constant inputs, how many of the small
results are followed, so that shapes can depend on them. *MACs*: whether it does multiply-accumulates. *Training*: how its backward
pass is priced: `products` are two matrix products for each one forward, `bytes` is the traffic and elementwise work
of the forward pass again. A dash means that the package has no test to tell.

An operator that is not in this table, or is marked unknown, is reported as uncounted, by name, and lowers the coverage.

| domain | operator | versions | shapes | values | MACs | training |
|---|---|---|---|---|---|---|
"""


def main():
    program, cache, document = sys.argv[1:4]
    known = {
        (entry["domain"], entry["op"])
        for entry in json.loads(run(program, "operators", "--json"))
    }
    versions = collections.defaultdict(list)
    for schema in onnx.defs.get_all_schemas_with_history():
        versions[schema.domain, schema.name].append(
            schema.since_version
        )
    tests = node_tests(program, os.path.join(cache, f"onnx-{onnx.__version__}"))
    text = HEAD.format(version=onnx.__version__)
    for key in sorted(known | set(versions)):
        text += row(key, key in known, sorted(versions.get(key, [])), tests.get(key))
    missing = sorted(set(versions) - known)
    text += f"\n{len(known)} operators are known; of ONNX's own {len(versions)}, {len(missing)} are not"
    text += f": {', '.join(name for _, name in missing)}.\n" if missing else ".\n"
    if "--check" in sys.argv:
        with open(document) as file:
            fail_unless(file.read() == text, f"{document} is not what operators.py writes")
        print(text.splitlines()[-1])
    else:
        with open(document, "w") as file:
            file.write(text)


def row(key, is_known, versions, test):
    domain, name = key
    cells = [domain or "ai.onnx", name, ", ".join(map(str, versions)) or "-"]
    if not is_known:
        cells += ["unknown", "", "", ""]
    elif test is None:
        cells += ["-", "-", "-", "-"]
    else:
        has_products = test["macs"] > 0
        cells += [
            f"{test['exact']}/{test['cases']}",
            f"{test['followed']}/{test['small']}" if test["small"] else "-",
            "yes" if has_products else "",
            "products" if has_products else "bytes" if test["counted"] else "free",
        ]
    return f"| {' | '.join(cells)} |\n"


def node_tests(program, root):
    """For each operator, what NNCOST answers on the cases of one node that use it."""
    with open(os.path.join(root, "truth.json")) as file:
        truth = json.load(file)
    names = sorted(truth)
    tests = {}
    answers = {p: costed(program, [os.path.join(root, p, f"{n}.onnx") for n in names]) for p in "BC"}
    for name, exact, closed in zip(names, answers["B"], answers["C"]):
        if "error" in exact or len(exact["nodes"]) != 1:
            continue
        node = exact["nodes"][0]
        test = tests.setdefault(
            (node["domain"], node["op"]),
            {"cases": 0, "exact": 0, "small": 0, "followed": 0, "macs": 0, "counted": 0},
        )
        outputs = {output["name"]: output for output in exact["outputs"]}
        test["cases"] += 1
        test["exact"] += all(
            name in outputs and outputs[name]["shape"] == shape for name, shape in truth[name].items()
        )
        test["macs"] += node["macs"] or 0
        test["counted"] += node["state"] == "counted"
        for output in closed.get("outputs", []):
            count = product(output["shape"])
            if count is not None and count <= 64:
                test["small"] += 1
                test["followed"] += "value" in output
    return tests


def product(dims):
    if dims is None:
        return None
    count = 1
    for dim in dims:
        count *= dim
    return count


def costed(program, paths):
    """The model objects of the report on `paths`, in that order."""
    models = []
    for start in range(0, len(paths), 200):
        lines = run(program, "cost", "--format", "jsonl", *paths[start : start + 200])
        models += [json.loads(line) for line in lines.splitlines() if line.startswith("{")]
    fail_unless(len(models) == len(paths), "a report has another number of models than asked for")
    return models


def run(*command):
    return subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


if __name__ == "__main__":
    main()
