import Datasets
import Files
import Foundation
import Testing

/// Images judged from the command line, on the tiny data set; and what is refused.
@Suite(.serialized) struct ScoreTests {
  /// The tiny set's test images, a little changed, with their labels.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try write(bench, "images.npy", images(20), [20, 28, 28])
    try AtomicFile.write(NPY.data((0..<20).map { $0 % 10 }, shape: [20]), to: bench.path("labels.npy"))
    return bench
  }

  private func images(_ count: Int) -> [Float] {
    let bytes = TinySet.content(of: .testImages).dropFirst(16).prefix(count * 784)
    return bytes.map { Float($0) / 255 * 0.9 }
  }

  private func write(_ bench: Workbench, _ name: String, _ values: [Float], _ shape: [Int]) throws {
    try AtomicFile.write(NPY.data(values, shape: shape), to: bench.path(name))
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private static let scoring = "score images.npy --labels labels.npy --data data --format json"

  @Test func aScoreHasTheShapeThatOthersRelyOn() throws {
    let bench = try bench()
    let outcome = try bench.eval(Self.scoring + " --output out --cas")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let file = try json(outcome.output)
    #expect(file["schema"] as? String == "assay/score/1")
    let judge = try #require(file["judge"] as? [String: Any])
    #expect(Set(judge.keys) == ["version", "sha256"])
    let reference = try #require(file["reference"] as? [String: Any])
    #expect(reference["split"] as? String == "test" && reference["count"] as? Int == 20)
    let result = try #require((file["results"] as? [[String: Any]])?.first)
    #expect(result["source"] as? String == "images.npy" && result["count"] as? Int == 20)
    let accuracy = try #require(result["label_accuracy"] as? [String: [String: Any]])
    #expect(Set(accuracy.keys) == ["conv", "dense"])
    #expect((accuracy["conv"]?["interval"] as? [Double])?.count == 2)
    let histogram = try #require(result["class_histogram"] as? [Int])
    #expect(histogram.count == 10 && histogram.reduce(0, +) == 20)
    let judges = try #require(result["judges"] as? [String: [String: Any]])
    for name in ["conv", "dense"] {
      let own = try #require(judges[name])
      let frechet = try #require(own["frechet_distance"] as? [String: Double])
      #expect(Set(frechet.keys) == ["value", "standard_error", "floor", "ceiling"])
      #expect(frechet.values.allSatisfy { $0.isFinite })
      for key in ["precision", "recall", "density", "coverage", "vendi", "inception_score"] {
        #expect(own[key] is Double, "\(key)")
      }
    }
    #expect(result["memorization"] is [String: Any])
    #expect(result["classification_accuracy_score"] is [String: Any])
    let verdicts = try #require(result["verdicts"] as? [[String: String]])
    #expect(verdicts.contains { $0["name"] == "too few samples" })
    for name in ["score.json", "score.csv", "card-1.png", "labels-1.png", "distances-1.png", "manifest.json"]
    {
      #expect(bench.files(below: "out").contains(name), "\(name)")
    }
  }

  @Test func threadsAndACacheChangeNoByte() throws {
    let bench = try bench()
    let first = try bench.eval(Self.scoring + " --threads 1")
    let again = try bench.eval(Self.scoring + " --threads 2")
    let fresh = try bench.eval(Self.scoring + " --threads 2 --cache other")
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output == again.output && first.output == fresh.output)
  }

  @Test func aGeneratorIsDrawnFromAndItsCheckpointsAreTakenInOrder() throws {
    let bench = try bench()
    let training = try bench.eval(
      "train generator cgan-x --data data --epochs 3 --batch 8 --checkpoints --output run")
    try #require(training.status == 0, "\(training.errors)")
    let outcome = try bench.eval(
      "score run/generator.safetensors run --count 30 --data data --format json --output out")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let results = try #require(try json(outcome.output)["results"] as? [[String: Any]])
    #expect(results.count == 4)
    #expect(results.allSatisfy { $0["count"] as? Int == 30 && $0["seed"] as? Int == 1 })
    #expect(
      results.dropFirst().compactMap { ($0["source"] as? String)?.hasSuffix("-5.safetensors") } == [
        true, false, false,
      ])
    // cgan-x is asked for labels, so there are three charts of the three checkpoints.
    for chart in ["conv", "dense", "labels"] {
      #expect(bench.files(below: "out").contains("checkpoints-1-\(chart).svg"), "\(chart)")
    }
    let refused = try bench.eval("score run/generator.safetensors --labels labels.npy --data data")
    expectFailure(bench, refused, status: 64, naming: ["--labels"])
  }

  @Test func constantImagesHaveFiniteFigures() throws {
    let bench = try bench()
    try write(bench, "black.npy", [Float](repeating: 0, count: 8 * 784), [8, 28, 28])
    let outcome = try bench.eval("score black.npy --data data --format json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(!outcome.output.lowercased().contains("nan") && !outcome.output.contains("inf"))
    let result = try #require((try json(outcome.output)["results"] as? [[String: Any]])?.first)
    #expect(result["label_accuracy"] is NSNull)
    let names = (result["verdicts"] as? [[String: String]])?.compactMap { $0["name"] } ?? []
    #expect(names.contains("collapsed") && names.contains("low diversity"))
  }

  struct BadInput: Sendable, CustomStringConvertible {
    let description: String
    let arguments: String
    let status: Int32
    let naming: [String]
  }

  static let badInputs = [
    BadInput(description: "a missing file", arguments: "score none.npy", status: 66, naming: ["none.npy"]),
    BadInput(
      description: "five images", arguments: "score five.npy --data data", status: 65,
      naming: ["five.npy", "6 images", "5"]),
    BadInput(
      description: "not a number", arguments: "score nan.npy --data data", status: 65, naming: ["nan.npy"]),
    BadInput(
      description: "too few labels", arguments: "score five.npy --labels labels.npy --data data", status: 65,
      naming: ["labels.npy"]),
    BadInput(
      description: "features of two sizes", arguments: "score --features a.npy b.npy", status: 65,
      naming: ["b.npy", "3 numbers"]),
    BadInput(
      description: "images as features", arguments: "score --features images.npy a.npy", status: 65,
      naming: ["images.npy", "[N, d]"]),
    BadInput(
      description: "another file", arguments: "score labels.txt --data data", status: 65,
      naming: ["labels.txt"]),
    BadInput(
      description: "a board that is not there", arguments: "leaderboard none", status: 66, naming: ["none"]),
    BadInput(
      description: "an empty board", arguments: "leaderboard data", status: 65, naming: ["data", "scores"]),
  ]

  @Test(arguments: [
    ("score", "expected a generator"), ("score --features images.npy", "--features"),
    ("score five.npy --features a.npy b.npy", "--features"), ("score five.npy --count 0", "--count"),
    ("score a.npy b.npy --labels labels.npy", "--labels"),
    ("score images.npy --pixel-range -1e308...1e308", "--pixel-range"),
  ]) func wrongUsageIsExplained(_ arguments: String, _ naming: String) throws {
    let outcome = try bench().eval(arguments)
    #expect(outcome.status == 64 && outcome.errors.contains(naming), "\(outcome.errors)")
  }

  @Test(arguments: badInputs) func badInputIsOneSentence(_ item: BadInput) throws {
    let bench = try bench()
    try write(bench, "five.npy", images(5), [5, 28, 28])
    try write(bench, "nan.npy", images(9) + [Float](repeating: .nan, count: 784), [10, 28, 28])
    try write(bench, "a.npy", (0..<30).map { Float($0 * $0 % 7) }, [10, 3])
    try write(bench, "b.npy", (0..<40).map { Float($0 * $0 % 7) }, [10, 4])
    try AtomicFile.write("text", to: bench.path("labels.txt"))
    expectFailure(bench, try bench.eval(item.arguments), status: item.status, naming: item.naming)
  }

  @Test(arguments: ["statistics", "neighbors"])
  func whatIsKnownOfOtherImagesIsRefused(_ kind: String) throws {
    let bench = try bench()
    _ = try bench.eval(Self.scoring + " --cache kept")
    _ = try bench.eval("score images.npy --data data --limit 15 --cache other")
    func file(_ folder: String) throws -> String {
      let names = try bench.files(below: folder).filter { name in
        String(decoding: try AtomicFile.read(bench.path("\(folder)/\(name)")), as: UTF8.self)
          .contains("\"kind\":\"\(kind)\"")
      }
      return bench.path("\(folder)/\(try #require(names.first))")
    }
    try AtomicFile.write(try AtomicFile.read(try file("other")), to: try file("kept"))
    expectFailure(
      bench, try bench.eval(Self.scoring + " --cache kept"), status: 65,
      naming: ["kept/", "test 20", "test 15", "remove"])
  }

  @Test func featuresNeedNoImages() throws {
    let bench = try bench()
    try write(bench, "a.npy", (0..<60).map { Float($0 * $0 % 11) }, [20, 3])
    try write(bench, "b.npy", (0..<60).map { Float($0 * $0 % 13) + 1 }, [20, 3])
    let outcome = try bench.eval("score --features a.npy b.npy --format json")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let result = try json(outcome.output)
    #expect(result["schema"] as? String == "assay/feature-score/1")
    let distance = try #require((result["frechet_distance"] as? [String: Double])?["value"])
    // ‖Δμ‖² + Tr(Σ₁ + Σ₂ - 2(Σ₁Σ₂)^½) by numpy and scipy.
    #expect((distance - 39.68852173430863).magnitude < 1e-9, "\(distance)")
  }

  @Test func aLeaderboardRanksWhatComparesAndRefusesWhatDoesNot() throws {
    let bench = try bench()
    try write(bench, "dark.npy", images(20).map { $0 / 3 }, [20, 28, 28])
    _ = try bench.eval("score images.npy dark.npy --data data --leaderboard board")
    // The same again replaces, and does not add.
    _ = try bench.eval("score images.npy --data data --leaderboard board")
    #expect(bench.files(below: "board").count == 2)
    let outcome = try bench.eval("leaderboard board --format json")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let entries = try #require(try json(outcome.output)["entries"] as? [[String: Any]])
    #expect(entries.map { $0["source"] as? String } == ["images", "dark"])
    for format in ["table", "markdown", "csv", "html"] {
      let text = try bench.eval("leaderboard board --format \(format)")
      #expect(text.status == 0 && text.output.contains("dark"), "\(format)")
    }
    let file = try bench.eval("leaderboard board --format markdown --output board.md")
    #expect(file.status == 0 && bench.files(below: ".").contains("board.md"))
    // A score by other judges.
    let path = bench.path("board/\(try #require(bench.files(below: "board").first))")
    let own = try AtomicFile.read(path)
    let other = String(decoding: own, as: UTF8.self).replacingOccurrences(
      of: "assay-judges-", with: "others-")
    try AtomicFile.write(other, to: path)
    expectFailure(bench, try bench.eval("leaderboard board"), status: 65, naming: ["board/", "others-"])
    try AtomicFile.write(own, to: path)
    try write(bench, "few.npy", images(10), [10, 28, 28])
    _ = try bench.eval("score few.npy --data data --leaderboard board")
    expectFailure(bench, try bench.eval("leaderboard board"), status: 65, naming: ["board/", "images"])
    expectFailure(
      bench, try bench.eval("leaderboard board --judge none"), status: 65, naming: ["board"])
  }
}
