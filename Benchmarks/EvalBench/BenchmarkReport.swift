// Measurements as a table for people and as JSON for programs.
//
// Times are in seconds, rates in GFLOP/s; a share is that of the machine's matrix multiplication, measured in
// the same run.

import Figures
import Foundation
import Kernels

/// What the times were measured on.
struct Machine: Encodable {
  let cpu: String
  let cores: Int
  /// The library and its version.
  let blas: String
  /// The library's kernel family.
  let kernel: String
  let threads: Int
  /// The rate of a product of two 1024×1024 matrices on all threads.
  let sgemmGflops: Double

  private enum CodingKeys: String, CodingKey {
    case cpu, cores, blas, kernel, threads
    case sgemmGflops = "sgemm_gflops"
  }

  init(library: OpenBLAS, operationsPerSecond: Double) {
    cpu = Processor.current.model
    cores = Processor.current.cores
    blas = "OpenBLAS \(library.version)"
    kernel = library.kernel
    threads = Parallel.threads
    sgemmGflops = rounded(operationsPerSecond / 1e9, digits: 1)
  }
}

struct BenchmarkReport {
  let machine: Machine
  let measurements: [Measurement]

  /// `assay/benchmark/1`; `rates` beside what the schema asks for.
  private struct Result: Encodable {
    struct Rate: Encodable {
      let gflops: Double
      let shareOfSgemm: Double

      private enum CodingKeys: String, CodingKey {
        case gflops
        case shareOfSgemm = "share_of_sgemm"
      }
    }
    let schema = "assay/benchmark/1"
    let machine: Machine
    /// Seconds.
    let cases: [String: Double]
    let rates: [String: Rate]
  }

  func json() throws -> String {
    let result = Result(
      machine: machine,
      cases: dictionary(measurements) { rounded($0.seconds, digits: 7) },
      rates: dictionary(measurements.filter { $0.benchmark.operations > 0 }) {
        .init(gflops: rounded($0.rate / 1e9, digits: 1), shareOfSgemm: rounded(share($0), digits: 3))
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(result), as: UTF8.self)
  }

  var table: String {
    var table = TerminalTable([
      .init("case"), .init("seconds", .right), .init("GFLOP/s", .right), .init("of sgemm", .right),
      .init("runs", .right), .init("one run"),
    ])
    for measurement in measurements {
      let isCounted = measurement.benchmark.operations > 0
      table.add([
        measurement.benchmark.name,
        String(format: measurement.seconds < 0.1 ? "%.6f" : "%.3f", measurement.seconds),
        isCounted ? String(format: "%.0f", measurement.rate / 1e9) : "–",
        isCounted ? String(format: "%.0f %%", 100 * share(measurement)) : "–",
        "\(measurement.runs)",
        measurement.benchmark.summary,
      ])
    }
    return """
      \(machine.cpu), \(machine.cores) cores; \(machine.blas), kernel \(machine.kernel), \(machine.threads) threads, \
      sgemm \(String(format: "%.0f", machine.sgemmGflops)) GFLOP/s

      \(table.text)
      """
  }

  private func share(_ measurement: Measurement) -> Double {
    measurement.rate / (machine.sgemmGflops * 1e9)
  }

  private func dictionary<Value>(_ measurements: [Measurement], _ value: (Measurement) -> Value) -> [String:
    Value]
  {
    Dictionary(measurements.map { ($0.benchmark.name, value($0)) }, uniquingKeysWith: { first, _ in first })
  }
}

private func rounded(_ value: Double, digits: Int) -> Double {
  let scale = pow(10, Double(digits))
  return (value * scale).rounded() / scale
}
