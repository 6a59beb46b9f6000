import Files
import Foundation
import Testing

/// `eval score --features`: arrays, archives, moments, and features of any size.
@Suite struct FeatureScoreTests {
  /// ‖Δμ‖² + Tr(Σ₁ + Σ₂ - 2(Σ₁Σ₂)^½) of the two arrays below by numpy and scipy.
  private static let distance = 39.68852173430863
  /// By the jackknife: the same 20 times, each time without one row of the second array.
  private static let error = 14.754111322060595

  private let bench: Workbench

  init() throws {
    bench = try Workbench()
    try write("a.npy", Self.first)
    try write("b.npy", Self.second)
  }

  private static let first = (0..<60).map { Double($0 * $0 % 11) }
  private static let second = (0..<60).map { Double($0 * $0 % 13) + 1 }

  /// `[20, 3]` unless said otherwise, in double precision.
  private static func array(_ values: [Double], _ shape: [Int]? = nil) -> Data {
    let header = NPY.data([Int](repeating: 0, count: values.count), shape: shape ?? [values.count / 3, 3])
    let text = String(decoding: header.dropFirst(10).prefix(118), as: UTF8.self)
    let double = text.replacingOccurrences(of: "<i8", with: "<f8")
    return header.prefix(10) + Data(double.utf8) + values.withUnsafeBytes { Data($0) }
  }

  private func write(_ name: String, _ values: [Double], _ shape: [Int]? = nil) throws {
    try AtomicFile.write(Self.array(values, shape), to: bench.path(name))
  }

  private func result(_ real: String, _ generated: String) throws -> [String: Any] {
    let outcome = try bench.eval("score --features \(real) \(generated) --format json")
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  private func value(_ result: [String: Any], _ name: String) throws -> Double {
    try #require((result[name] as? [String: Any])?["value"] as? Double)
  }

  private func isClose(_ a: Double, _ b: Double) -> Bool { (a / b - 1).magnitude < 1e-9 }

  @Test func featuresNeedNoImages() throws {
    let result = try result("a.npy", "b.npy")
    #expect(result["schema"] as? String == "assay/feature-score/1")
    #expect((try value(result, "frechet_distance") - Self.distance).magnitude < 1e-9)
    let error = (result["frechet_distance"] as? [String: Any])?["standard_error"] as? Double
    #expect((try #require(error) / Self.error - 1).magnitude < 1e-5)
    #expect(result["left_out"] as? [String] == [])
    try AtomicFile.write("{", to: bench.path("x.json"))
    let outcome = try bench.eval("score --features a.npy b.npy")
    #expect(outcome.errors.contains("features  100 %"), "\(outcome.errors)")
  }

  /// Distances grow with the square of the features, all else stays.
  @Test(arguments: [120, -120, -500, -1000, 30]) func sizeIsNoMatter(exponent: Int) throws {
    let ordinary = try result("a.npy", "b.npy")
    try write("c.npy", Self.first.map { scalbn($0, exponent) })
    try write("d.npy", Self.second.map { scalbn($0, exponent) })
    let scaled = try result("c.npy", "d.npy")
    for name in ["precision", "recall", "density", "coverage", "vendi", "real_vendi"] {
      let (own, expected) = (scaled[name] as? Double, ordinary[name] as? Double)
      #expect(own != nil && own == expected, "\(name)")
    }
    let (own, expected) = (try value(scaled, "frechet_distance"), scalbn(Self.distance, 2 * exponent))
    #expect(expected < 1e-300 ? (own - expected).magnitude < 1e-300 : isClose(own, expected), "\(own)")
    // (x·y/d + 1)³ is about (x·y/d)³ where that is large.
    if exponent == 120 {
      try write("e.npy", Self.first.map { scalbn($0, 60) })
      try write("f.npy", Self.second.map { scalbn($0, 60) })
      let half = try value(try result("e.npy", "f.npy"), "kernel_distance")
      #expect(isClose(try value(scaled, "kernel_distance"), scalbn(half, 360)))
    }
  }

  /// Numbers beyond all numbers: one sentence with the array, in every format, never `nan`.
  @Test(arguments: [1e60, 1e155, 1e200, 1e307], ["table", "csv", "json"])
  func distancesBeyondAllNumbersAreNamed(size: Double, format: String) throws {
    try write("large.npy", Self.second.map { $0 * size / 10 })
    for arguments in ["a.npy large.npy", "large.npy a.npy", "large.npy large.npy"] {
      let outcome = try bench.eval("score --features \(arguments) --format \(format)")
      expectFailure(bench, outcome, status: 65, naming: ["large.npy", "within the range of numbers"])
    }
  }

  // MARK: - Archives

  private func moments(_ values: [Double]) -> (mean: [Double], covariance: [Double]) {
    let count = values.count / 3
    var (mean, covariance) = ([0.0, 0, 0], [Double](repeating: 0, count: 9))
    for row in 0..<count {
      for column in 0..<3 { mean[column] += values[row * 3 + column] / Double(count) }
    }
    for row in 0..<count {
      let centered = (0..<3).map { column -> Double in values[row * 3 + column] - mean[column] }
      for place in 0..<9 {
        let product = centered[place / 3] * centered[place % 3]
        covariance[place] += product / Double(count - 1)
      }
    }
    return (mean, covariance)
  }

  @Test func anArchiveOfOneArrayIsThatArray() throws {
    try NPZ.write(["anything": Self.array(Self.first)], to: bench.path("a.npz"))
    #expect(
      try value(try result("a.npz", "b.npy"), "frechet_distance")
        == value(try result("a.npy", "b.npy"), "frechet_distance"))
    try NPZ.write(["x": Self.array(Self.first), "y": Self.array(Self.first)], to: bench.path("two.npz"))
    expectFailure(
      bench, try bench.eval("score --features two.npz b.npy"), status: 65,
      naming: ["two.npz", "one array of features, or the arrays mu and sigma", "x, y"])
  }

