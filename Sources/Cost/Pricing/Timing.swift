package import Graph

/// How long a kernel takes on a device, in seconds.
///
/// `t = t0 + (c^p + m^p)^(1/p)`, where `t0` is the gap before it, `c` is the time that the arithmetic would take alone, `m` that of the
/// bytes that cross the kernel's border, and `p` how far the two overlap.
package struct Timing {
  package let device: Device

  package init(device: Device) { self.device = device }

  /// What one launch of a kernel asks of the board.
  package struct Demand: Hashable, Sendable {
    /// The gap before it included.
    package var seconds: Double
    /// The operations done, not those that an algorithm saves.
    package var operations: Double
    /// Bytes moved, those that a kernel of its own moves again included.
    package var bytes: Double
  }

  /// The seconds of one launch of `kernel` at `rate`, the gap before it included.
  package func seconds(_ kernel: Kernel, at rate: Rate) -> Double {
    demand(kernel, at: rate).seconds
  }

  /// What one launch of `kernel` asks of the board at `rate`.
  ///
  /// Of a convolution's algorithms that one is taken which draws less energy. Libraries take the fastest: at the cap it is
  /// the same one, and below it nearly always. Rates do not enter, so that a faster board never draws more.
  package func demand(_ kernel: Kernel, at rate: Rate) -> Demand {
    guard let block = rate.winogradBlock, rate.tiling != nil, kernel.contractions.count == 1,
      let winograd = kernel.contractions[0].winograd(in: kernel.pass, block: block)
    else { return direct(kernel, at: rate) }
    let transformed = transformedBytes(winograd, of: kernel)
    let contraction = kernel.contractions[0]
    let joules =
      2 * Double(contraction.macs) * rate.algorithmShare(of: contraction) * rate.joulesPerFlop
    let other =
      2 * Double(winograd.macs) * rate.joulesPerFlop
      + (transformed.activations + transformed.weights) * device.memory.joulesPerByte
    return other < joules
      ? inSteps(kernel, winograd, transformed, at: rate) : direct(kernel, at: rate)
  }

  /// What `kernel` asks for when its products are done as they are.
  private func direct(_ kernel: Kernel, at rate: Rate) -> Demand {
    let work = kernel.work
    var arithmetic = Double(work.elementwise) / rate.flopsPerSecond
    if let elements = rate.elementsPerSecond {
      arithmetic += Double(kernel.copiedElements) / elements
    }
    var operations = Double(work.elementwise)
    var groups = 0.0
    for contraction in kernel.contractions {
      arithmetic +=
        seconds(contraction, in: kernel.pass, isUnpadded: kernel.isUnpadded, at: rate)
        / rate.share(of: contraction, in: kernel.pass)
      operations += 2 * Double(contraction.macs) * rate.algorithmShare(of: contraction)
      if contraction.groups > 1 { groups += Double(contraction.groups) }
    }
    let moved = moving(kernel, at: rate)
    // At a single position all layouts are the same.
    let relayout = kernel.hasLayout ? rate.relayout : 0
    let gaps =
      gaps(kernel, at: rate) + groups * rate.groupSeconds + stepGaps(kernel, at: rate)
    return Demand(
      seconds: gaps + overlapped(arithmetic, moved, rate.overlap) + relayout * moved,
      operations: operations,
      bytes: (1 + relayout) * Double(work.traffic) + bytesReadAgain(kernel, at: rate))
  }

  /// The bytes that come from memory more than once.
  private func bytesReadAgain(_ kernel: Kernel, at rate: Rate) -> Double {
    kernel.bytesReadAgain(at: rate) + stateBytesReadAgain(kernel)
  }

  /// What passes before and between the kernels that `kernel` stands for.
  private func gaps(_ kernel: Kernel, at rate: Rate) -> Double {
    gap(at: rate) * (kernel.hasLayout ? rate.kernels : 1)
  }

  /// What passes before one kernel.
  func gap(at rate: Rate) -> Double { device.launch.kernelSeconds + rate.launchSeconds }

  /// The bytes beside its operands and its result that Winograd's algorithm in steps moves for `kernel`.
  ///
  /// Weights that an engine has got ready are read in that form, and in no other.
  private func transformedBytes(_ winograd: Contraction, of kernel: Kernel)
    -> (activations: Double, weights: Double)
  {
    let bytes = winograd.transformedBytes
    guard kernel.hasPreparedWeights else { return bytes }
    let contraction = kernel.contractions[0]
    let plain =
      Double(contraction.type.bitWidth) / 8 * Double(contraction.depth)
      * Double(contraction.columns)
    return (bytes.activations, max(0, bytes.weights / 2 - plain))
  }

  /// What `kernel` asks for when its convolution is done by Winograd's algorithm in steps.
  private func inSteps(
    _ kernel: Kernel, _ winograd: Contraction,
    _ transformed: (activations: Double, weights: Double), at rate: Rate
  ) -> Demand {
    let work = kernel.work
    let moved = moving(kernel, at: rate)
    let relayout = kernel.hasLayout ? rate.relayout : 0
    let between =
      kernel.hasPreparedWeights
      ? moving(cached: transformed.activations, at: rate)
        + transformed.weights / rate.bytesPerSecond
      : moving(cached: transformed.activations + transformed.weights, at: rate)
    // The input and the result each take a kernel of their own.
    let arithmetic =
      Double(work.elementwise) / rate.flopsPerSecond + seconds(winograd, at: rate)
      + between + 2 * gap(at: rate)
    return Demand(
      seconds: gaps(kernel, at: rate) + overlapped(arithmetic, moved, rate.overlap)
        + relayout * moved,
      operations: Double(work.elementwise) + 2 * Double(winograd.macs),
      bytes: (1 + relayout) * Double(work.traffic) + transformed.activations + transformed.weights)
  }

  /// The seconds that moving bytes of activations takes when as many as fit in the cache are there.
  private func moving(cached bytes: Double, at rate: Rate) -> Double {
    let inside = min(bytes, Double(device.l2Bytes))
    return inside / device.memory.cacheBytesPerSecond + (bytes - inside) / rate.bytesPerSecond
  }

  /// The seconds that moving the kernel's bytes takes.
  ///
  /// Activations that fit in the cache are taken to be there, and to stay there.
  func moving(_ kernel: Kernel, at rate: Rate) -> Double {
    let traffic = kernel.work.traffic
    let cached = min(traffic - min(traffic, kernel.weightBytes), device.l2Bytes)
    let streamed = Double(traffic - cached) + bytesReadAgain(kernel, at: rate)
    return Double(cached) / device.memory.cacheBytesPerSecond
      + streamed / (rate.bytesPerSecond * (kernel.hasAlignedRows ? 1 : rate.unalignedRowShare))
  }

  /// The seconds that the products of `contraction` take when operands arrive at once.
  ///
  /// The extents are cut into tiles, of which each multiprocessor does one at a time: it fetches the tile's rows
  /// and columns, and multiplies them. The device's library is taken to choose the best of the sizes it has, and
  /// to split the depth when there are fewer tiles than multiprocessors, unless the device takes a time for each element of it.
  func seconds(
    _ contraction: Contraction, in pass: Kernel.Pass = .forward, isUnpadded: Bool = false,
    at rate: Rate
  ) -> Double {
    let algorithm = rate.algorithmShare(of: contraction)
    guard let tiling = rate.tiling else {
      // Each result takes a while of its own, however few its taps.
      let setup = 1 + rate.setupTaps / Double(max(1, contraction.depth))
      return 2 * Double(contraction.macs) / rate.flopsPerSecond * algorithm * setup
    }
    // Groups are done one after another where each takes a time of its own.
    let groups = rate.groupSeconds > 0 ? Double(max(1, contraction.groups)) : 1
    let batch = Double(contraction.batch) / groups
    let share =
      isUnpadded && contraction.hasOddRows
      ? tiling.unpaddedShare : contraction.isAligned ? 1 : tiling.unalignedShare
    let isWeightGradient = pass == .weightGradient
    let fetchRate =
      tiling.fetchBytesPerSecond * (isWeightGradient ? rate.weightGradientShare : 1)
    // Taps side by side are gradients from almost the same numbers.
    let taps = isWeightGradient ? Double(contraction.taps) : 1
    var best = Double.infinity
    for (rows, columns) in Self.tiles {
      let tiles =
        batch * roundedUp(Double(contraction.rows) / rows)
        * roundedUp(Double(contraction.columns) / columns)
      let splits = tiling.depthSeconds > 0 ? [1] : Self.splits
      for split in splits where split == 1 || Double(contraction.depth) >= 64 * split {
        let depth = roundedUp(Double(contraction.depth) / split)
        let flops = 2 * rows * columns * depth
        let bytes = Double(contraction.type.bitWidth) / 8 * (rows + columns / taps) * depth
        let perTile = flops / (rate.flopsPerSecond * share) + bytes / fetchRate
        // Partial sums are written and read again, as 4-byte numbers.
        let sums =
          split == 1
          ? 0
          : 8 * split * batch * Double(contraction.rows) * Double(contraction.columns)
            / rate.bytesPerSecond
        let seconds = max(waves(tiles * split, tiling) * perTile, depth * tiling.depthSeconds)
        best = min(best, seconds + sums)
      }
    }
    return best * algorithm * groups * Double(contraction.steps)
  }

  /// How many tiles' time `tiles` take, in units of one tile's time on the whole device.
  private func waves(_ tiles: Double, _ tiling: Rate.Tiling) -> Double {
    let all = Double(device.multiprocessors)
    let full = max(tiles / all, 1)
    return (full + (roundedUp(tiles / all) - full) * tiling.waveLoss) * all
  }

  /// The sizes of tile that matrix libraries come with, those for a vector included.
  static let tiles: [(rows: Double, columns: Double)] = [
    (1, 128), (128, 1), (4, 128), (128, 4), (16, 32), (32, 16), (32, 32), (32, 64), (64, 32),
    (64, 64), (128, 32), (32, 128), (128, 64), (64, 128), (128, 128), (256, 64), (64, 256),
    (256, 128), (128, 256),
  ]
  static let splits: [Double] = [1, 2, 4, 8, 16]

  private func overlapped(_ a: Double, _ b: Double, _ p: Double) -> Double {
    let longer = max(a, b)
    guard longer > 0 else { return 0 }
    // Scaled by the longer one, so that no power overflows or vanishes.
    return longer * power(power(a / longer, p) + power(b / longer, p), 1 / p)
  }
}

