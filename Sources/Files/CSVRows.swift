/// Reads lines of comma-separated values (RFC 4180), as Assay writes them. Checks no types: every field is
/// text.
package enum CSVRows {
  /// The fields of each line; an empty text has none.
  package static func parse(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var (row, field, isQuoted, wasQuoted) = ([String](), "", false, false)
    func endRow() {
      rows.append(row + [field])
      (row, field, wasQuoted) = ([], "", false)
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"":
        // A second one after the end of the quotes is one that stands between them.
        if !isQuoted, wasQuoted { field.unicodeScalars.append(scalar) }
        (isQuoted, wasQuoted) = (!isQuoted, isQuoted)
      case "," where !isQuoted:
        row.append(field)
        (field, wasQuoted) = ("", false)
      case "\n" where !isQuoted: endRow()
      case "\r" where !isQuoted: break
      default: field.unicodeScalars.append(scalar)
      }
    }
    if !field.isEmpty || !row.isEmpty { endRow() }
    return rows
  }
}
