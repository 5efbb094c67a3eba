"""Least squares, and the fit of matrix products measured alone."""

import numpy as np
from scipy.optimize import least_squares

from fitting import timing
from fitting.board import JOULES_PER_BYTE, L2, POWER, SMS
# Winograd's algorithm in steps takes so many kernels more: for the input and for the result.
GAPS = 2


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


def demand(s, v, dram, l2, moving, share=1.0, fetch_share=1.0, prepared=False):
    """Seconds of products and convolutions, their operations, and bytes beside their operands and results.

    `moving` is the time that these take. Of a convolution's algorithms that one is taken which draws less energy: at the
    cap it is the faster one, and below it nearly always. `share` and `fetch_share` are those of the rate and of the tiles' bandwidth that products
    for gradients reach. `prepared` are weights that an engine has brought into the form that the algorithm wants.
    """
    rate = (v["rate"], v["fetch"], dram, min(v["wave_loss"], 1), min(v["unaligned"], 1), SMS,
            v.get("depth", 0.0))
    # The solver varies one coefficient at a time, and most of them are none of these.
    if s.__dict__.get("known", (None,))[0] != (rate, fetch_share):
        extents = s.w_batch, s.w_rows, s.w_columns, s.w_depth
        again, weights = timing.transformed_bytes(
            *extents, s.element, prepared, s.element * s.depth * s.columns)
        moved = timing.moving(again, weights, dram, l2, L2) if prepared else timing.moving(again + weights, 0, dram, l2, L2)
        steps, again = timing.products(*extents, s.element, *rate) + moved, again + weights
        direct = timing.products(s.batch, s.rows, s.columns, s.depth, s.element, rate[0], rate[1] * fetch_share,
                                 *rate[2:], taps=s.__dict__.get("taps", 1))
        operations = 2 * s.batch * s.rows * s.columns * s.depth
        s.known = (rate, fetch_share), direct, steps, operations, 2 * np.prod(extents, axis=0), again
    _, direct, steps, operations, fewer, again = s.known
    direct = timing.overlapped(direct / share, moving)
    if not np.any(s.w_batch):
        return direct, operations, np.zeros(len(direct))
    steps = timing.overlapped(steps + GAPS * v["gap"], moving)
    joules = v["joules"] * operations
    other = v["joules"] * fewer + JOULES_PER_BYTE * again
    chosen = (s.w_batch > 0) & (other < joules)
    return np.where(chosen, steps, direct), np.where(chosen, fewer, operations), np.where(chosen, again, 0)


def product_seconds(s, v, dram, l2, share=1.0, fetch_share=1.0):
    return demand(s, v, dram, l2, timing.moving(s.cached, s.streamed, dram, l2, L2), share, fetch_share)[0]


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
            predicted = v["launch " + name] + product_seconds(s, v, dram, l2)
            # Sets count alike, however many rows they have.
            parts.append(np.log(predicted / s.seconds) * np.sqrt(300 / len(s)))
        return np.concatenate(parts)

    return solve(residuals, start | {"launch " + n: 2e-5 for n in sets}, peaks=dict(rate=peak, unaligned=1, depth=1e-6))
