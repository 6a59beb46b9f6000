// Where links and images lead, as Markdown writes it: `(address "title")` behind their text, or a label that
// a line `[label]: address "title"` explains. Nothing here says whether an address is safe.

/// Where a link leads, or what an image is read from.
struct MarkdownTarget: Sendable, Equatable {
  /// As it was written, without escapes.
  let address: String
  let title: String?
}

/// The targets that a document defines for labels.
///
/// A target may be longer than a label that names it, and be named often: what all names together stand for
/// is about as long as the document at most, and further names are text.
struct MarkdownReferences: Sendable {
  /// Bytes of targets that labels may still stand for.
  var budget = 0
  private var targets: [String: MarkdownTarget] = [:]

  /// The first definition of a label counts.
  mutating func define(_ reference: (label: String, target: MarkdownTarget)) {
    if targets[reference.label] == nil { targets[reference.label] = reference.target }
  }

  mutating func target(of label: String) -> MarkdownTarget? {
    guard let target = targets[label] else { return nil }
    let cost = target.address.utf8.count + (target.title?.utf8.count ?? 0)
    guard cost <= budget else { return nil }
    budget -= cost
    return target
  }
}

extension [Unicode.Scalar] {
  /// `[label]: address "title"`, on a line or several.
  ///
  /// - Returns: also where the next line begins.
  func definition(at start: Int) -> ((label: String, target: MarkdownTarget), end: Int)? {
    guard let (label, colon) = label(at: start), at(colon) == ":",
      let (address, addressEnd) = address(at: skipSpace(colon + 1))
    else { return nil }
    let next = skipSpace(addressEnd)
    if next > addressEnd, let (title, titleEnd) = title(at: next), let end = endOfLine(titleEnd) {
      return ((label, MarkdownTarget(address: address, title: title)), end)
    }
    guard let end = endOfLine(addressEnd) else { return nil }
    return ((label, MarkdownTarget(address: address, title: nil)), end)
  }

  /// `(address "title")`; both may be missing.
  func inlineTarget(at start: Int) -> (MarkdownTarget, end: Int)? {
    guard at(start) == "(" else { return nil }
    let first = skipSpace(start + 1)
    if at(first) == ")" { return (MarkdownTarget(address: "", title: nil), first + 1) }
    guard let (address, addressEnd) = address(at: first) else { return nil }
    let next = skipSpace(addressEnd)
    if at(next) == ")" { return (MarkdownTarget(address: address, title: nil), next + 1) }
    guard next > addressEnd, let (title, titleEnd) = title(at: next) else { return nil }
    let end = skipSpace(titleEnd)
    return at(end) == ")" ? (MarkdownTarget(address: address, title: title), end + 1) : nil
  }

  /// `<https://host>` or `<name@host>`: the address, and what is shown of it.
  func automaticLink(at start: Int) -> (address: String, label: String, end: Int)? {
    var end = start + 1
    while let scalar = at(end), scalar != ">" {
      guard !scalar.isMarkdownSpace, !scalar.isControl, scalar != "<" else { return nil }
      end += 1
    }
    guard at(end) == ">" else { return nil }
    let inside = self[(start + 1)..<end]
    let label = String(scalars: inside)
    let scheme = inside.prefix { $0.isASCIILetter || $0.isASCIIDigit || $0 == "+" || $0 == "." || $0 == "-" }
    if (2...32).contains(scheme.count), scheme.first?.isASCIILetter == true, at(scheme.endIndex) == ":" {
      return (label, label, end + 1)
    }
    let parts = inside.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty,
      parts[0].allSatisfy({ $0.isASCII && !"()[],:;\\\"".unicodeScalars.contains($0) }),
      parts[1].split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ name in
        (1...63).contains(name.count) && name.first != "-" && name.last != "-"
          && name.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == "-" }
      })
    else { return nil }
    return ("mailto:" + label, label, end + 1)
  }

  /// `[label]`, as labels are compared.
  func label(at start: Int) -> (String, end: Int)? {
    guard at(start) == "[" else { return nil }
    var place = start + 1
    while let scalar = at(place), scalar != "]", scalar != "[", place - start <= 1000 {
      place += scalar == "\\" && at(place + 1)?.isASCIIPunctuation == true ? 2 : 1
    }
    guard at(place) == "]", let label = label((start + 1)..<place) else { return nil }
    return (label, place + 1)
  }

  /// What is in brackets, as labels are compared: in any case, and with any space between words.
  func label(_ range: Range<Int>) -> String? {
    guard range.count < 1000 else { return nil }
    let words = self[range].split { $0.isMarkdownSpace }.map { String(scalars: $0) }
    return words.isEmpty ? nil : words.joined(separator: " ").lowercased().uppercased()
  }

  private func address(at start: Int) -> (String, end: Int)? {
    var place = start
    if at(start) == "<" {
      place += 1
      while let scalar = at(place), scalar != ">" {
        guard scalar != "\n", scalar != "<" else { return nil }
        place += scalar == "\\" && at(place + 1)?.isASCIIPunctuation == true ? 2 : 1
      }
      return at(place) == ">" ? (unescaped((start + 1)..<place), place + 1) : nil
    }
    var depth = 0
    while let scalar = at(place), !scalar.isMarkdownSpace {
      if scalar == "(" {
        depth += 1
        if depth > 32 { return nil }
      } else if scalar == ")" {
        if depth == 0 { break }
        depth -= 1
      }
      place += scalar == "\\" && at(place + 1)?.isASCIIPunctuation == true ? 2 : 1
    }
    return place > start && depth == 0 ? (unescaped(start..<place), place) : nil
  }

  private func title(at start: Int) -> (String, end: Int)? {
    guard let open = at(start), open == "\"" || open == "'" || open == "(" else { return nil }
    let close = open == "(" ? ")" : open
    var place = start + 1
    while let scalar = at(place), scalar != close {
      if scalar == "(", open == "(" { return nil }
      place += scalar == "\\" && at(place + 1)?.isASCIIPunctuation == true ? 2 : 1
    }
    return at(place) == close ? (unescaped((start + 1)..<place), place + 1) : nil
  }

  // MARK: - Places

  func at(_ place: Int) -> Unicode.Scalar? { place < count ? self[place] : nil }

  private func skipSpace(_ start: Int) -> Int {
    self[Swift.min(start, count)...].firstIndex { !$0.isMarkdownSpace } ?? count
  }

  /// Where the next line begins, if nothing but blanks stand before it.
  private func endOfLine(_ start: Int) -> Int? {
    guard let end = self[Swift.min(start, count)...].firstIndex(where: { !$0.isMarkdownBlank }) else {
      return count
    }
    return self[end] == "\n" ? end + 1 : nil
  }
}
