import Files
import FoundationEssentials

/// JSON as Jupyter itself writes it: keys in order, an indentation of one space, no escapes but those that
/// are needed. A notebook that is opened and saved unchanged keeps its bytes.
package indirect enum NotebookJSON: Equatable, Sendable {
  case text(String)
  case integer(Int)
  case number(Double)
  case flag(Bool)
  case none
  case list([NotebookJSON])
  case object([String: NotebookJSON])

  package static func texts(_ lines: [String]) -> NotebookJSON { .list(lines.map(NotebookJSON.text)) }

  /// A text as the list of its lines, each with its end.
  package static func lines(_ text: String) -> NotebookJSON {
    var lines: [String] = []
    var line = ""
    for scalar in text.unicodeScalars {
      line.unicodeScalars.append(scalar)
      if scalar == "\n" {
        lines.append(line)
        line = ""
      }
    }
    return texts(line.isEmpty ? lines : lines + [line])
  }

  package var description: String { written(indent: 0) }

  private func written(indent: Int) -> String {
    let (inner, outer) = (String(repeating: " ", count: indent + 1), String(repeating: " ", count: indent))
    func block(_ open: String, _ items: [String], _ close: String) -> String {
      items.isEmpty
        ? open + close : "\(open)\n\(inner)" + items.joined(separator: ",\n\(inner)") + "\n\(outer)\(close)"
    }
    switch self {
    case .text(let text): return Self.quoted(text)
    case .integer(let value): return "\(value)"
    case .number(let value): return "\(value)"
    case .flag(let value): return value ? "true" : "false"
    case .none: return "null"
    case .list(let items): return block("[", items.map { $0.written(indent: indent + 1) }, "]")
    case .object(let fields):
      let items = fields.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
      return block(
        "{", items.map { "\(Self.quoted($0.key)): \($0.value.written(indent: indent + 1))" }, "}")
    }
  }

  /// A text between quotation marks: also a literal of Python.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{8}": result += "\\b"
      case "\u{C}": result += "\\f"
      case _ where scalar.value < 32: result += Text.formatted("\\u%04x", scalar.value)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension NotebookJSON: Decodable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .none
    } else if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([NotebookJSON].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: NotebookJSON].self))
    }
  }
}
