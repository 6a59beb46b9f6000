import Experiments
import Figures
import Files

/// The checks of the judges as table, CSV and JSON.
public struct JudgeCheckReport: ResultReport {
  /// The checks, with the version of the judges.
  public let result: JudgeCheckResult

  /// The report of checks that were made.
  public init(_ result: JudgeCheckResult) { self.result = result }

  /// How many checks pass, then a row for each with its claim and what was found.
  public func table(_ layout: Layout) -> String {
    var table = TerminalTable([.init("check"), .init("claim"), .init("found"), .init("")])
    for check in result.checks {
      table.add([check.number, check.claim, check.found, check.passed ? "pass" : "FAIL"])
    }
    let passed = result.checks.count(where: \.passed)
    return layout.fitted(
      "\(result.judge), \(result.count) test images: \(passed) of \(result.checks.count) checks pass\n\n"
        + layout.fitted(table))
  }

  /// A line for each check.
  public var csv: String {
    var csv = CSV(["check", "claim", "found", "passed"])
    for check in result.checks { csv.add([check.number, check.claim, check.found, "\(check.passed)"]) }
    return csv.text
  }

  /// The checks as `assay/judge-check/1`.
  ///
  /// - Throws: `NotFinite` where a number of the result is not finite.
  public func json() throws -> String { try JSON.text(result) }

  /// Writes `judge-check.json` and `judge-check.csv`.
  ///
  /// - Throws: `FileError.unwritable`; `NotFinite` where a number of the result is not finite.
  public func write(to folder: String) throws {
    try AtomicFile.write(try json() + "\n", to: "\(folder)/judge-check.json")
    try AtomicFile.write(csv, to: "\(folder)/judge-check.csv")
  }
}
