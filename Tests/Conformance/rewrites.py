"""Applies each exact rewrite of redundant work to small networks and holds the result against ONNX Runtime.

usage: rewrites.py NNCOST RULES FOLDER

The networks are the examples that the pages in RULES (docs/rules) say are reported, and those below, with random
weights. Fails unless every one is mended, passes the checker, and gives the same outputs before and after: a
relative difference of at most 1e-5, at the extents of the file and at others where it leaves them open.
"""

import json
import pathlib
import re
import subprocess
import sys

import numpy
import onnx
import onnxruntime
from onnx import helper, numpy_helper, parser, shape_inference

rng = numpy.random.default_rng(11)

# Found on the page, but left to an optimiser that computes tensors.
TOLD_ONLY = {"NNC247", "NNC516"}

# Operators that stand for whole functions came late.
OPSETS = {"NNC331": 24}

# The same patterns where borders, groups, strides, other extents and other operator sets could go wrong; a number in brackets before one is its operator set.
MORE = {
    "NNC217": [
        "g (float[1,32,15,15] x) => (y) <float[16,32,1,1] w, float[16] b> { c = Conv(x, w, b)"
        " y = AveragePool <kernel_shape = [3, 3], strides = [2, 2], pads = [1, 1, 1, 1]> (c) }",
        "g (float[1,32,15,15] x) => (y) <float[16,8,1,1] w> { c = Conv <group = 4> (x, w)"
        " y = AveragePool <kernel_shape = [3, 3], strides = [3, 3], pads = [1, 1, 1, 1], count_include_pad = 1> (c) }",
        "g (float[n,64,16,16] x) => (y)"
        " <float[16,64,1,1] w, float[16] s, float[16] b, float[16] m, float[16] v> {"
        " c = Conv(x, w) d = BatchNormalization(c, s, b, m, v) y = GlobalAveragePool(d) }",
        # Means without the axes that they are taken over, also of maps looked at otherwise.
        "g (float[n,64,16,16] x) => (y) <float[16,64,1,1] w, float[16] b> { c = Conv(x, w, b)"
        " y = ReduceMean <axes = [2, 3], keepdims = 0> (c) }",
        "g (float[n,64,16,16] x) => (y) <float[16,64,1,1] w, float[16] b> { c = Conv(x, w, b)"
        " d = Shape <start = 0, end = 2> (c) o = Constant <value_ints = [-1]> () e = Concat <axis = 0> (d, o)"
        " r = Reshape(c, e) y = ReduceMean <axes = [2]> (r) }",
        "g (float[n,64,50] x) => (y) <float[16,64,1] w, int64[1] a = {-2}> { c = Conv(x, w)"
        " u = Unsqueeze(c, a) y = ReduceMean <axes = [-1, -2]> (u) }",
        "g (float[n,50,64] x) => (y) <float[64,16] w, float[16] b> { m = MatMul(x, w) a = Add(b, m)"
        " y = ReduceMean <axes = [1], keepdims = 0> (a) }",
    ],
    "NNC218": [
        "g (float[1,64,9,7] x) => (y) <float[8,64,1,1] w, float[8] b, float[4] s = {1, 1, 2.5, 1.5}> {"
        ' u = Resize <mode = "cubic"> (x, , s) y = Conv(u, w, b) }',
        "g (float[1,64,9,7] x) => (y) <float[8,64,1,1] w, float[8] b, int64[4] s = {1, 64, 20, 15}> {"
        ' u = Resize <mode = "linear", coordinate_transformation_mode = "align_corners"> (x, , , s)'
        " y = Conv(u, w, b) }",
        "g (float[1,16,9,7] x) => (y) <float[32,4,3,5] w, float[32] b, float[4] s = {1, 1, 3, 2}> {"
        ' u = Resize <mode = "nearest"> (x, , s)'
        " y = Conv <group = 4, pads = [1, 0, 2, 4]> (u, w, b) }",
        "g (float[n,16,9,7] x) => (y) <float[32,16,5,5] w, float[4] s = {1, 1, 4, 4}> {"
        ' u = Resize <mode = "nearest", coordinate_transformation_mode = "asymmetric",'
        ' nearest_mode = "floor"> (x, , s) y = Conv <pads = [2, 2, 2, 2]> (u, w) }',
        # Pixels repeated along one axis after the other, channels put last on the way.
        "g (float[1,16,9,7] x) => (y) <float[8,16,3,3] w, float[8] b, int64[1] three = {3}, int64[1] five = {5},"
        " int64[5] t = {1, 1, 1, 2, 1}, int64[4] s = {1, 16, 18, 7}, int64[6] e = {1, 18, 7, 16, 1, 1},"
        " int64[5] f = {1, 18, 7, 2, 16}, int64[4] r = {1, 18, 14, 16}> {"
        " a = Unsqueeze(x, three) c = Tile(a, t) d = Reshape(c, s) h = Transpose <perm = [0, 2, 3, 1]> (d)"
        " i = Unsqueeze(h, three) j = Expand(i, f) k = Reshape(j, r) l = Transpose <perm = [0, 3, 1, 2]> (k)"
        " y = Conv <pads = [1, 1, 1, 1]> (l, w, b) }",
        # Enlarged maps beside others, between others, and two of them with nothing else.
        "g (float[n,512,64,48] x, float[n,8,128,96] a, float[n,4,128,96] b) => (y)"
        " <float[256,524,1,1] w, float[256] c, float[4] s = {1, 1, 2, 2}> {"
        ' u = Resize <mode = "linear"> (x, , s) k = Concat <axis = 1> (a, u, b) y = Conv(k, w, c) }',
        "g (float[1,512,64,48] x, float[1,512,32,12] z) => (y) <float[256,1024,1,1] w, float[256] c,"
        ' float[4] s = {1, 1, 2, 2}, float[4] t = {1, 1, 4, 8}> { u = Resize <mode = "cubic"> (x, , s)'
        ' v = Resize <mode = "nearest"> (z, , t) k = Concat <axis = -3> (u, v) y = Conv(k, w, c) }',
    ],
    "NNC247": [
        # A first state of zeros, as exporters make it, and a grid put together of rows and columns.
        "g (float[64,8,256] x) => (y) <float[1,1024,256] w, float[1,1024,256] r, int64[1] one = {1}> {"
        " s = Shape <start = 1, end = 2> (x) n = Constant <value_int = 256> () l = Reshape(n, one)"
        " d = Concat <axis = 0> (one, s, l) h = ConstantOfShape(d)"
        " y, a, b = LSTM <hidden_size = 256> (x, w, r, , , h, h) }",
        "g (float[1,16,96,96] x, float[1,16,96,192] z) => (y, w) <float[96,1] rows, float[1,96] columns> {"
        " s = Shape <start = 2> (x) a = Expand(rows, s) b = Expand(columns, s) d = Mul(a, b) f = Transpose(d)"
        " h = Sub(f, a) k = Mul(h, b) y = Add(x, k) c = Concat <axis = 1> (h, k) w = Add(z, c) }",
    ],
    "NNC219": [
        "g (float[n,16,15,17] x) => (y) <float[16,16,5,5] a, float[64,16,1,1] b, float[16,64,1,1] c> {"
        " f = Conv <pads = [2, 1, 0, 2], strides = [1, 2]> (x, a) g = Relu(f) h = Conv(g, b) i = Sigmoid(h)"
        " y = Conv <strides = [2, 2]> (i, c) }",
        "g (float[1,16,16,16] x) => (y)"
        " <float[64,16,3,3] a, float[16] p, int64[2] s = {0, 0}, int64[2] e = {16, 16}, int64[2] d = {2, 3},"
        " int64[2] t = {2, 3}> { f = Conv <pads = [1, 1, 1, 1]> (x, a) g = Tanh(f) y = Slice(g, s, e, d, t) }",
        # Nearest neighbours in a picture of half the size, by scales and by sizes, which round half down.
        "g (float[2,16,16,12] x) => (y) <float[64,16,3,3] a, float[8,64,1,1] b, float[4] h = {1, 1, 0.5, 0.25}> {"
        ' f = Conv <pads = [1, 1, 1, 1]> (x, a) g = Relu(f) d = Resize <mode = "nearest",'
        ' coordinate_transformation_mode = "asymmetric", nearest_mode = "floor"> (g, , h) y = Conv(d, b) }',
        "g (float[1,16,16,12] x) => (y) <float[64,16,1,1] a, float[8,64,3,3] b, int64[4] h = {1, 64, 8, 6}> {"
        ' f = Conv(x, a) d = Resize <mode = "nearest"> (f, , , h) y = Conv(d, b) }',
        # A shortcut whose pixels have to be left out too, where no slice takes every second.
        "[8] g (float[8,64,31,33] x) => (y) <float[64,64,3,3] a, float[256,64,1,1] b, float[256,64,1,1] c> {"
        " f = Conv <pads = [1, 1, 1, 1]> (x, a) h = Relu(f) i = Conv <pads = [1, 1, 1, 1]> (h, a) j = Sum(i, h) k = Relu(j)"
        " l = Conv <strides = [2, 2]> (k, b) m = Conv <strides = [2, 2]> (k, c) y = Add(l, m) }",
    ],
    "NNC220": [
        "g (float[n,16,9,9] x) => (y) <float[16,4,3,3] a, float[16,4,1,1] b, float[16] c, float[16] s,"
        " float[16] o, float[16] m, float[16] v> { d = Conv <group = 4, pads = [1, 1, 1, 1]> (x, a, c)"
        " e = Conv <group = 4> (x, b) f = BatchNormalization(x, s, o, m, v) h = Sum(d, e, f) y = Relu(h) }",
        "g (float[1,16,9,9] x, float[1,16,5,5] z) => (y) <float[16,16,5,3] a, float[16,16,3,3] b> {"
        " d = Conv <strides = [2, 2], pads = [2, 1, 2, 1]> (x, a)"
        " e = Conv <strides = [2, 2], pads = [1, 1, 1, 1]> (x, b) f = Add(d, z) y = Add(e, f) }",
        # Kernels with gaps, of gaps in common and not; branches scaled by constants, the tensor itself among them.
        "g (float[n,8,15,15] x) => (y) <float[8,1,9,7] a, float[8,1,3,3] b, float[8,1,3,1] c, float[8] i,"
        " float[8,1,1] s, float h = {0.5}, float[1,8,1,1] o> { d = Conv <group = 8, pads = [4, 3, 4, 3]> (x, a)"
        " e = Conv <group = 8, dilations = [4, 3], pads = [4, 3, 4, 3]> (x, b) f = Mul(e, s) k = Add(f, o)"
        " l = Conv <group = 8, dilations = [2, 1], pads = [2, 0, 2, 0]> (x, c, i) p = Div(l, h) q = Mul(x, s)"
        " y = Sum(d, k, p, q) }",
        "g (float[n,8,15,15] x) => (y) <float[8,8,3,3] a, float[8,8,3,3] b, float[8,8,1,1] c, float[8] s, float[8] o,"
        " float[8] m, float[8] v, float h = {0.5}> { d = Conv <dilations = [2, 2], pads = [2, 2, 2, 2]> (x, a)"
        " e = Conv <dilations = [2, 2], pads = [2, 2, 2, 2]> (x, b) f = Conv(x, c)"
        " g = BatchNormalization(f, s, o, m, v) k = Mul(g, h) y = Sum(d, e, k) }",
        # A kernel whose gaps would cost more than they save beside others that go together.
        "g (float[n,8,15,15] x) => (y) <float[8,8,3,3] a, float[8,8,3,3] b, float[8,8,1,1] c> {"
        " d = Conv <pads = [1, 1, 1, 1]> (x, a) e = Conv <dilations = [3, 3], pads = [3, 3, 3, 3]> (x, b)"
        " f = Conv(x, c) y = Sum(d, e, f) }",
    ],
    "NNC226": [
        # Sequences first, whose positions share an axis with the batch on the way.
        "g (float[512,4,128] x) => (y) <float[128,128] q, float[128,128] k, float[128,128] v, float[128,128] o,"
        " float[128,512] u, float[512,128] d, int64[3] hs = {512, 16, 32}, int64[2] flat = {2048, 128},"
        " int64[3] apart = {512, 4, 128}, int64 last = {-1}> { a = MatMul(x, q) b = MatMul(x, k) c = MatMul(x, v)"
        " ah = Reshape(a, hs) bh = Reshape(b, hs) ch = Reshape(c, hs) at = Transpose <perm = [1, 0, 2]> (ah)"
        " bt = Transpose <perm = [1, 2, 0]> (bh) ct = Transpose <perm = [1, 0, 2]> (ch) s = MatMul(at, bt)"
        " p = Softmax(s) z = MatMul(p, ct) zt = Transpose <perm = [1, 0, 2]> (z) f = Reshape(zt, flat)"
        " g = Gemm <transB = 1> (f, o) h = Reshape(g, apart) r = Add(x, h) m = MatMul(r, u) n = Relu(m)"
        " w = MatMul(n, d) t = Add(r, w) y = Gather <axis = 0> (t, last) }",
        "g (float[512,4,128] x) => (y) <float[128,512] u, float[512,128] d, int64[2] flat = {2048, 128},"
        " int64[3] apart = {512, 4, 128}, int64[1] s = {3}, int64[1] e = {7}, int64[1] a = {0}> {"
        " f = Reshape(x, flat) m = Gemm(f, u) n = Sigmoid(m) w = Gemm(n, d) r = Reshape(w, apart) t = Tanh(r)"
        " y = Slice(t, s, e, a) }",
        # Queries, keys and values of a sequence of any length, in heads.
        "g (float[batch,sequence,512] x) => (y) <float[512,512] q, float[512,512] k, float[512,512] v, float[512,512] o,"
        " float[512] s, float[512] b, float[512,2048] up, float[2048,512] down, int64 i = {0},"
        " int64[4] h = {0, -1, 8, 64}, int64[3] j = {0, -1, 512}> {"
        " a = MatMul(x, q) c = MatMul(x, k) d = MatMul(x, v) ah = Reshape(a, h) ch = Reshape(c, h)"
        " dh = Reshape(d, h) at = Transpose <perm = [0, 2, 1, 3]> (ah) ct = Transpose <perm = [0, 2, 3, 1]> (ch)"
        " dt = Transpose <perm = [0, 2, 1, 3]> (dh) w = MatMul(at, ct) p = Softmax <axis = -1> (w)"
        " z = MatMul(p, dt) zt = Transpose <perm = [0, 2, 1, 3]> (z) zr = Reshape(zt, j) zo = MatMul(zr, o)"
        " r = Add(zo, x) n = LayerNormalization(r, s, b) e = MatMul(n, up) f = Relu(e) l = MatMul(f, down)"
        " t = Add(l, n) y = Gather <axis = 1> (t, i) }",
        # Extents computed from those of the values that are cut.
        "g (float[batch,2048,512] x) => (y) <float[512,512] q, int64[1] t = {8}, int64[1] u = {64},"
        " int64[1] s = {-2}, int64[1] e = {9223372036854775807}, int64[1] d = {1}, int64 k = {0}, int64 l = {1},"
        " int64[1] z = {0}> { a = MatMul(x, q) sh = Shape(a) n = Gather(sh, k) m = Gather(sh, l)"
        " n1 = Unsqueeze(n, z) m1 = Unsqueeze(m, z) c = Concat <axis = 0> (n1, m1, t, u) r = Reshape(a, c)"
        " f = Sigmoid(r) y = Slice(f, s, e, d) }",
    ],
    "NNC228": [
        # Factors and shifts in either place, for each channel and for all, behind and before a layer.
        "g (float[n,16,9,9] x) => (y) <float[32,4,3,3] w, float[32] b, float[32,1,1] s, float[1,32,1,1] t, float h = {0.5}> {"
        " c = Conv <group = 4, pads = [1, 1, 1, 1]> (x, w, b) d = Mul(s, c) e = Sub(d, t) f = Div(e, h) y = Relu(f) }",
        "g (float[n,16,9,9] x) => (y) <float[16,8,4,4] w, float[1,16,1,1] t, float[16] s, float[16] b, float[16] m,"
        " float[16] v> { c = ConvTranspose <group = 2, strides = [2, 2]> (x, w) n = BatchNormalization(c, s, b, m, v)"
        " d = Add(t, n) y = Relu(d) }",
        "g (float[n,7,64] x) => (y) <float[64,48] w, float[48] b, float[48] g> {"
        " m = MatMul(x, w) a = Add(b, m) y = Mul(a, g) }",
        "g (float[n,7,64] x) => (y) <float[64,48] w, float[1,1,48] g> { m = MatMul(x, w) s = Mul(m, g) y = Relu(s) }",
        "g (float[n,64] x) => (y) <float[48,64] w, float[48] c, float[64] s, float[64] b, float[64] m, float[64] v> {"
        " r = Relu(x) d = BatchNormalization(r, s, b, m, v) y = Gemm <transB = 1> (d, w, c) }",
        "g (float[n,16,9,9] x) => (y) <float[8,16,3,3] w, float[16] s, float[16] b, float[16] m, float[16] v> {"
        " r = Relu(x) d = BatchNormalization(r, s, b, m, v) y = Conv(d, w) }",
    ],
    "NNC248": [
        "g (float[n,21,9,9] x) => (y) { s = Softmax <axis = 1> (x) t = Transpose <perm = [0, 2, 3, 1]> (s)"
        " y = ArgMax <axis = -1> (t) }",
        "g (float[n,21,8,8] x) => (y) { s = Softmax <axis = 1> (x) d = Shape <start = 0, end = 2> (s)"
        " o = Constant <value_ints = [-1]> () e = Concat <axis = 0> (d, o) r = Reshape(s, e)"
        " y = ArgMax <axis = 1> (r) }",
    ],
    "NNC249": [
        "g (float[n,4,12,12] x) => (y) { a = LeakyRelu <alpha = 0.2> (x)"
        " y = MaxPool <kernel_shape = [3, 3], strides = [2, 2], pads = [1, 1, 1, 1]> (a) }",
        "g (float[n,4,12,12] x) => (y) { a = Tanh(x) y = ReduceMax <axes = [2, 3], keepdims = 0> (a) }",
        "g (float[n,4,12,12] x) => (y) <float two = {2}, float zero = {0}> { a = Pow(x, two) b = Max(a, zero)"
        " c = LeakyRelu(b) y = Neg(c) }",
    ],
    "NNC246": [
        "g (float[n,16,9,9] x) => (y) <float[4,16,3,3] a, float[8,16,3,3] b, float[8] c, float[4] s, float[4] o,"
        " float[4] m, float[4] v, float[8] t, float[8] p, float[8] q, float[8] w, float l = {0}, float h = {6}> {"
        " d = Conv <pads = [1, 1, 1, 1]> (x, a) e = Conv <pads = [1, 1, 1, 1]> (x, b, c)"
        " dn = BatchNormalization <epsilon = 0.01> (d, s, o, m, v)"
        " en = BatchNormalization <epsilon = 0.01> (e, t, p, q, w)"
        " dr = Clip(dn, l, h) er = Clip(en, l, h) y = Concat <axis = 1> (er, dr) }",
        "g (float[n,16,9,9] x) => (y, z) <float[4,16,3,3] a, float[8,16,3,3] b, float[4] s, float[4] o,"
        " float[4] m, float[4] v, float[8] t, float[8] p, float[8] q, float[8] w> {"
        " d = Conv <pads = [1, 1, 1, 1]> (x, a) e = Conv <pads = [1, 1, 1, 1]> (x, b)"
        " dn = BatchNormalization <epsilon = 0.01> (d, s, o, m, v) en = BatchNormalization(e, t, p, q, w)"
        " y = Relu(dn) z = Sigmoid(en) }",
        "g (float[n,16,9,9] x) => (y) <float[4,16,3,3] a, float[8,16,3,3] b, float[8] c> {"
        " d = Conv <pads = [1, 1, 1, 1]> (x, a) e = Conv <pads = [1, 1, 1, 1]> (x, b, c)"
        " dr = Relu(d) er = Relu(e) y = Concat <axis = 1> (dr, er) }",
    ],
    "NNC251": [
        # Channels in another order, taken apart and scaled, before a padded convolution and one that is not.
        "g (float[n,3,32,32] x) => (y) <float[16,3,3,3] w, float[16] b, int64[3] o = {2, 0, 1}, float[3,1,1] s,"
        " float h = {0.25}> { a = Mul(x, h) c = Gather <axis = 1> (a, o) d = Div(c, s)"
        " y = Conv <pads = [1, 1, 1, 1]> (d, w, b) }",
        "g (float[n,3,32,32] x) => (y) <float[16,3,3,3] w, int64[3] e = {1, 1, 1}, float h = {0.25}, float i = {0.5},"
        " float j = {3}, float[1] k = {0.75}> { r, g, b = Split <axis = 1> (x, e) rm = Mul(r, h) ra = Sub(rm, j)"
        " ga = Add(k, g) gm = Div(ga, i) y0 = Concat <axis = 1> (b, ra, gm) z = Mul(y0, h) y = Conv(z, w) }",
        "g (float[n,3,32,32] x) => (y) <float[16,3,3,3] w, int64 p = {0}, int64[1] q = {1}, int64[1] q2 = {2},"
        " int64 r = {-1}, float h = {0.25}, float i = {0.5}, float j = {3}> { a = Gather <axis = 1> (x, p)"
        " av = Unsqueeze(a, q) aw = Mul(av, h) ax = Add(aw, i) b = Slice(x, q, q2, q) bw = Mul(b, i) bx = Add(bw, h)"
        " c = Gather <axis = 1> (x, r) cw = Mul(c, j) cx = Add(cw, j) cy = Unsqueeze(cx, q)"
        " d = Concat <axis = 1> (ax, bx, cy) y = Conv <pads = [1, 1, 1, 1]> (d, w) }",
        "g (float[n,1,28,28] x) => (y) <float[64,3,7,7] w, float[4] s = {1, 1, 4, 4}, float h = {0.5}> {"
        ' u = Resize <mode = "linear"> (x, , s) c = Concat <axis = 1> (u, u, u) d = Mul(c, h)'
        " y = Conv <pads = [3, 3, 3, 3], strides = [2, 2]> (d, w) }",
        "g (float[1,3,32,32] x) => (y) <float[16,3,4,4] w, float[16] b, float[1,3,1,1] m, float[3,1,1] s,"
        " float h = {0.25}> { a = Mul(x, h) c = Add(a, m) d = Div(c, s)"
        " y = Conv <strides = [4, 4]> (d, w, b) }",
        "g (float[1,32,32,3] x) => (y) <float[16,3,4,4] w, float[16] b, float[3] m, float h = {0.25}> {"
        " a = Mul(h, x) t = Transpose <perm = [0, 3, 1, 2]> (a) s = Transpose <perm = [0, 2, 3, 1]> (t) c = Sub(s, m)"
        " d = Transpose <perm = [0, 3, 1, 2]> (c) y = Conv <strides = [4, 4]> (d, w, b) }",
    ],
    "NNC331": [
        # Weights with more axes than the rows, none at all, and rows of two axes.
        "g (float[n,7,64] x) => (y) <float two = {2}, float e = {0.00001}, float[1,1,64] w, int64[1] last = {-1}> {"
        " s = Pow(x, two) m = ReduceMean(s, last) a = Add(m, e) r = Sqrt(a) i = Reciprocal(r) t = Mul(x, i)"
        " y = Mul(t, w) }",
        "g (float[n,7,64] x) => (y) <float e = {0.001}, int64[1] last = {2}> {"
        " s = Mul(x, x) m = ReduceMean(s, last) a = Add(m, e) r = Sqrt(a) y = Div(x, r) }",
        "g (float[n,7,8,8] x) => (y) <float e = {0.01}, float[7,8,8] g, float[7,8,8] b, int64[3] axes = {-3, -2, -1}> {"
        " m = ReduceMean(x, axes) d = Sub(x, m) s = Mul(d, d) v = ReduceMean(s, axes) a = Add(v, e) r = Sqrt(a)"
        " i = Reciprocal(r) t = Mul(d, i) h = Mul(g, t) y = Add(b, h) }",
        "g (float[n,7,64] x) => (y) <int64[1] last = {-1}> { e = Exp(x) s = ReduceSum(e, last) d = Div(e, s)"
        " y = Log(d) }",
        "g (float[n,7,64] x) => (y) { s = Softplus(x) t = Tanh(s) m = Mul(x, t) e = Neg(m) f = Exp(e)"
        " o = Constant <value_float = 1.0> () a = Add(f, o) y = Div(m, a) }",
    ],
    # What padding gave is cut off: at the end, at both ends with strides, along one axis of two; and ends that no cut reaches.
    "NNC516": [
        "g (float[n,64,700] x) => (y) <float[64,64,5] w, float[64] b, int64[1] s = {0}, int64[1] e = {-32}, int64[1] a = {2}> {"
        " c = Conv <pads = [32, 32], dilations = [8]> (x, w, b) d = Slice(c, s, e, a) y = Relu(d) }",
        "g (float[4,64,63,60] x) => (y) <float[64,64,3,3] w, int64[2] s = {2, 1}, int64[2] e = {-1, 1000}, int64[2] a = {2, -1}> {"
        " c = Conv <pads = [5, 3, 4, 1], strides = [2, 3]> (x, w) d = Slice(c, s, e, a) y = Tanh(d) }",
    ],
    "NNC341": [
        # Constants and concatenations along axes that are put elsewhere.
        "g (float[n,8,16,24] x, float[n,4,16,24] z) => (y) <float[24] s, float[16,1,1] t, float[12] u> {"
        " a = Transpose <perm = [0, 2, 3, 1]> (x) b = Transpose <perm = [0, 2, 3, 1]> (z)"
        " c = Concat <axis = -1> (a, b) d = Mul(c, u) e = Add(t, d) f = Sigmoid(e) g = Mul(e, f)"
        " h = Transpose <perm = [0, 3, 1, 2]> (g) y = Mul(h, s) }",
        "g (float[5,7,9] x) => (y) <float[5] s> { a = Transpose <perm = [1, 2, 0]> (x) b = Sub(a, s)"
        " c = Transpose <perm = [2, 0, 1]> (b) y = Exp(c) }",
        # What comes in and goes out in the other order, softmax, padding and means on the way, one of them without its axes.
        "g (float[n,8,16,24] x, float[n,16,24,8] z) => (y, v, w) <float[8] s, int64[8] p = {0, 1, 2, 0, 0, 0, 1, 0},"
        " int64[2] a = {1, 2}, int64[1] b = {-1}> { c = Transpose <perm = [0, 2, 3, 1]> (x) d = Add(c, z) e = Mul(d, s)"
        ' f = Softmax <axis = -1> (e) h = Pad <mode = "edge"> (f, p) i = Transpose <perm = [0, 3, 1, 2]> (h)'
        " y = Exp(i) v = ReduceSum <keepdims = 0> (e, a) j = ReduceSum(h, b) k = Mul(h, j)"
        " w = Transpose <perm = [0, 3, 1, 2]> (k) }",
        "g (float[2,6,5,4] x) => (y, v) <float[6] s> { a = Transpose <perm = [0, 2, 3, 1]> (x) b = Mul(a, s) c = Tanh(b)"
        " v = Relu(c) d = Transpose <perm = [0, 3, 1, 2]> (c) e = Transpose <perm = [0, 3, 1, 2]> (v) y = Sub(d, e) }",
    ],
}