  @Test func momentsHaveAFrechetDistanceAndNoOtherFigure() throws {
    for (name, values) in [("a", Self.first), ("b", Self.second)] {
      let (mean, covariance) = moments(values)
      try NPZ.write(
        [
          "mu": Self.array(mean, [3]), "sigma": Self.array(covariance, [3, 3]),
          "n": NPY.data([20], shape: [1]),
        ], to: bench.path("\(name).npz"))
    }
    let both = try result("a.npz", "b.npz")
    #expect(isClose(try value(both, "frechet_distance"), Self.distance))
    #expect((both["frechet_distance"] as? [String: Any])?["standard_error"] is NSNull)
    #expect(both["kernel_distance"] is NSNull && both["precision"] is NSNull && both["vendi"] is NSNull)
    #expect(both["real_count"] as? Int == 20)
    #expect((both["left_out"] as? [String])?.contains("kernel_distance") == true)
    let mixed = try result("a.npz", "b.npy")
    #expect(isClose(try value(mixed, "frechet_distance"), Self.distance))
    let ordinary = try result("a.npy", "b.npy")
    func error(_ result: [String: Any]) -> Double? {
      (result["frechet_distance"] as? [String: Any])?["standard_error"] as? Double
    }
    #expect(isClose(try #require(error(mixed)), try #require(error(ordinary))))
    let table = try bench.eval("score --features a.npz b.npz")
    #expect(
      table.output.contains("left out: frechet_distance.standard_error, kernel_distance"), "\(table.output)")
    #expect(try bench.eval("score --features a.npz b.npz --format csv").output.contains("\nprecision,\n"))
  }

  static let badMoments: [(words: String, mean: [Double], covariance: [Double], shape: [Int])] = [
    ("as mu has 3 numbers", [0, 0, 0], [1, 0, 0, 1], [2, 2]),
    ("symmetric", [0, 0], [1, 2, -2, 1], [2, 2]), ("the variance -1.0", [0, 0], [1, 0, 0, -1], [2, 2]),
    ("negative eigenvalues", [0, 0], [1, 2, 2, 1], [2, 2]),
    ("negative eigenvalues", [0, 0], [0, 1, 1, 0], [2, 2]), ("finite", [0, 0], [.nan, 0, 0, 1], [2, 2]),
    ("finite", [.infinity, 0], [1, 0, 0, 1], [2, 2]),
  ]

  @Test(arguments: badMoments.indices) func momentsThatAreNoneAreRefused(index: Int) throws {
    let bad = Self.badMoments[index]
    try NPZ.write(
      ["mu": Self.array(bad.mean, [bad.mean.count]), "sigma": Self.array(bad.covariance, bad.shape)],
      to: bench.path("bad.npz"))
    let outcome = try bench.eval("score --features bad.npz bad.npz")
    expectFailure(bench, outcome, status: 65, naming: ["bad.npz", bad.words])
  }
}
