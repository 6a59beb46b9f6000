import Files
import Foundation
import Testing

/// Parts of paths, texts and numbers as Foundation has them.
@Suite struct PathTests {
  @Test(arguments: [
    "weights.npy", "runs/a/weights.npy", "/runs/a.b/weights", "a/b/", "/", "", ".cache", "a/.cache",
    "a/b.c/", "über/ä.npy", "..", "a..b", "a.b.c", "/a", "a b/c d.png", "runs/.hidden.npy",
    "x/y.tar.gz",
  ])
  func partsAreThoseOfFoundation(_ path: String) {
    let theirs = path as NSString
    #expect(path.lastPathComponent == theirs.lastPathComponent)
    #expect(path.deletingLastPathComponent == theirs.deletingLastPathComponent)
    #expect(path.pathExtension == theirs.pathExtension)
    #expect(path.deletingPathExtension == theirs.deletingPathExtension)
    #expect(path.appendingPathComponent("x.npy") == theirs.appendingPathComponent("x.npy"))
  }

  @Test(arguments: [
    0, 1, -1, 0.5, 0.05, 2.0 / 3, 1e-7, 123_456.789, 1e21, -0.0, .infinity, .nan, 999_999.5,
  ])
  func numbersAreThoseOfFoundation(_ value: Double) {
    for format in ["%.1f", "%.3g", "%.4g", "%.0f", "%.2f %%", "%08.3f"] {
      #expect(Text.formatted(format, value) == String(format: format, value))
    }
  }

  @Test func severalValuesAreThoseOfFoundation() {
    #expect(
      Text.formatted("N %d: %.2f; %02x", 12, 0.125, 7) == String(format: "N %d: %.2f; %02x", 12, 0.125, 7))
    #expect(Text.formatted("%d", 1 << 40).isEmpty == false)
  }

  @Test(arguments: ["", " ", "a", " a b ", "\t a\r", "\u{a0}x\u{2003}", "  "])
  func blanksAtTheEndsGo(_ text: String) {
    #expect(text.trimmed() == text.trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