extension Rate {
  /// The share of the rate that a product reaches in one pass.
  fileprivate func share(of contraction: Contraction, in pass: Kernel.Pass) -> Double {
    switch pass {
    case .forward, .weightGradient: 1
    case .inputGradient: contraction.isStrided ? stridedGradientShare : inputGradientShare
    }
  }
}

extension Kernel {
  /// The bytes that come from memory once more because rows are too long to be kept between passes.
  func bytesReadAgain(at rate: Rate) -> Double {
    guard let rows = rate.rows, rowBytes > 0 else { return 0 }
    let lost = min(1, max(0, Double(rowBytes) / rows.keptBytes - 1))
    return rows.passes * lost * Double(work.bytesRead)
  }

  /// Whether operands can lie in memory in more than one way: a convolution over positions.
  var hasLayout: Bool {
    contractions.contains { contraction in
      guard case .convolution(_, _, let positions, _) = contraction.form else { return false }
      return positions.reduce(1, saturatingProduct) > 1
    }
  }

  /// Whether rows are a multiple of sixteen bytes, the widest that one thread loads.
  var hasAlignedRows: Bool { rowBytes % 16 == 0 }
}

extension Contraction {
  /// The positions of a convolution's kernel; 1 for other products.
  var taps: Int {
    guard case .convolution(let kernel, _, _, _) = form else { return 1 }
    return max(1, kernel.reduce(1, saturatingProduct))
  }

  /// The parts that the channels of a convolution are kept apart in; 1 for other products.
  package var groups: Int {
    if case .convolution(_, _, _, let groups) = form { groups } else { 1 }
  }

  /// Whether rows of 16-bit numbers are no multiple of sixteen bytes, in which tensor cores' operands are loaded.
  var hasOddRows: Bool { type.bitWidth == 16 && (depth % 8 != 0 || columns % 8 != 0) }

  /// Whether the innermost extents are multiples of four elements, which wide loads need.
  package var isAligned: Bool { depth % 4 == 0 && columns % 4 == 0 }
}
