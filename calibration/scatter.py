#!/usr/bin/env python3
"""How well any function of the extents could predict NeuSight's products of many small matrices.

    python3 calibration/scatter.py FOLDER

FOLDER holds the measurements (see calibration/README.md). Regression trees stand for any function. Needs numpy and scikit-learn.
"""

import sys

import numpy as np
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import KFold

from fitting import samples


def features(extents):
    """Logarithms of batch, rows, columns and depth, and of the elements of operands, result and all."""
    batch, rows, columns, depth = logs = np.log2(extents).T
    return np.column_stack([*logs, sum(logs), batch + rows + columns, batch + rows + depth, batch + columns + depth])


def forest():
    return RandomForestRegressor(300, random_state=0)


def main():
    rows = [r for r in samples.neusight(sys.argv[1]) if r["op"] == "bmm"]
    x = features(np.array([[float(r[c]) for c in "BMNK"] for r in rows]))
    y = np.log([float(r["latency_ms"]) for r in rows])
    test = np.array([r["split"] == "test" for r in rows])

    def error(predicted, measured):
        return 100 * np.abs(np.exp(predicted - measured) - 1).mean()

    folds = np.zeros(test.sum())
    for seen, left in KFold(5, shuffle=True, random_state=0).split(x[test]):
        folds[left] = forest().fit(x[test][seen], y[test][seen]).predict(x[test][left])
    print(f"seen four fifths of the test split: mean error {error(folds, y[test]):.1f} % on the last")
    print(f"seen all other rows: {error(forest().fit(x[~test], y[~test]).predict(x[test]), y[test]):.1f} %")


if __name__ == "__main__":
    main()
