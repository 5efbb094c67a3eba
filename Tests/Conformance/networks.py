"""Whole networks with known answers: no error, no wrong shape, almost all shapes known, exact multiply-accumulates.

usage: networks.py NNCOST DATA

DATA is the folder with `corpus` and `tools`.
"""

import re
import sys

from scoring import fail_unless, score

# The share of decidable tensors whose shape must be known exactly.
EXACT_PERCENT = 99.9
# How many boxes this detector keeps depends on the image, so its work is an estimate.
DATA_DEPENDENT = "fasterrcnn_resnet50_fpn"
DATA_DEPENDENT_TOLERANCE = 0.05

SUMMARY = re.compile(
    r"models (\d+)  errors (\d+)  tensors exact ([\d.]+) %  wrong (\d+)  macs exact (\d+)/(\d+)"
)


def main():
    program, data = sys.argv[1:3]
    arguments = ["corpus_score.py", program, f"{data}/corpus"]
    models, errors, percent, wrong, exact, _ = SUMMARY.search(score(data, arguments)).groups()
    fail_unless(int(models) > 0, "there is no network to check")
    fail_unless(errors == "0", f"{errors} of {models} networks gave an error")
    fail_unless(wrong == "0", f"{wrong} tensors have a wrong shape")
    fail_unless(
        float(percent) >= EXACT_PERCENT,
        f"{percent} % of the tensors are exact, {EXACT_PERCENT} % are required",
    )

    detector = score(data, arguments + ["--only", DATA_DEPENDENT])
    ratio = float(re.search(r"macs x([\d.]+)", detector).group(1))
    inexact_elsewhere = int(models) - int(exact) - (1 - int(SUMMARY.search(detector).group(5)))
    fail_unless(
        inexact_elsewhere == 0,
        f"{inexact_elsewhere} networks besides {DATA_DEPENDENT} have inexact multiply-accumulates",
    )
    fail_unless(
        abs(ratio - 1) <= DATA_DEPENDENT_TOLERANCE,
        f"{DATA_DEPENDENT} has {ratio} times its multiply-accumulates",
    )


if __name__ == "__main__":
    main()
