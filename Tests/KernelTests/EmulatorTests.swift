import Testing

@testable import BenchmarkKernels

/// The emulator refuses what a board would do badly, or not at all; else nothing that passes in it would mean anything.
@Suite struct EmulatorTests {
  @Test func `an undeclared register is refused`() {
    #expect(throws: Assembly.Malformed.self) {
      try Assembly(Self.text("mov.u32 %r0, 1;\n  mov.u32 %r9, %r0;"))
    }
  }

  @Test func `a label that is nowhere is refused`() {
    #expect(throws: Assembly.Malformed.self) { try Assembly(Self.text("bra L7;")) }
  }

  @Test func `an unknown instruction is refused`() {
    #expect(throws: Assembly.Malformed.self) { try Assembly(Self.text("sub.f64 %r0, %r0, %r0;")) }
  }

  @Test(arguments: [
    ("add.u32 %r1, %r0, 1;", "nobody wrote"),
    ("ld.param.u64 %rd0, [parameter_0];\n  ld.global.b32 %r0, [%rd0+4096];", "has no 4 bytes"),
    ("ld.param.u64 %rd0, [parameter_0];\n  ld.global.b32 %r0, [%rd0+2];", "not aligned"),
    (
      "ld.param.u64 %rd0, [parameter_0];\n  mov.u32 %r0, 1;\n  st.global.b32 [%rd0], %r0;",
      "no result"
    ),
    ("mov.u32 %r0, tile;\n  ld.shared.b32 %r1, [%r0];", "nobody wrote it"),
    (
      """
      mov.u32 %r0, tile;
        mov.u32 %r1, %tid.x;
        st.shared.b32 [%r0], %r1;
      """, "is using"
    ),
    (
      """
      mov.u32 %r0, %tid.x;
        setp.eq.u32 %p0, %r0, 3;
        @%p0 ret;
        bar.sync 0;
      """, "have ended"
    ),
    (
      """
      mov.u32 %r0, %tid.x;
        mov.b32 %f0, %r0;
        setp.eq.u32 %p0, %r0, 3;
        @%p0 bra L1;
        shfl.sync.bfly.b32 %f1, %f0, 1, 31, 0xffffffff;
      L1:
      """, "not together"
    ),
  ])
  func `a fault stops the kernel`(body: String, reason: String) throws {
    let kernel = Self.kernel(Self.text(body))
    do {
      var emulator = try Emulator(kernel)
      try emulator.run()
      Issue.record("nothing was found wrong")
    } catch let fault as Fault {
      #expect(fault.description.contains(reason))
    }
  }

  @Test func `a read without a wait is found, and with one it is right`() throws {
    let write = """
      mov.u32 %r0, %tid.x;
        shl.b32 %r1, %r0, 2;
        mov.u32 %r2, tile;
        add.u32 %r1, %r2, %r1;
        st.shared.b32 [%r1], %r0;
      """
    let read = "\n  ld.shared.b32 %r3, [%r2+28];"
    var faulty = try Emulator(Self.kernel(Self.text(write + read)))
    #expect(throws: Fault.self) { try faulty.run() }
    var waiting = try Emulator(Self.kernel(Self.text(write + "\n  bar.sync 0;" + read)))
    try waiting.run()
  }

  @Test func `a product forgotten is found`() throws {
    let kernel = Gemm(type: .float16, target: .sm75, rows: 16, columns: 8, depth: 32).kernel()
    let lines = kernel.program.text.split(separator: "\n", omittingEmptySubsequences: false)
    let product = try #require(lines.firstIndex { $0.contains("mma.sync") })
    var fewer = lines
    fewer.remove(at: product)
    let text = fewer.joined(separator: "\n")
    #expect(try Emulator.disagreement(Self.kernel(text, like: kernel)) != nil)
  }

  private static func text(_ body: String) -> String {
    """
    .version 6.5
    .target sm_75
    .address_size 64

    .visible .entry test(.param .u64 parameter_0, .param .u64 parameter_1)
    .maxntid 32, 1, 1
    {
      .reg .f32 %f<4>;
      .reg .pred %p<2>;
      .reg .b32 %r<8>;
      .reg .b64 %rd<2>;
      .shared .align 16 .b8 tile[256];
      \(body)
      ret;
    }
    """
  }

  private static func kernel(
    _ text: String, like original: BenchmarkKernel = Launch.kernel(target: .sm70)
  ) -> BenchmarkKernel {
    let threads = original.program.threads
    let program = Program(entry: "test", target: .sm75, threads: threads, text: text)
    return BenchmarkKernel(
      name: "test", original.kernelClass, original.type, program, original.problem,
      grid: original.grid, arguments: original.arguments, work: original.work,
      check: original.check)
  }
}
