/// Any JSON as a tree, for those who look for something in it without knowing what else it holds.
package indirect enum JSONTree: Decodable {
  case object([String: JSONTree])
  case array([JSONTree])
  case number(Double)
  /// A text, true, false or null.
  case other

  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let fields = try? value.decode([String: JSONTree].self) {
      self = .object(fields)
    } else if let list = try? value.decode([JSONTree].self) {
      self = .array(list)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else {
      self = .other
    }
  }
}
