"""Least squares, and the fit of matrix products measured alone."""

import numpy as np
from scipy.optimize import least_squares

from fitting import timing
from fitting.board import L2, SMS


def solve(residuals, start, prior_weight=0.05, peaks={}):
    """Positive parameters, as a dictionary, that make `residuals` (of logarithms) small, robustly."""
    names = list(start)
    first = np.log([start[n] for n in names])

    def function(x):
        values = dict(zip(names, np.exp(x)))
        return np.concatenate([residuals(values), prior_weight * (x - first)])

    limits = np.log([peaks.get(n, 1e30) for n in names])
    result = least_squares(function, first, bounds=(-np.inf, limits), loss="soft_l1", f_scale=0.15,
                           max_nfev=60, ftol=1e-4, xtol=1e-4)
    return dict(zip(names, (float(v) for v in np.exp(result.x))))


def product_seconds(s, v, dram, l2, winograd=1.0, share=1.0):
    compute = timing.products(s.batch, s.rows, s.columns, s.depth, s.element, v["rate"], v["fetch"],
                              dram, min(v["wave_loss"], 1), min(v["unaligned"], 1), SMS)
    compute = compute * timing.algorithm_share(s.winograd, winograd) / share
    return timing.overlapped(compute, timing.moving(s.cached, s.streamed, dram, l2, L2))


def thinned(s, count):
    """Every so-many-th of the rows that may be fitted to."""
    rows = np.flatnonzero(~s.test)
    mask = np.zeros(len(s), bool)
    mask[rows[:: max(1, len(rows) // count)]] = True
    return s.pick(mask)


def fit_products(sets, start, dram, l2, peak):
    """One rate for several sets of samples, each with a launch of its own; `sets` maps names to samples."""
    train = {n: thinned(s, 1500) for n, s in sets.items()}

    def residuals(v):
        parts = []
        for name, s in train.items():
            predicted = v["launch " + name] + product_seconds(s, v, dram, l2, v.get("winograd", 1.0))
            # Sets count alike, however many rows they have.
            parts.append(np.log(predicted / s.seconds) * np.sqrt(300 / len(s)))
        return np.concatenate(parts)

    return solve(residuals, start | {"launch " + n: 2e-5 for n in sets}, peaks=dict(rate=peak))
