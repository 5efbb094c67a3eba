import Cost
import Graph

extension Device {
  /// The device that the command line names: by its name, or by the file of its table.
  ///
  /// Without a word, the first of those embedded.
  static func chosen(by word: String?) throws(UsageError) -> Device {
    let word = word ?? DeviceList.names[0]
    if word.contains("/") || word.hasSuffix(".json") { return try read(from: word) }
    let embedded: Device?
    do throws(DeviceFile.Failure) { embedded = try Device.named(word) } catch {
      throw UsageError(error.description)
    }
    guard let embedded else { throw UsageError(unknown: "device", word, among: DeviceList.names) }
    return embedded
  }

  /// Throws where the board has no arithmetic in `precision`, and names what has.
  ///
  /// Other precisions leave what the table has no rate for uncounted.
  func expectArithmetic(in precision: Precision?) throws(UsageError) {
    guard precision == .tf32, rate(.gemm, .tensorFloat32) == nil else { return }
    let generation = computeCapability.split(separator: ".").first.flatMap { Int($0) } ?? 0
    guard generation < 8 else {
      throw UsageError(
        "the table of \(name) has no rate for gemm in tf32: measure the board anew, or use '--precision fp32' or 'fp16'"
      )
    }
    let others = DeviceList.names.filter {
      (try? Device.named($0))?.rate(.gemm, .tensorFloat32) != nil
    }
    throw UsageError(
      "\(name) has no TF32, which came with compute capability 8.0: its tensor cores take '--precision fp16'; "
        + "\(others.joined(separator: ", ")) have TF32")
  }

  /// The device whose table is the file at `path`, called as the file is.
  static func read(from path: String) throws(UsageError) -> Device {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let bytes: [UInt8]
    do throws(FormatError) {
      let file = try MappedFile(path)
      bytes = file.bytes.indices.map { file.bytes[$0] }
    } catch {
      throw UsageError("\(path): \(error)")
    }
    do throws(DeviceFile.Failure) {
      return try DeviceFile.read(
        bytes, name: name.hasSuffix(".json") ? String(name.dropLast(5)) : name, file: path)
    } catch {
      throw UsageError(error.description)
    }
  }
}