def examples(rules):
    """The rule's code and the text of each network that has to be mended."""
    for page in sorted(pathlib.Path(rules).glob("*.md")):
        text = page.read_text(encoding="utf-8")
        code = re.match(r"# (NNC\d+)", text).group(1)
        if not code.startswith(("NNC2", "NNC331", "NNC341", "NNC625")) and code not in MORE or "| error |" in text:
            continue
        told = code in TOLD_ONLY
        reported = re.findall(r"Reported, at the line marked ↓:\n\n```text\n(.*?)\n```", text, re.S)
        for block in [] if told else reported:
            yield code, block.replace("↓", " ")
        for block in MORE.get(code, []):
            yield code, block


def model(text, opset):
    """The network with random weights for the constants that have no elements."""
    made = parser.parse_model(f'<ir_version: {10 if opset > 17 else 8}, opset_import: ["": {opset}]>\n' + text)
    graph = made.graph
    positive = set()
    for node in graph.node:
        positive.update(node.input[4:5] if node.op_type == "BatchNormalization" else [])
        positive.update(node.input[1:2] if node.op_type == "Div" else [])
    computed = {name for node in graph.node for name in node.output}
    for info in list(graph.value_info):
        if info.name in computed:
            continue
        shape = [d.dim_value for d in info.type.tensor_type.shape.dim]
        # Sums of many terms stay about as large as one, so that no softmax saturates.
        terms = numpy.prod(shape[1:], initial=1) if shape else 1
        values = (rng.standard_normal(shape) / max(4, terms**0.5)).astype(numpy.float32)
        if info.name in positive:
            values = numpy.abs(values) + 0.5
        graph.initializer.append(numpy_helper.from_array(values, info.name))
        graph.value_info.remove(info)
    return shape_inference.infer_shapes(made)


