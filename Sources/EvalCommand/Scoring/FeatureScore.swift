import Eval
import Figures
import Files
import Foundation
import Kernels

/// Features of the user's own network, real and generated: every figure that needs no images.
struct FeatureScore {
  /// `assay/feature-score/1`
  struct Result: Encodable {
    struct Distance: Encodable { let value, standardError: Double }

    let schema = "assay/feature-score/1"
    let real, generated: String
    let realCount, generatedCount, dimension: Int
    let frechetDistance, kernelDistance: Distance
    /// What two samples of one distribution, of these sizes, are apart in expectation.
    let expectedFrechetDistance: Double
    let precision, recall, density, coverage: Double
    @Nullable var vendi: Double?
    @Nullable var realVendi: Double?
  }

  private let result: Result

  init(real realPath: String, generated path: String) throws {
    let (real, generated) = (try Self.read(realPath), try Self.read(path))
    guard real.columns == generated.columns else {
      throw FileError.malformed(
        path: path, expected: "features of \(real.columns) numbers, as in \(realPath)",
        found: "\(generated.columns)")
    }
    let reference = FeatureReference(real)
    let figures = try reference.figures(of: generated)
    result = Result(
      real: realPath, generated: path, realCount: real.rows, generatedCount: generated.rows,
      dimension: real.columns,
      frechetDistance: .init(value: figures.frechetDistance, standardError: figures.frechetError),
      kernelDistance: .init(value: figures.kernelDistance, standardError: figures.kernelError),
      expectedFrechetDistance: try reference.expectedBias(count: generated.rows),
      precision: figures.neighbors.precision,
      recall: figures.neighbors.recall, density: figures.neighbors.density,
      coverage: figures.neighbors.coverage,
      vendi: figures.vendi, realVendi: try VendiScore.of(real))
  }

  private static func read(_ path: String) throws -> Matrix {
    let array = try NPYArray(contentsOf: path)
    guard array.shape.count == 2, array.shape[1] > 0, array.shape[0] >= FeatureReference.fewest else {
      throw FileError.malformed(
        path: path, expected: "an array [N, d] of at least \(FeatureReference.fewest) features",
        found: "the shape \(array.shape)")
    }
    let values = try array.doubles()
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw FileError.malformed(
        path: path, expected: "finite features", found: "\(values[index]) in row \(index / array.shape[1])")
    }
    return Matrix(rows: array.shape[0], columns: array.shape[1], values)
  }

  private var table: String {
    var table = TerminalTable([.init("figure"), .init("value", .right), .init("standard error", .right)])
    func add(_ name: String, _ value: Double?, _ error: Double? = nil) {
      table.add([name, value.map(Text.short) ?? "–", error.map(Text.short) ?? ""])
    }
    add("Fréchet distance", result.frechetDistance.value, result.frechetDistance.standardError)
    add("  expected of one distribution", result.expectedFrechetDistance)
    add("kernel distance", result.kernelDistance.value, result.kernelDistance.standardError)
    add("precision", result.precision)
    add("recall", result.recall)
    add("density", result.density)
    add("coverage", result.coverage)
    add("Vendi score", result.vendi)
    add("  of the real features", result.realVendi)
    let summary =
      "\(result.generatedCount) features of \(result.dimension) numbers in \(result.generated) against "
      + "\(result.realCount) in \(result.real)"
    return "\(summary)\n\n\(table.text)"
  }

  func report(_ output: OutputOptions) throws {
    var csv = CSV(["figure", "value"])
    for (name, value) in [
      ("frechet_distance", result.frechetDistance.value),
      ("frechet_error", result.frechetDistance.standardError),
      ("kernel_distance", result.kernelDistance.value), ("kernel_error", result.kernelDistance.standardError),
      ("precision", result.precision), ("recall", result.recall), ("density", result.density),
      ("coverage", result.coverage),
    ] {
      csv.add([name, "\(value)"])
    }
    if let folder = output.output {
      try AtomicFile.write(try JSON.text(result) + "\n", to: "\(folder)/feature-score.json")
      try AtomicFile.write(csv.text, to: "\(folder)/feature-score.csv")
    }
    switch output.format {
    case .table: try print(table)
    case .json: try print(JSON.text(result))
    case .csv: try print(csv.text, terminator: "")
    }
  }
}
