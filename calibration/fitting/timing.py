"""The timing equation of `Sources/Cost/Pricing/Timing.swift`, over arrays.

Seconds, bytes and operations throughout. Every change here needs its twin there; the test
`CostTests/ReferenceTests.swift` compares the two on a list of kernels.
"""

import math

import numpy as np

# The sizes of tile that matrix libraries come with, and how often they split the depth.
TILES = [
    (1, 128), (128, 1), (4, 128), (128, 4), (16, 32), (32, 16), (32, 32), (32, 64), (64, 32), (64, 64), (128, 32), (32, 128), (128, 64),
    (64, 128), (128, 128), (256, 64), (64, 256), (256, 128), (128, 256),
]
SPLITS = (1, 2, 4, 8, 16)
# How far arithmetic and traffic overlap.
P = 2.0
# Winograd's algorithm makes so many results by so many at a time.
BLOCK = 4


def products(batch, rows, columns, depth, element_bytes, rate, fetch, dram, wave_loss, unaligned, sms, depth_seconds=0.0, taps=1):
    """Seconds that matrix products take when operands arrive at once, of which so many columns are taps of one channel.

    Where a tile takes `depth_seconds` at the least for each element of its depth, the depth is not split.
    """
    aligned = (depth % 4 == 0) & (columns % 4 == 0)
    share = np.where(aligned, 1.0, unaligned)
    best = np.full(len(batch), np.inf)
    for tile_rows, tile_columns in TILES:
        tiles = batch * np.ceil(rows / tile_rows) * np.ceil(columns / tile_columns)
        for split in SPLITS if depth_seconds == 0 else (1,):
            part = np.ceil(depth / split)
            per_tile = 2 * tile_rows * tile_columns * part / (rate * share)
            per_tile = per_tile + element_bytes * (tile_rows + tile_columns / taps) * part / fetch
            full = np.maximum(tiles * split / sms, 1)
            waves = full + (np.ceil(tiles * split / sms) - full) * wave_loss
            seconds = np.maximum(waves * sms * per_tile, part * depth_seconds)
            if split > 1:
                seconds = seconds + 8 * split * batch * rows * columns / dram
            allowed = (split == 1) | (depth >= 64 * split)
            best = np.where(allowed, np.minimum(best, seconds), best)
    return best


def moving(cached, streamed, dram, l2, l2_bytes):
    """Seconds that moving bytes takes: of those that may stay in the cache, as many as fit do."""
    inside = np.minimum(cached, l2_bytes)
    return inside / l2 + (cached - inside + streamed) / dram


def winograd(product, gradient=None):
    """The products that Winograd's algorithm makes of a convolution: batch, rows, columns, depth; zeros where it does not fit.

    Blocks of 4 by 4 results need one product for each of their (4 + kernel - 1)² points, over channels. Libraries have it
    for kernels of 3×3 and 5×5, stride 1, of floating-point numbers. `gradient` is None, "inputs" or "weights".
    """
    kernel, positions = product.get("kernel"), product.get("positions", [])
    if kernel not in ([3, 3], [5, 5]) or product["strides"] != [1, 1] or product["groups"] != 1:
        return 0, 0, 0, 0
    taps, points = kernel[0] ** 2, (BLOCK + kernel[0] - 1) ** 2
    rows, columns, depth = product["rows"], product["columns"], product["depth"]
    if gradient == "weights":
        blocks = depth / math.prod(positions) * math.prod(math.ceil(p / BLOCK) for p in positions)
        return points, rows, columns / taps, blocks
    blocks = rows / math.prod(positions) * math.prod(math.ceil(p / BLOCK) for p in positions)
    return points, blocks, columns, depth / taps


def transformed_bytes(points, rows, columns, depth, element_bytes, prepared=False, weight_bytes=0):
    """Bytes of what Winograd's algorithm multiplies and gets, of activations and of weights.

    All of it is written by one kernel and read by the next, but for weights that an engine has `prepared` when it was
    built: they are read alone, in the place of `weight_bytes`.
    """
    size = element_bytes * points
    weights = size * depth * columns
    return 2 * size * rows * (depth + columns), np.maximum(weights - weight_bytes, 0) if prepared else 2 * weights


def separate(flops, depth, rate, setup):
    """Seconds of depthwise and grouped convolutions, whose results each take `setup` taps more."""
    return flops / rate * (1 + setup / depth)


def lost(row_bytes, kept):
    """The share of rows that is not kept between passes over them."""
    return np.clip(row_bytes / kept - 1, 0, 1)


def overlapped(a, b, p=P):
    longer = np.maximum(np.maximum(a, b), 1e-30)
    return longer * ((a / longer) ** p + (b / longer) ** p) ** (1 / p)