def feed(made, extents):
    values = {}
    for entry in made.graph.input:
        tensor = entry.type.tensor_type
        shape = [d.dim_value or extents[i] for i, d in enumerate(tensor.shape.dim)]
        values[entry.name] = rng.standard_normal(shape).astype(
            helper.tensor_dtype_to_np_dtype(tensor.elem_type))
    return values


def outputs(path, values):
    options = onnxruntime.SessionOptions()
    # Else the runtime would mend what is to be compared.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options).run(None, values)


def difference(before, after):
    assert before.shape == after.shape, f"{before.shape} became {after.shape}"
    before, after = before.astype(numpy.float64), after.astype(numpy.float64)
    return float(numpy.max(numpy.abs(before - after), initial=0)) / max(
        float(numpy.max(numpy.abs(before), initial=0)), 1e-30)


def check(nncost, folder, number, code, text):
    path, fixed = folder / f"{number}.onnx", folder / f"{number}.fixed.onnx"
    older = re.match(r"\[(\d+)\] ", text)
    made = model(text[older.end():] if older else text, int(older[1]) if older else OPSETS.get(code, 17))
    onnx.save(made, path)
    fixed.unlink(missing_ok=True)
    command = [nncost, "lint", str(path), "--format", "json", "--runtime", "eager", "--select", code,
               "--min-saving", "0%", "--min-saving", "0 J", "--fail-on", "never", "--fix", "-o", str(fixed)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr or run.stdout
    report = json.loads(run.stdout)["models"][0]
    assert report["findings"], "nothing is found"
    assert report["fix"]["applied"] and not report["fix"]["left"], "what is found is not mended"
    onnx.checker.check_model(onnx.load(fixed), full_check=True)
    apart = 0.0
    for extents in [(1, 8, 8, 8), (3, 5, 9, 9)]:
        values = feed(made, extents)
        apart = max([apart] + [
            difference(a, b) for a, b in zip(outputs(path, values), outputs(fixed, values))])
    assert apart <= 1e-5, f"outputs differ by {apart:.1e}"
    return apart


def main():
    nncost, rules, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    failures = total = 0
    worst = {}
    for number, (code, text) in enumerate(examples(rules)):
        total += 1
        try:
            worst[code] = max(worst.get(code, 0.0), check(nncost, folder, number, code, text))
        except Exception as error:
            failures += 1
            print(f"{code} FAILED: {error}\n{text}")
    for code, apart in sorted(worst.items()):
        print(f"{code} outputs differ by at most {apart:.1e}")
    print(f"{total - failures} of {total} networks keep their outputs")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
