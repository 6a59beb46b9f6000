import Eval
import Figures
import Files
import Reports

/// The checks of the judges as table, CSV and JSON.
struct JudgeCheckReport {
  /// `assay/judge-check/1`
  struct Result: Encodable {
    let schema = "assay/judge-check/1"
    let judge: String
    let count: Int
    let passed: Bool
    let checks: [OfCheck]

    struct OfCheck: Encodable {
      let number, claim, found: String
      let passed: Bool
    }
  }

  let result: Result

  init(_ checks: [Check], version: String, count: Int) {
    result = Result(
      judge: version, count: count, passed: checks.allSatisfy(\.passed),
      checks: checks.map { .init(number: $0.number, claim: $0.claim, found: $0.found, passed: $0.passed) })
  }

  var table: String {
    var table = TerminalTable([.init("check"), .init("claim"), .init("found"), .init("")])
    for check in result.checks {
      table.add([check.number, check.claim, check.found, check.passed ? "pass" : "FAIL"])
    }
    let passed = result.checks.count(where: \.passed)
    return Text.fitted(
      "\(result.judge), \(result.count) test images: \(passed) of \(result.checks.count) checks pass\n\n"
        + table.fitted)
  }

  var csv: String {
    var csv = CSV(["check", "claim", "found", "passed"])
    for check in result.checks { csv.add([check.number, check.claim, check.found, "\(check.passed)"]) }
    return csv.text
  }

  func write(to folder: String) throws {
    try AtomicFile.write(try JSON.text(result) + "\n", to: "\(folder)/judge-check.json")
    try AtomicFile.write(csv, to: "\(folder)/judge-check.csv")
  }
}
