import Graph
import Testing

@testable import Cost

/// What an execution of a graph with these inputs and outputs works through.
private func throughput(_ inputs: String, _ outputs: String) throws -> Throughput {
  let model = try ONNXTextFormat.parse("g (\(inputs)) => (\(outputs)) { y = Made.Up(x) }")
  return Throughput(try Analysis(model))
}

private let picture = "float[8,3,64,64] x"

@Suite struct ThroughputTests {
  @Test(arguments: [
    ("float[8,3,64,64] x", 8), ("float[8,64,64,1] x", 8), ("uint8[3,480,640] x", 1),
    ("float[2,16,3,112,112] x", 32), ("float[2,3,16,112,112] x", 32),
  ])
  func `images are told by their channels`(input: String, count: Int) throws {
    #expect(try throughput(input, "float[1] y").images == count)
    #expect(try throughput(input, "float[1] y").tokens == nil)
  }

  @Test(arguments: [
    "float[8,80,3000] x", "float[8,64,64,64] x", "float[8,3] x", "int64[1,3,64,64] x",
    "float[8,3,4,4] x",
  ])
  func `what has no picture's channels and extents is no image`(input: String) throws {
    #expect(try throughput(input, "float[1] y").images == nil)
  }

  @Test func `a network that draws pictures makes as many`() throws {
    #expect(try throughput("float[4,100,1,1] x", "float[4,3,64,64] y").images == 4)
  }

  @Test
  func `a generator that reads a text is in prefill, and one with a cache and a token in decode`()
    throws
  {
    let ids = "int64[2,128] input_ids, int64[2,128] attention_mask, float[1] x"
    let prefill = try #require(try throughput(ids, "float[2,128,50000] y").tokens)
    #expect(prefill.phase == .prefill && prefill.count == 256 && prefill.cached == 0)
    let step = "int64[2,1] input_ids, float[2,12,100,64] past_key_values_0, float[1] x"
    let decode = try #require(try throughput(step, "float[2,1,50000] y").tokens)
    #expect(decode.phase == .decode && decode.count == 2 && decode.cached == 100)
    let chunk = "int64[2,16] input_ids, float[2,12,100,64] past_key_values_0, float[1] x"
    #expect(try throughput(chunk, "float[2,16,50000] y").tokens?.phase == .prefill)
  }

  @Test func `a text that is only read is encoded`() throws {
    let ids = "int64[2,128] input_ids, int64[2,128] token_type_ids, float[1] x"
    let tokens = try #require(try throughput(ids, "float[2,128,768] y").tokens)
    #expect(tokens.phase == .encode && tokens.count == 256)
    let embeddings = try throughput("float[2,5,768] inputs_embeds, float[1] x", "float[1] y")
    #expect(embeddings.tokens?.count == 10)
  }

  @Test func `of an encoder and a decoder, the decoder's tokens count`() throws {
    let ids = "int64[1,64] input_ids, int64[1,7] decoder_input_ids, float[1] x"
    #expect(try throughput(ids, "float[1,7,32128] y").tokens?.count == 7)
  }

  @Test func `masks and positions are no tokens`() throws {
    let support = "int64[1,64] attention_mask, int64[1,64] position_ids, float[1] x"
    #expect(try throughput(support, "float[1] y").tokens == nil)
  }

  @Test func `every portion is counted, an inference as well as its parts`() throws {
    let images = try throughput(picture, "float[1] y")
    #expect(Per.allCases.map { $0.count(in: images) } == [8, 8, nil])
  }
}
