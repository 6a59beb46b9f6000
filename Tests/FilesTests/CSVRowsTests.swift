import Files
import Testing

/// Lines of comma-separated values, read as they are written.
@Suite struct CSVRowsTests {
  @Test(
    arguments: [
      ("", []), ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
      ("a,,\n", [["a", "", ""]]), (",\n", [["", ""]]), ("\"a,b\",c\n", [["a,b", "c"]]),
      ("\"a\"\"b\"\n", [["a\"b"]]), ("\"a\nb\",c\n", [["a\nb", "c"]]), ("\"\"\"\"\n", [["\""]]),
      ("\"\",x\n", [["", "x"]]),
    ] as [(String, [[String]])])
  func fieldsAreWhatStandsBetweenTheCommas(text: String, rows: [[String]]) {
    #expect(CSVRows.parse(text) == rows)
  }
}
