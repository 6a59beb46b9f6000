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
    #expect(Set(accuracy.keys) == ["resnet", "conv", "dense"])
    #expect((accuracy["conv"]?["interval"] as? [Double])?.count == 2)
    let histogram = try #require(result["class_histogram"] as? [Int])
    #expect(histogram.count == 10 && histogram.reduce(0, +) == 20)
    let judges = try #require(result["judges"] as? [String: [String: Any]])
    for name in ["resnet", "conv", "dense"] {
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
    #expect(result["verdicts"] is [[String: String]])
    let withheld = try #require(result["withheld"] as? [[String: String]])
    #expect(withheld.contains { $0["name"] == "too few samples" })
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
    for chart in ["resnet", "conv", "dense", "labels"] {
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
    func names(_ result: [String: Any], _ key: String) -> [String] {
      (result[key] as? [[String: String]])?.compactMap { $0["name"] } ?? []
    }
    // Eight images are too few to be diverse.
    #expect(Set(names(result, "withheld")).isSuperset(of: ["unbalanced", "low diversity"]))
    #expect(Set(names(result, "verdicts")).isDisjoint(with: names(result, "withheld")))
    try write(bench, "many.npy", [Float](repeating: 0, count: 300 * 784), [300, 28, 28])
    let many = try bench.eval("score many.npy --data data --format json")
    let whole = try #require((try json(many.output)["results"] as? [[String: Any]])?.first)
    #expect(Set(names(whole, "verdicts")).isSuperset(of: ["unlike the real", "wrong contrast"]))
    // Twenty real images do not show how often labels are drawn, or how often real ones are alike.
    #expect(
      Set(names(whole, "withheld")).isSuperset(
        of: ["collapsed", "unbalanced", "repeats itself", "low diversity"]))
    let table = try bench.eval("score black.npy --data data").output
    #expect(
      table.contains("withheld: too few images for low diversity (8 images; 600 are needed)"), "\(table)")
  }

  @Test func realImagesAreToldByName() throws {
    let bench = try bench()
    func notes(_ source: String) throws -> [String] {
      let outcome = try bench.eval("score \(source) --data data --limit 10 --format json")
      let result = try #require((try json(outcome.output)["results"] as? [[String: Any]])?.first)
      return try #require(result["notes"] as? [String])
    }
    func save(_ name: String, _ bytes: [UInt8]) throws {
      try AtomicFile.write(NPY.data(bytes, shape: [bytes.count / 784, 28, 28]), to: bench.path(name))
    }
    let test = Array(TinySet.content(of: .testImages).dropFirst(16))
    let training = Array(TinySet.content(of: .trainImages).dropFirst(16))
    try save("test.npy", test)
    // The tiny set's last 20 training images are its test images.
    #expect(
      try notes("test.npy") == [
        "these are the test images: 20 of 20 equal", "these are the training images: 20 of 20 equal",
      ])
    try save("training.npy", Array(training.prefix(20 * 784)))
    #expect(try notes("training.npy") == ["these are the training images: 20 of 20 equal"])
    let changed = test.map { $0 == 0 ? 1 : $0 }
    try save("some.npy", Array(test.prefix(5 * 784)) + changed.prefix(15 * 784))
    #expect(
      try notes("some.npy") == [
        "5 of 20 images are test images, pixel for pixel",
        "5 of 20 images are training images, pixel for pixel",
      ])
    try save("none.npy", changed)
    #expect(try notes("none.npy").isEmpty)
  }

  @Test func roundingIsNoContrast() throws {
    let bench = try bench()
    let exact = images(20).map { ($0 * 255).rounded() / 255 }
    try write(bench, "exact.npy", exact, [20, 28, 28])
    try write(bench, "around.npy", exact.map { $0 == 0 ? -1e-7 : $0 + 2e-7 }, [20, 28, 28])
    func judges(_ name: String, _ options: String = "") throws -> String {
      let outcome = try bench.eval("score \(name) --data data --format json\(options)")
      return outcome.output.replacingOccurrences(of: name, with: "x")
    }
    #expect(try judges("exact.npy") == judges("around.npy"))
    try write(bench, "wide.npy", exact.map { $0 * 255 }, [20, 28, 28])
    let table = try bench.eval("score wide.npy --data data").output
    #expect(table.contains("--pixel-range 0...255") && table.contains("wrong contrast"), "\(table)")
    #expect(try judges("wide.npy", " --pixel-range 0...255") == judges("exact.npy"))
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
    ("score images.npy --grid 8", "--grid"), ("score images.npy --grid 0x8", "--grid"),
    ("score images.npy --grid -1x8", "--grid"), ("score --features a.npy b.npy --crop", "--crop"),
    ("score --features a.npy b.npy --grid 8x8", "--grid"),
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
    expectFailure(
      bench, try bench.eval("leaderboard board --judge none"), status: 65, naming: ["board"])
  }
}
