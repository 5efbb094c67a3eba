import Foundation
import Graph
import Testing

@testable import Cost

@Suite struct DifferenceTests {
  let t4: Device

  init() throws { t4 = try #require(try Device.named("t4")) }

  /// Products of width `n`, one after another.
  private func estimate(_ widths: [Int], runtime: Runtime = .fused) throws -> Estimate {
    var net = NetworkBuilder()
    var value = net.input("x", [64, 256])
    var depth = 256
    for width in widths {
      value = net.node("MatMul", [value, try net.weights([depth, width])])
      depth = width
    }
    return Estimate(
      try net.analysis(returning: [value]), on: t4, under: Scenario(runtime: runtime))
  }

  private func difference(_ base: Estimate, _ head: Estimate) -> Difference {
    Difference(
      from: base, to: head, Correspondence(from: base.analysis, to: head.analysis), per: (1, 1))
  }

  @Test func `what is the same takes the same, for sure`() throws {
    let estimate = try estimate([256, 256])
    let difference = difference(estimate, estimate)
    #expect(difference.joules == Interval(exactly: 0))
    #expect(difference.seconds == Interval(exactly: 0))
    #expect(difference.joulesShare == Interval(exactly: 0))
  }

  @Test(arguments: Runtime.allCases)
  func `the difference is that of the estimates`(runtime: Runtime) throws {
    let base = try estimate([256, 256, 256], runtime: runtime)
    let head = try estimate([256, 1024, 256], runtime: runtime)
    let difference = difference(base, head)
    let joules = head.joules.value - base.joules.value
    #expect(abs(difference.joules.value - joules) <= 1e-9 * joules)
    let seconds = head.seconds.value - base.seconds.value
    #expect(abs(difference.seconds.value - seconds) <= 1e-9 * abs(seconds) + 1e-15)
    let share = try #require(difference.joulesShare).value
    #expect(abs(share - joules / base.joules.value) < 1e-9)
  }

  @Test func `a small change is known far better than two independent estimates`() throws {
    let base = try estimate([1024, 1024, 1024, 1024])
    let head = try estimate([1024, 1024, 1024, 1024, 256])
    let joules = difference(base, head).joules
    let width = joules.high - joules.low
    let apart = [base, head].map { $0.joules.high - $0.joules.low }
    #expect(width < 0.2 * (apart[0] * apart[0] + apart[1] * apart[1]).squareRoot())
    #expect(joules.low > 0, "a layer more never takes less")
  }

  @Test func `back and forth are the same way`() throws {
    let (base, head) = (try estimate([256, 512]), try estimate([256, 768]))
    let (there, back) = (difference(base, head).joules, difference(head, base).joules)
    #expect(abs(there.value + back.value) < 1e-12)
    #expect(abs(there.low + back.high) < 1e-12 && abs(there.high + back.low) < 1e-12)
  }

  @Test func `what shares nothing is off as two estimates are`() throws {
    let base = try estimate([4096, 4096])
    let head = try estimate([])
    let joules = difference(base, head).joules
    // Half the width of the base's interval, whose logarithm is even on both sides.
    let half = log(base.joules.high / base.joules.low) / 2 * base.joules.value
    #expect(abs((joules.high - joules.low) / 2 / half - 1) < 0.25)
  }
}
