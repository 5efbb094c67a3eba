import Graph
import Testing

@Test(arguments: [
  ("", "", 0), ("abc", "abc", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "acb", 1),
  ("bugdet", "budget", 1), ("budgte", "budget", 1), ("kitten", "sitting", 3), ("ca", "abc", 3),
  ("format", "formt", 1), ("--batch", "--bach", 1),
])
func `edits are counted, a swap of neighbours as one`(a: String, b: String, distance: Int) {
  #expect(editDistance(a, b) == distance)
}

@Test func `edits are counted alike in both directions, and never exceed the longer word`() {
  let words = ["", "a", "ab", "ba", "abc", "bca", "aabb", "bbaa", "--dim", "--device"]
  for a in words {
    for b in words {
      #expect(editDistance(a, b) == editDistance(b, a))
      #expect(editDistance(a, b) <= max(a.count, b.count))
      #expect((editDistance(a, b) == 0) == (a == b))
    }
  }
}

@Test func `a misspelt name is traced to the nearest one`() {
  let options = ["--batch", "--budget", "--device", "--dim", "--format"]
  #expect(nearestName("--bugdet", among: options) == "--budget")
  #expect(nearestName("--DEVICE", among: options) == "--device")
  #expect(nearestName("--dimm", among: options) == "--dim")
  #expect(nearestName("--quantum", among: options) == nil)
  #expect(nearestName("t5", among: ["t4", "a100"]) == "t4")
  #expect(nearestName("x", among: options + ["y"]) == nil)
  #expect(nearestName(String(repeating: "--batch", count: 1000), among: options) == nil)
  #expect(nearestName("--batch", among: []) == nil)
}
