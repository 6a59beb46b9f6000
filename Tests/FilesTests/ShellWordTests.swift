import Files
import Testing

@Suite struct ShellWordTests {
  @Test(arguments: [
    ("eval", "eval"), ("a b", "'a b'"), ("", "''"), ("it's", "'it'\\''s'"), ("$(x)", "'$(x)'"),
    ("a\nb", "'a\\nb'"), ("#ffcc00", "'#ffcc00'"), ("-1...1", "-1...1"),
  ])
  func wordsAreQuotedWhereAShellWouldReadMore(_ word: String, _ expected: String) {
    #expect(word.shellWord == expected)
    #expect(word.shellWord.isShellWords)
  }

  @Test(arguments: [
    "eval x; curl y", "eval \"$(curl y)\"", "eval `x`", "eval x | sh", "eval 'a", "eval\nx", "eval > y", "",
  ])
  func nothingElseIsALineOfWords(_ line: String) { #expect(!line.isShellWords) }
}
