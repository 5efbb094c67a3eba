/// A form in which graphs are written to files.
package protocol Format: SendableMetatype {
  /// The name that reports use.
  static var name: String { get }
  /// Endings of file names, without the dot.
  static var extensions: [String] { get }
  /// Whether files of this form are text, whose content may leave open what it is.
  static var isText: Bool { get }
  /// Whether a file that starts with `head`, its first few thousand bytes, is of this form.
  static func recognises(_ head: Span<UInt8>) -> Bool
  /// Reads a whole file.
  static func read(_ file: FileBytes) throws(FormatError) -> Model
}
