import FoundationEssentials
import Glibc

/// Numbers and lines as people read them.
package enum Text {
  /// Values as the C library's printf writes them, in a line of 1,023 bytes at most.
  package static func formatted(_ format: String, _ values: any CVarArg...) -> String {
    withVaList(values) { list in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { line in
        guard let start = line.baseAddress, vsnprintf(start, line.count, format, list) >= 0 else { return "" }
        return String(cString: start)
      }
    }
  }

  /// 0.9253 → "92.5 %"
  package static func percent(_ value: Double, digits: Int = 1) -> String {
    fixed(100 * value, digits) + " %"
  }

  package static func fixed(_ value: Double, _ digits: Int) -> String {
    formatted("%.\(digits)f", value)
  }

  /// 0.925...0.931 → "92.5–93.1"
  package static func percents(_ interval: ClosedRange<Double>) -> String {
    "\(fixed(100 * interval.lowerBound, 1))–\(fixed(100 * interval.upperBound, 1))"
  }

  /// At most four significant digits, without trailing zeros.
  package static func short(_ value: Double) -> String { formatted("%.4g", value) }

  /// 1, "thread" → "1 thread"; 2, "thread" → "2 threads"
  package static func counted(_ count: Int, _ thing: String) -> String {
    "\(count) \(thing)\(count == 1 ? "" : "s")"
  }

  /// Each line once, where it stands first.
  package static func distinct(_ lines: [String]) -> [String] {
    lines.indices.filter { lines.firstIndex(of: lines[$0]) == $0 }.map { lines[$0] }
  }
}

extension StringProtocol {
  /// The text without the characters at both ends that `isLeftOut` holds for; without blanks by default.
  package func trimmed(where isLeftOut: (Character) -> Bool = \.isWhitespace) -> String {
    guard let start = firstIndex(where: { !isLeftOut($0) }), let end = lastIndex(where: { !isLeftOut($0) })
    else { return "" }
    return String(self[start...end])
  }
}
