import Experiments
import Figures
import Files

/// The checks of the judges as table, CSV and JSON.
public struct JudgeCheckReport: ResultReport {
  public let result: JudgeCheckResult

  public init(_ result: JudgeCheckResult) { self.result = result }

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

  public var csv: String {
    var csv = CSV(["check", "claim", "found", "passed"])
    for check in result.checks { csv.add([check.number, check.claim, check.found, "\(check.passed)"]) }
    return csv.text
  }

  public func json() throws -> String { try JSON.text(result) }

  /// - Throws: `FileError.unwritable`.
  public func write(to folder: String) throws {
    try AtomicFile.write(try json() + "\n", to: "\(folder)/judge-check.json")
    try AtomicFile.write(csv, to: "\(folder)/judge-check.csv")
  }
}
