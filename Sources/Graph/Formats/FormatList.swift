/// Every format that is read, in the order in which they are tried.
package enum FormatList {
  package static let all: [any Format.Type] = [
    ONNXTextFormat.self,
    ONNXJSONFormat.self,
    ONNXFormat.self,
  ]
}
