"""What nncost says of a configuration, and how far that is from what was measured."""

import json
import statistics
import subprocess

RUNTIMES = {"eager": "eager", "compiled": "fused"}


def command(nncost, graph, device, configuration):
    options = ["--device", device, "--format", "json", "--runtime", RUNTIMES[configuration.execution],
               "--precision", configuration.precision]
    batch = str(configuration.batch)
    if configuration.mode == "training":
        # One step: a data set of one batch, gone through once.
        options += ["--train", "--dataset-size", batch, "--epochs", "1", "--train-batch", batch, "--optimizer", "sgd"]
    else:
        options += ["--batch", batch]
    return [nncost, "cost", graph, *options]


def predict(nncost, graph, device, configuration):
    """Joules and seconds of an iteration, and a remark; both are None where the program gives no figure."""
    run = subprocess.run(command(nncost, graph, device, configuration), capture_output=True, text=True)
    if run.returncode != 0:
        return None, None, (run.stderr.strip().splitlines() or ["nncost failed"])[0]
    model = json.loads(run.stdout)["models"][0]
    figures = model.get("training" if configuration.mode == "training" else "cost") or {}
    joules, seconds = (figures.get(key, {}).get("value") for key in ("joules", "seconds"))
    if joules is None or seconds is None:
        return None, None, "nncost gives no figure"
    # The energy of a part of a network is no prediction of the whole.
    coverage = model.get("coverage", {})
    if coverage.get("unpriced"):
        return None, None, coverage["unpriced"][0]["reason"]
    share = coverage.get("share", 0)
    return joules, seconds, "" if share >= 1 else f"{share:.1%} of the arithmetic is counted"


def table(rows, key, title):
    """Lines of a table of errors: relative errors of joules and seconds of the summarised `rows`, by `key`."""
    lines = [f"| {title} | n | energy: median error % | mean error % | predicted / measured "
             "| time: median error % | mean error % | predicted / measured |", "|---|---|---|---|---|---|---|---|"]
    groups = {}
    for row in rows:
        if row["predicted_joules"] not in ("", None) and row["joules"] not in ("", None):
            groups.setdefault(key(row), []).append(row)
    if not groups:
        return []
    everything = [row for group in groups.values() for row in group]
    for name, group in [*sorted(groups.items()), ("all", everything)]:
        cells = [name, str(len(group))]
        for what in ("joules", "seconds"):
            ratios = [float(r[f"predicted_{what}"]) / float(r[what]) for r in group]
            errors = [abs(r - 1) * 100 for r in ratios]
            cells += [f"{statistics.median(errors):.1f}", f"{statistics.mean(errors):.1f}", f"{statistics.median(ratios):.2f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return lines
