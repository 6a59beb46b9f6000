/// Words of a command line as a shell takes them.
extension String {
  /// This text as one word: as it is where a shell takes it so, else in quotes, with what does not print made
  /// visible.
  package var shellWord: String {
    let isPlain =
      !isEmpty
      && utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
          || "%+,-./:=@_".utf8.contains($0)
      }
    return isPlain ? self : "'" + visible(limit: 400).replacing("'", with: "'\\''") + "'"
  }

  /// Whether this is a line of such words and nothing else: no variable, pipe or second command.
  package var isShellWords: Bool {
    wholeMatch(of: /(?:(?:[0-9A-Za-z%+,\-.\/:=@_]+|'[^'\n]*'(?:\\''[^'\n]*')*)(?: |$))+/) != nil
  }
}

extension Sequence<String> {
  /// These words as a command line.
  package var shellLine: String { map(\.shellWord).joined(separator: " ") }
}
