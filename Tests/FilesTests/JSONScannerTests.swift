import Files
import Foundation
import Testing

/// All of JSON, and nothing else.
@Suite struct JSONScannerTests {
  private func isJSON(_ text: [UInt8]) -> Bool {
    var scanner = JSONScanner(text)
    do {
      try scanner.skip()
      return scanner.isAtEnd
    } catch {
      return false
    }
  }

  /// Of RFC 8259, and of the cases of Seriot's "Parsing JSON is a minefield" (2018).
  @Test(arguments: [
    "{}", "[]", "0", "-0", "1e5", "-1.5E+10", "123456789012345678901234567890", "true", "false", "null",
    #""""#,
    #"{"a":{"b":[1,"2",null,{}]},"c":-0.5}"#, "[ 1 ,\n2\t,\r3 ]",
    #""\"\\\/\b\f\n\r\t\u00e9\ud83d\udc55\u0000""#, "\"é👕\u{7f}\"",
  ])
  func isTaken(text: String) {
    #expect(isJSON(Array(text.utf8)))
  }

  @Test(arguments: [
    "", "{", "}", "[", "{]", "[1,]", #"{"a":1,}"#, "[,1]", "[1 2]", #"{"a" 1}"#, #"{"a":}"#, "{a:1}",
    "{'a':1}", "[1]]", "{}{}",
    "{} x", "01", "-01", "1.", ".5", "1e", "1e+", "+1", "-", "0x10", "NaN", "-Infinity", "Infinity", "True",
    "nul", "nulll",
    "\"a", "\"\n\"", "\"\t\"", "\"\u{0}\"", #""\x""#, #""\u12""#, #""\u12g4""#, #""\ud83d""#,
    #""\ud83d\u0041""#, #""\udc55""#,
    #""\u{1F455}""#, "// c\n1", "/* c */ 1", "\u{FEFF}{}", #"{"a":1,"a":2}"#, #"{"a":{"b":1,"b":1}}"#,
    #"{"a":1,"\u0061":2}"#,
    "[1]\u{0}", "\u{a0}1", "\u{c}1",
  ])
  func isRefused(text: String) {
    #expect(!isJSON(Array(text.utf8)))
  }

  @Test(
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0xFE, 0xFF, 0, 0x7B, 0, 0x7D], [0x7B, 0, 0x7D, 0],
    ] as [[UInt8]])
  func isRefusedAsNoUTF8(bytes: [UInt8]) {
    #expect(!isJSON(bytes))
  }

  @Test func depthHasAnEnd() {
    let nested = {
      [UInt8](repeating: UInt8(ascii: "["), count: $0) + [UInt8](repeating: UInt8(ascii: "]"), count: $0)
    }
    #expect(isJSON(nested(64)))
    #expect(!isJSON(nested(65)))
    #expect(!isJSON([UInt8](repeating: UInt8(ascii: "["), count: 10_000_000)))
  }

  @Test func textsAreUnescaped() throws {
    var scanner = JSONScanner(Array(#" "a\u00e9\ud83d\udc55\u0000\/\"" "#.utf8))
    #expect(try scanner.string() == "aé👕\u{0}/\"")
  }

  @Test func integersAreWhole() throws {
    for (text, value) in [("0", 0), ("-12", -12), (" 9223372036854775807", Int.max)] {
      var scanner = JSONScanner(Array(text.utf8))
      #expect(try scanner.integer() == value)
    }
    for text in ["1.0", "1e3", "9223372036854775808", "\"1\"", "x", ""] {
      var scanner = JSONScanner(Array(text.utf8))
      #expect(throws: JSONScanner.Failure.self) { try scanner.integer() }
    }
  }

  /// What Foundation's reader takes, and the grammar does not have, stays an exception: it must refuse what
  /// this one refuses.
  @Test func whatIsTakenIsAlsoFoundations() {
    let texts = [#"{"a":[1,2.5e3,"x\u00e9"],"b":null}"#, "[[],{}]", #"{"é":"\ud83d\udc55"}"#]
    for text in texts {
      let bytes = Array(text.utf8)
      for position in bytes.indices {
        for byte in [0, 0x22, 0x2C, 0x30, 0x5B, 0x5C, 0x5D, 0x7B, 0x7D, 0xFF] as [UInt8] {
          var changed = bytes
          changed[position] = byte
          guard isJSON(changed) else { continue }
          let isFoundations =
            (try? JSONSerialization.jsonObject(with: Data(changed), options: .fragmentsAllowed)) != nil
          #expect(isFoundations, "\(String(decoding: changed, as: UTF8.self))")
        }
      }
    }
  }
}
