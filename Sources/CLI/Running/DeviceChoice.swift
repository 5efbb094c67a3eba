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
