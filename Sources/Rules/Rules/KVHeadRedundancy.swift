import Cost
import Graph

package struct KVHeadRedundancy: Rule {
  package static let page = Page(
    code: "NNC524",
    name: "kv-head-redundancy",
    group: .architecture,
    level: .warning,
    summary:
      "A decoder keeps keys and values for every head of its queries, and fetching them takes much of each token.",
    why: """
      Each new token reads the keys and values of all tokens before it, for each sequence anew, while a batch shares the weights. So
      with long sequences and large batches the cache outweighs the weights. Heads of queries can share keys and values: the cache shrinks
      by as much as heads share. Ainslie et al. measured a T5-XXL whose decoder took 1.51 s a sample with a head of keys and values for each
      of queries, 0.28 s with 8 of them, and 0.24 s with one. Reported is a cache that is a fifth or more of what a token
      reads, at this batch and length.
      """,
    fix: """
      Grouped-query attention: keep 8 heads of keys and values, or a quarter where there are fewer than 32, each the mean of those that it
      stands for, and train on with a twentieth of the training. With several sequences of equal beginning, share
      their caches.
      """,
    safety: """
      Changes the function: needs further training. In that study the mean over summarising, translating and
      answering was 47.2 with all heads, 47.1 with 8 and 46.6 with one.
      """,
    sources: [
      "Ainslie et al.: GQA: Training Generalized Multi-Query Transformer Models from Multi-Head Checkpoints, 2023 (table 1)",
      "Shazeer: Fast Transformer Decoding: One Write-Head is All You Need, 2019",
    ],
    triggers: [
      """
      a_token (float[8,1,512] x, float[8,8,2047,64] past_key, float[8,8,2047,64] past_value) => (y, key, value)
        <float[512,512] q, float[512,512] k, float[512,512] v, float[512,512] o, int64[4] s = {8, 1, 8, 64},
        int64[3] j = {8, 1, 512}> {
        a = MatMul(x, q)
        b = MatMul(x, k)
        c = MatMul(x, v)
        ar = Reshape(a, s)
        br = Reshape(b, s)
        cr = Reshape(c, s)
        at = Transpose <perm = [0, 2, 1, 3]> (ar)
        bt = Transpose <perm = [0, 2, 1, 3]> (br)
        ct = Transpose <perm = [0, 2, 1, 3]> (cr)
      ↓ key = Concat <axis = 2> (past_key, bt)
        value = Concat <axis = 2> (past_value, ct)
        kt = Transpose <perm = [0, 1, 3, 2]> (key)
        w = MatMul(at, kt)
        p = Softmax <axis = -1> (w)
        z = MatMul(p, value)
        zt = Transpose <perm = [0, 2, 1, 3]> (z)
        zr = Reshape(zt, j)
        y = MatMul(zr, o)
      }
      """,
      """
      one_layer_for_three (float[8,1,512] x, float[8,8,2047,64] past_key, float[8,8,2047,64] past_value) => (y, key, value)
        <float[512,1536] w, float[1536] b, float[512,512] o, int64[3] e = {512, 512, 512}, int64[4] s = {8, 1, 8, 64},
        int64[3] j = {8, 1, 512}> {
        m = MatMul(x, w)
        n = Add(m, b)
        q, k, v = Split <axis = 2> (n, e)
        qr = Reshape(q, s)
        kr = Reshape(k, s)
        vr = Reshape(v, s)
        qt = Transpose <perm = [0, 2, 1, 3]> (qr)
        kt = Transpose <perm = [0, 2, 1, 3]> (kr)
        vt = Transpose <perm = [0, 2, 1, 3]> (vr)
      ↓ key = Concat <axis = 2> (past_key, kt)
        value = Concat <axis = 2> (past_value, vt)
        t = Transpose <perm = [0, 1, 3, 2]> (key)
        a = MatMul(qt, t)
        p = Softmax <axis = -1> (a)
        z = MatMul(p, value)
        zt = Transpose <perm = [0, 2, 1, 3]> (z)
        zr = Reshape(zt, j)
        y = MatMul(zr, o)
      }
      """,
      """
      one_operator (float[8,1,512] x, float[8,8,2047,64] past_key, float[8,8,2047,64] past_value, int32[8] ends) =>
        (y, key, value)
        <float[512,512] q, float[512,512] k, float[512,512] v, float[512,512] o, int32 total = {2048}> {
        a = MatMul(x, q)
        b = MatMul(x, k)
        c = MatMul(x, v)
      ↓ z, key, value = com.microsoft.GroupQueryAttention <num_heads = 8, kv_num_heads = 8>
          (a, b, c, past_key, past_value, ends, total)
        y = MatMul(z, o)
      }
      """,
    ],
    passes: [
      """
      short (float[1,1,512] x, float[1,8,127,64] past_key, float[1,8,127,64] past_value) => (y, key, value)
        <float[512,512] q, float[512,512] k, float[512,512] v, float[512,512] o, int64[4] s = {1, 1, 8, 64},
        int64[3] j = {1, 1, 512}> {
        a = MatMul(x, q)
        b = MatMul(x, k)
        c = MatMul(x, v)
        ar = Reshape(a, s)
        br = Reshape(b, s)
        cr = Reshape(c, s)
        at = Transpose <perm = [0, 2, 1, 3]> (ar)
        bt = Transpose <perm = [0, 2, 1, 3]> (br)
        ct = Transpose <perm = [0, 2, 1, 3]> (cr)
        key = Concat <axis = 2> (past_key, bt)
        value = Concat <axis = 2> (past_value, ct)
        kt = Transpose <perm = [0, 1, 3, 2]> (key)
        w = MatMul(at, kt)
        p = Softmax <axis = -1> (w)
        z = MatMul(p, value)
        zt = Transpose <perm = [0, 2, 1, 3]> (z)
        zr = Reshape(zt, j)
        y = MatMul(zr, o)
      }
      """,
      """
      shared_already (float[8,1,512] x, float[8,2,2047,64] past_key, float[8,2,2047,64] past_value) => (y, key, value)
        <float[512,512] q, float[512,128] k, float[512,128] v, int64[4] s = {8, 1, 2, 64}, int64[4] g = {8, 2, 4, 64}> {
        a = MatMul(x, q)
        b = MatMul(x, k)
        c = MatMul(x, v)
        at = Reshape(a, g)
        br = Reshape(b, s)
        cr = Reshape(c, s)
        bt = Transpose <perm = [0, 2, 1, 3]> (br)
        ct = Transpose <perm = [0, 2, 1, 3]> (cr)
        key = Concat <axis = 2> (past_key, bt)
        value = Concat <axis = 2> (past_value, ct)
        kt = Transpose <perm = [0, 1, 3, 2]> (key)
        i = Constant <value_ints = [2]> ()
        ku = Unsqueeze(kt, i)
        e = Constant <value_ints = [8, 2, 4, 64, 2048]> ()
        ke = Expand(ku, e)
        h = Constant <value_ints = [8, 8, 64, 2048]> ()
        kh = Reshape(ke, h)
        qh = Constant <value_ints = [8, 8, 1, 64]> ()
        qr = Reshape(at, qh)
        w = MatMul(qr, kh)
        p = Softmax <axis = -1> (w)
        y = ReduceMax(p)
      }
      """,
    ]
  )

  /// A cache must be this share of the bytes that are read beside activations.
  static let cacheShare = 0.2
  /// Heads that are kept where there are at least four times as many.
  static let keptHeads = 8

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    let caches = subject.scope.body.inputs.compactMap { KeyValueCache($0, subject) }
    guard let heads = caches.first?.heads, let kept = Self.kept(of: heads) else { return }
    var edit = HeadEdit()
    var found: [Node.ID] = []
    var bytes = 0
    for cache in caches where cache.heads == heads {
      let before = edit
      guard cache.share(among: kept, &edit, subject) else {
        edit = before
        continue
      }
      bytes = saturatingSum(bytes, cache.bytes)
      found.append(cache.place)
    }
    let weights = subject.estimate.kernels.reduce(0) { sum, kernel in
      saturatingSum(sum, saturatingProduct(kernel.weightBytes, kernel.launches))
    }
    let share = Double(bytes) / Double(max(1, saturatingSum(bytes, weights)))
    guard !found.isEmpty, share >= Self.cacheShare, let rewrite = edit.written(subject) else {
      return
    }
    report(
      Report(
        nodes: found,
        message: """
          keys and values have \(heads) heads, as many as queries: the cache is \(percent(share)) of the bytes of cache \
          and weights
          """,
        fix: "let the heads of queries share \(counted(kept, "head")) of keys and values",
        remedy: .rewrite(rewrite), isExact: false))
  }

  /// How many of `heads` are kept: as many in each group of queries.
  static func kept(of heads: Int) -> Int? {
    if heads >= 4 * keptHeads, heads % keptHeads == 0 { return keptHeads }
    return (1...max(1, heads / 4)).last { heads % $0 == 0 }.flatMap { $0 < heads ? $0 : nil }
  }
}
