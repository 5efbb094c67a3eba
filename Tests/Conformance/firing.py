"""Holds the findings on whole networks against what is known of them.

usage: firing.py NNCOST DATA [--record]

`firing.txt` says by hand which rules must fire on which networks and which must not. `findings.txt` holds every
finding on every network of DATA/corpus/models: rule, level, places and first node, without figures, since a new
device table moves those. `--record` writes `findings.txt` anew; read the diff line by line, for a false alarm counts
as much as a miss. Each network is linted twice, and must be reported with the same bytes.
"""

import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
RUNTIMES = ["eager", "fused"]


def lint(nncost, path, runtime):
    command = [nncost, "lint", str(path), "--runtime", runtime, "--fail-on", "never", "--format", "json"]
    runs = [subprocess.run(command, capture_output=True) for _ in range(2)]
    assert runs[0].stdout == runs[1].stdout, f"{path.name}: two runs differ"
    model = json.loads(runs[0].stdout)["models"][0]
    return model.get("findings", [])


def known_rules(nncost):
    run = subprocess.run([nncost, "rules", "--json"], capture_output=True, text=True, check=True)
    return {rule["code"] for rule in json.loads(run.stdout)}


def table():
    """Rows of `firing.txt`: network, runtime, codes that must fire, codes that must not."""
    for line in (HERE / "firing.txt").read_text().splitlines():
        if line.startswith("#"):
            continue
        network, runtime, must, must_not = (column.strip() for column in line.split("|"))
        yield network, runtime, must.replace("-", "").split(), must_not.split()


def main():
    nncost, data = sys.argv[1], pathlib.Path(sys.argv[2])
    rules = known_rules(nncost)
    found, lines = {}, []
    for path in sorted((data / "corpus" / "models").glob("*.onnx")):
        for runtime in RUNTIMES:
            findings = lint(nncost, path, runtime)
            found[path.stem, runtime] = {f["code"] for f in findings}
            for f in sorted(findings, key=lambda f: (f["code"], f["nodes"][:1])):
                places = f"{len(f['places'])} places" if len(f["places"]) > 1 else "1 place"
                lines.append(f"{path.stem} {runtime} {f['code']} {f['name']} {f['level']}, {places}: "
                             f"{(f['nodes'] or ['the model'])[0]}")
    failures, skipped = [], set()
    for network, runtime, must, must_not in table():
        if (network, runtime) not in found:
            continue
        for code in must + must_not:
            if code not in rules:
                skipped.add(code)
                continue
            if (code in found[network, runtime]) != (code in must):
                failures.append(f"{network} {runtime}: {code} {'does not fire' if code in must else 'fires'}")
    text = "".join(line + "\n" for line in lines)
    record = HERE / "findings.txt"
    if "--record" in sys.argv[3:]:
        record.write_text(text)
    elif record.read_text() != text:
        before, after = set(record.read_text().splitlines()), set(lines)
        failures += [f"gone: {line}" for line in sorted(before - after)]
        failures += [f"new: {line}" for line in sorted(after - before)]
    for failure in failures:
        print(failure)
    if skipped:
        print(f"rules that are not there: {' '.join(sorted(skipped))}")
    print(f"{len(lines)} findings on {len(found) // len(RUNTIMES)} networks, {len(failures)} against expectation")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
