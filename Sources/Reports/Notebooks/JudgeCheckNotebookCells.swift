import Experiments
import Figures
import Files

/// The checks of the judges: how many of each kind pass, and what failed.
enum JudgeCheckNotebookCells: NotebookCells {
  static let kinds: [StoredPart.Kind] = [.result(schema: JudgeCheckResult.schema)]

  static func section(of part: StoredPart, data: String) throws -> NotebookSection {
    let (result, name, files) = try NotebookSection.result(part, JudgeCheckResult.self)
    return NotebookSection(
      title: "Checks of the judges", finding: finding(result),
      table: Markdown.table(
        ["check", "claim", "found", ""],
        result.checks.map { [$0.number, $0.claim, $0.found, $0.passed ? "pass" : "FAIL"] }),
      code: [
        .code(load("\(data)/\(name)"), [Printed.lines(printed(result))]),
        .code(draw, [.picture(try NotebookPicture(chart(result).drawing))]),
      ], files: files)
  }

  private static func finding(_ result: JudgeCheckResult) -> String {
    let failed = result.checks.filter { !$0.passed }.map { Markdown.escaped($0.number) }
    return
      "\(result.checks.count - failed.count) of \(result.checks.count) checks pass on \(result.count) images"
      + (failed.isEmpty ? "." : "; not \(failed.joined(separator: ", ")).")
  }

  /// The checks by their kind, which is the letter that their number begins with.
  private static func kinds(_ result: JudgeCheckResult) -> [(kind: String, passed: Int, count: Int)] {
    var kinds: [(kind: String, passed: Int, count: Int)] = []
    for check in result.checks {
      let kind = check.number.unicodeScalars.first.map { String($0) } ?? ""
      if !kinds.contains(where: { $0.kind == kind }) { kinds.append((kind, 0, 0)) }
      guard let index = kinds.firstIndex(where: { $0.kind == kind }) else { continue }
      kinds[index].passed += check.passed ? 1 : 0
      kinds[index].count += 1
    }
    return kinds
  }

  private static func chart(_ result: JudgeCheckResult) -> BarChart {
    BarChart(
      title: "Checks that pass, by kind", subtitle: "\(result.judge), \(result.count) images",
      bars: kinds(result).map { .init("\($0.kind), of \($0.count)", Double($0.passed)) }, maximum: nil,
      format: .plain, decimals: 0)
  }

  // MARK: - Code

  private static func load(_ path: String) -> String {
    #"""
    checks = read_json("\#(path)")["checks"]
    kinds = {}
    for check in checks:
        kinds.setdefault(check["number"][:1], []).append(check["passed"])

    for kind, passed in kinds.items():
        print(f"{kind}: {sum(passed)} of {len(passed)} pass")
    for check in checks:
        if not check["passed"]:
            print(f"{check['number']} fails: {check['claim']}; {check['found']}")
    """#
  }

  private static func printed(_ result: JudgeCheckResult) -> [String] {
    kinds(result).map { "\($0.kind): \($0.passed) of \($0.count) pass" }
      + result.checks.filter { !$0.passed }.map { "\($0.number) fails: \($0.claim); \($0.found)" }
  }

  private static let draw = #"""
    figure, axes = plt.subplots(figsize=(8, 0.4 * len(kinds) + 1))
    axes.barh(list(kinds), [len(passed) for passed in kinds.values()], color="lightgrey", label="all")
    axes.barh(list(kinds), [sum(passed) for passed in kinds.values()], label="pass")
    axes.invert_yaxis()
    axes.set(xlabel="checks", title="Checks that pass, by kind")
    axes.legend()
    plt.show()
    """#
}
