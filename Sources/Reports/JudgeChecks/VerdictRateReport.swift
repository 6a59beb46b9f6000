import Eval
import Experiments
import Figures
import Files

/// How often verdicts are given, as tables, CSV and JSON.
public struct VerdictRateReport: ResultReport {
  /// The rates, with the version of the judges.
  public let result: VerdictMeasurementResult

  /// The report of rates that were measured.
  public init(_ result: VerdictMeasurementResult) { self.result = result }

  /// False alarms of each verdict, then how often each damage gets the verdict that is due.
  public func table(_ layout: Layout) -> String {
    let real = result.rates.filter { $0.due == nil }
    let kinds = Self.unique(real.map(\.images))
    let alarms = kinds.map { kind in
      grid("verdicts on \(kind)", real.filter { $0.images == kind }, rows: \.verdict.rawValue, layout)
    }
    let power = grid(
      "verdicts that are due", result.rates.filter { $0.due == $0.verdict },
      rows: { "\($0.images): \($0.verdict.rawValue)" }, layout)
    return layout.fitted(
      (["\(result.judge): sets that get a verdict, with Wilson's 95 % interval"] + alarms + [power]).joined(
        separator: "\n\n"))
  }

  private func grid(
    _ title: String, _ rates: [VerdictMeasurementResult.Rate],
    rows name: (VerdictMeasurementResult.Rate) -> String, _ layout: Layout
  ) -> String {
    let counts = Set(rates.map(\.count)).sorted()
    var table = TerminalTable([.init(title)] + counts.map { .init("\($0) images", .right) })
    for row in Self.unique(rates.map(name)) {
      table.add(
        [row]
          + counts.map { count in
            rates.first { name($0) == row && $0.count == count }.map { Self.text($0.given) } ?? "–"
          })
    }
    return layout.fitted(table)
  }

  private static func text(_ given: Proportion) -> String {
    let interval = given.interval
    return "\(given.correct) of \(given.count) (\(Text.percents(interval)))"
  }

  private static func unique(_ names: [String]) -> [String] {
    names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// A line for each verdict, kind of images and size of set; the interval is Wilson's, in [0, 1].
  public var csv: String {
    var csv = CSV(["verdict", "images", "due", "count", "given", "sets", "low", "high"])
    for rate in result.rates {
      let interval = rate.given.interval
      csv.add([
        rate.verdict.rawValue, rate.images, rate.due?.rawValue ?? "", "\(rate.count)",
        "\(rate.given.correct)", "\(rate.given.count)", "\(interval.lowerBound)", "\(interval.upperBound)",
      ])
    }
    return csv.text
  }

  /// The rates as `assay/verdict-rates/1`.
  ///
  /// - Throws: `NotFinite` where a number of the result is not finite.
  public func json() throws -> String { try JSON.text(result) }

  /// Writes `verdict-rates.json` and `verdict-rates.csv`.
  ///
  /// - Throws: `FileError.unwritable`; `NotFinite` where a number of the result is not finite.
  public func write(to folder: String) throws {
    try AtomicFile.write(try json() + "\n", to: "\(folder)/verdict-rates.json")
    try AtomicFile.write(csv, to: "\(folder)/verdict-rates.csv")
  }
}
