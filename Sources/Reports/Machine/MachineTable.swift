import Experiments
import Figures
import Files

/// A machine as a table, with what is to be done about its faults below.
public enum MachineTable {
  /// A row for each part of the machine, and a line for each remedy.
  public static func text(_ report: MachineReport, _ layout: Layout) -> String {
    layout.fitted(layout.fitted(table(report)) + report.remedies.map { "\n" + $0 }.joined())
  }

  /// The machine as `assay/doctor/1`.
  ///
  /// - Throws: `NotFinite` where a number of the result is not finite.
  public static func json(_ report: MachineReport) throws -> String { try JSON.text(report) }

  private static func table(_ report: MachineReport) -> TerminalTable {
    var table = TerminalTable([.init("what"), .init("found")])
    table.add(["processor", "\(report.cpu.model), \(report.cpu.cores) cores"])
    table.add(["instruction sets", report.cpu.features.joined(separator: " ")])
    table.add(["compiled for", report.cpu.code])
    table.add([
      "matrix library",
      "\(report.blas.library) \(report.blas.version), kernel \(report.blas.kernel), "
        + "\(Text.counted(report.blas.threads, "thread")), \(Text.fixed(report.blas.sgemmGflops, 0)) GFLOP/s",
    ])
    table.add([
      "data set",
      report.dataset.path.map {
        "\($0), " + (report.dataset.sha256Ok ? "SHA-256 verified" : "SHA-256 unknown")
      } ?? "not found",
    ])
    for judge in report.judges {
      table.add([
        "\(judge.name) weights", judge.ok ? "\(judge.version), \(judge.sha256)" : "missing or changed",
      ])
    }
    table.add(["output", report.outputWritable ? "writable" : "not writable"])
    table.add(["in order", report.ok ? "yes" : "no"])
    return table
  }
}
