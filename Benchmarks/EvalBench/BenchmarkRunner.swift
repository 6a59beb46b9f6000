// Warms cases up, runs them and keeps the fastest time.
//
// The minimum, because what disturbs a run (other programs, interrupts) only ever makes it slower. It says
// nothing of how much times vary.

/// How long a case took.
struct Measurement {
  let benchmark: BenchmarkCase
  /// The fastest run.
  let seconds: Double
  let runs: Int

  /// Floating-point operations a second.
  var rate: Double { benchmark.operations / seconds }
}

/// Measures cases, and around each of them the case that all rates are held against, so that it has met the
/// same neighbours on the machine.
struct BenchmarkRunner {
  /// Every case is run at least this often, and on until ``leastTime`` was measured.
  private let leastRuns: Int
  private let leastTime = Duration.seconds(0.5)
  private let reference: BenchmarkCase
  private let referenceWork: BenchmarkCase.Work
  /// The highest rate of the reference so far, in operations a second.
  private(set) var referenceRate = 0.0

  init(leastRuns: Int, reference: BenchmarkCase, on images: BenchmarkImages) throws {
    self.leastRuns = leastRuns
    self.reference = reference
    referenceWork = try reference.prepare(images)
  }

  mutating func measure(_ benchmark: BenchmarkCase, on images: BenchmarkImages) throws -> Measurement {
    let work = try benchmark.prepare(images)
    try measureReference()
    let measurement = try fastest(of: benchmark, work, runs: leastRuns, time: leastTime)
    try measureReference()
    if benchmark.name == reference.name { referenceRate = max(referenceRate, measurement.rate) }
    return measurement
  }

  private mutating func measureReference() throws {
    let measurement = try fastest(of: reference, referenceWork, runs: 1, time: leastTime / 2)
    referenceRate = max(referenceRate, measurement.rate)
  }

  private func fastest(
    of benchmark: BenchmarkCase, _ work: BenchmarkCase.Work, runs: Int, time: Duration
  ) throws -> Measurement {
    try work.warmUp()
    let clock = ContinuousClock()
    var times: [Duration] = []
    while times.count < runs || times.reduce(.zero, +) < time { times.append(try clock.measure(work.run)) }
    return Measurement(
      benchmark: benchmark, seconds: (times.min() ?? .zero) / .seconds(1), runs: times.count)
  }
}
