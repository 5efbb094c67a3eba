"""The ONNX package's own node tests: no wrong shape and no crash.

usage: node_tests.py NNCOST DATA CACHE

DATA is the folder with `tools`. The cases are generated into CACHE, once per version of the ONNX package.
"""

import re
import sys

from scoring import fail_unless, score

# The least share of exact cases, in percent, by protocol: A knows the input shapes only, B also the values of the
# operands that decide shapes, C the values of all inputs.
EXACT_PERCENT = {"A": 81.5, "B": 97.5, "C": 98.0}

SUMMARY = re.compile(
    r"protocol (\w): (\d+) cases, exact ([\d.]+) %.*wrong (\d+)  error \d+  crash (\d+)"
)


def main():
    program, data, cache = sys.argv[1:4]
    rows = SUMMARY.findall(score(data, ["shape_score.py", program, "--work", cache]))
    fail_unless(len(rows) == len(EXACT_PERCENT), "the scores cannot be read")
    for protocol, cases, percent, wrong, crash in rows:
        fail_unless(int(cases) > 0, f"protocol {protocol}: there is no case")
        fail_unless(wrong == "0", f"protocol {protocol}: {wrong} cases have a wrong shape")
        fail_unless(crash == "0", f"protocol {protocol}: {crash} cases crashed")
        fail_unless(
            float(percent) >= EXACT_PERCENT[protocol],
            f"protocol {protocol}: {percent} % are exact, {EXACT_PERCENT[protocol]} % are required",
        )


if __name__ == "__main__":
    main()
