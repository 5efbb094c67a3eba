/// The devices whose tables are embedded in the program.
///
/// To add one, put its table into `calibration/devices` and its line here.
package enum DeviceList {
  /// The name that users give, and the table's bytes.
  package static var all: [(name: String, table: [UInt8])] {
    [
      ("t4", PackageResources.t4_json),
      ("v100", PackageResources.v100_json),
      ("a100", PackageResources.a100_json),
      ("h100", PackageResources.h100_json),
      ("l4", PackageResources.l4_json),
    ]
  }

  package static var names: [String] { all.map { $0.name } }
}

extension Device {
  /// The device that users call `name`; nil where no table is embedded under that name.
  ///
  /// Throws where the table cannot be read, which a test rules out for every one in the list.
  package static func named(_ name: String) throws(DeviceFile.Failure) -> Device? {
    guard let entry = DeviceList.all.first(where: { $0.name == name }) else { return nil }
    return try DeviceFile.read(entry.table, name: entry.name, file: "\(entry.name).json")
  }
}
