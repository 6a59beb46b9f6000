import Files
import Foundation
import Testing

extension Dictionary where Key == String, Value == Any {
  /// The JSON object in `data`.
  init(json data: Data) throws {
    self = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  init(json text: String) throws { try self.init(json: Data(text.utf8)) }

  func object(_ key: String) throws -> [String: Any] { try #require(self[key] as? [String: Any], "\(key)") }
  func objects(_ key: String) throws -> [[String: Any]] {
    try #require(self[key] as? [[String: Any]], "\(key)")
  }
  func number(_ key: String) throws -> Double {
    try #require((self[key] as? NSNumber)?.doubleValue, "\(key)")
  }
  func numbers(_ key: String) throws -> [Double] {
    try #require((self[key] as? [NSNumber])?.map(\.doubleValue), "\(key)")
  }
  func text(_ key: String) throws -> String { try #require(self[key] as? String, "\(key)") }
}

/// The JSON and CSV that others rely on (docs of the schemas: the names are the contract).
@Suite struct ResultShapeTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
    _ = try bench.dense()
  }

  private func json(_ arguments: String) throws -> [String: Any] {
    let outcome = try bench.eval(arguments + " --data data --format json")
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try Dictionary(json: outcome.output)
  }

  private static let attack = "accuracy-vs-epsilon --classifier dense.safetensors"

  // MARK: - accuracy-vs-epsilon

  @Test func accuracyVsEpsilonHasItsShape() throws {
    let result = try json(
      Self.attack
        + " --classifier dense.safetensors --region foreground --region everywhere --epsilons 0,0.1,1")
    #expect(Set(result.keys) == ["schema", "dataset", "curves"])
    #expect(try result.text("schema") == "assay/accuracy-vs-epsilon/1")
    let dataset = try result.object("dataset")
    #expect(Set(dataset.keys) == ["name", "split", "count", "sha256"])
    #expect(try dataset.text("name") == "fashion-mnist" && dataset.text("split") == "test")
    #expect(try dataset.number("count") == 20 && dataset.text("sha256").count == 64)

    let curves = try result.objects("curves")
    #expect(curves.count == 4)
    for curve in curves {
      #expect(
        Set(curve.keys) == [
          "classifier", "weights_sha256", "attack", "settings", "norm", "region", "pixel_range",
          "clean_accuracy", "points",
        ])
      #expect(
        try curve.text("classifier") == "dense" && curve.text("attack") == "fgsm"
          && curve.text("norm") == "linf")
      #expect(try curve.text("weights_sha256") == SHA256.hex(of: AtomicFile.read(bench.dense())))
      #expect(["foreground", "everywhere"].contains(try curve.text("region")))
      #expect(try curve.numbers("pixel_range") == [0, 1])
      let points = try curve.objects("points")
      #expect(try points.map { try $0.number("epsilon") } == [0, 0.1, 1])
      for point in points {
        #expect(Set(point.keys) == ["epsilon", "accuracy", "interval", "correct", "count"])
        let (accuracy, interval) = (try point.number("accuracy"), try point.numbers("interval"))
        #expect(try point.number("count") == 20)
        #expect(try (accuracy * 20 - point.number("correct")).magnitude < 1e-9)
        #expect(interval.count == 2 && interval[0] <= accuracy && accuracy <= interval[1])
        #expect(interval[0] >= 0 && interval[1] <= 1 && interval[0] < interval[1])
      }
      #expect(try curve.number("clean_accuracy") == points[0].number("accuracy"))
    }
  }

  @Test func theDefaultsAreTheSources() throws {
    let curves = try json(Self.attack).objects("curves")
    #expect(curves.count == 1)
    #expect(try curves[0].text("region") == "foreground" && curves[0].text("attack") == "fgsm")
    let epsilons = try curves[0].objects("points").map { try $0.number("epsilon") }
    #expect(
      epsilons == [0, 0.01, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
  }

  /// ε of [-1, 1] is twice that of [0, 1].
  @Test func thePixelRangeScalesEpsilon() throws {
    func correct(_ options: String) throws -> [Double] {
      try json(Self.attack + options).objects("curves")[0].objects("points").map { try $0.number("correct") }
    }
    let unit = try correct(" --epsilons 0,0.0625,0.125,0.5")
    #expect(try correct(" --pixel-range -1...1 --epsilons 0,0.125,0.25,1") == unit)
    #expect(try correct(" --pixel-range 0...255 --epsilons 0,15.9375,31.875,127.5") == unit)
  }

  @Test func theCleanAccuracyIsThereWithoutAZero() throws {
    let with = try json(Self.attack + " --epsilons 0,0.5").objects("curves")[0]
    let without = try json(Self.attack + " --epsilons 0.5").objects("curves")[0]
    #expect(try with.number("clean_accuracy") == without.number("clean_accuracy"))
    #expect(try without.objects("points").count == 1)
  }

  @Test func aLimitTakesTheFirstImages() throws {
    let result = try json(Self.attack + " --limit 7 --epsilons 0")
    #expect(try result.object("dataset").number("count") == 7)
    #expect(try result.objects("curves")[0].objects("points")[0].number("count") == 7)
    #expect(try json(Self.attack + " --limit 1000 --epsilons 0").object("dataset").number("count") == 20)
  }

  /// Several attacks of one norm are followed by what withstands all of them.
  @Test func severalAttacksHaveAWorstCase() throws {
    let curves = try json(Self.attack + " --attack noise --attack fgsm --attack deepfool --epsilons 0,0.1")
      .objects("curves")
    #expect(try curves.map { try $0.text("attack") } == ["noise", "fgsm", "deepfool", "worst case"])
    let correct = try curves.map { try $0.objects("points").map { try $0.number("correct") } }
    for index in 0..<2 { #expect(correct[3][index] <= (correct.prefix(3).map { $0[index] }.min() ?? 0)) }
    let transfer = try json(
      Self.attack + " --attack pgd --craft-on conv --epsilons 0.1 --limit 5"
    ).objects("curves")[0]
    #expect(try transfer.text("crafted_on") == "conv")
    let aimed = try json(Self.attack + " --attack pgd --target bag --epsilons 0.5").objects("curves")[0]
    #expect(try aimed.text("target") == "Bag")
    // Two of the twenty images are bags.
    #expect(try aimed.objects("points")[0].number("count") == 18)
    let proven = try json(Self.attack + " --attack pgd --certify ibp --epsilons 0.001,0.1 --craft-on conv")
      .objects("curves")
    #expect(try proven.map { try $0.text("attack") } == ["pgd", "certified by ibp"])
    // A proof has no surrogate.
    #expect(proven[1]["crafted_on"] == nil)
    let bounds = try proven[1].objects("points").map { try $0.number("correct") }
    #expect(bounds[0] > bounds[1])
  }

  @Test func csvHoldsTheSameNumbers() throws {
    let outcome = try bench.eval(Self.attack + " --data data --epsilons 0,0.1 --format csv")
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    let header = [
      "classifier", "weights_sha256", "attack", "norm", "region", "pixel_low", "pixel_high", "epsilon",
      "accuracy",
      "interval_low", "interval_high", "correct", "count", "crafted_on", "target",
      "foreground_threshold", "mask_sha256",
    ]
    #expect(lines.first == header)
    // Nothing was crafted elsewhere or aimed, and the region is the usual one: empty fields at the end.
    let widths = lines.map(\.count)
    #expect(widths == [17, 13, 13])
  }

  // MARK: - confusion-matrix

  private static let labels = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]

  @Test func confusionMatrixHasItsShape() throws {
    let result = try json("confusion-matrix --classifier dense.safetensors")
    #expect(
      Set(result.keys) == [
        "schema", "classifier", "weights_sha256", "labels", "matrix", "accuracy", "interval", "per_class",
      ])
    #expect(try result.text("schema") == "assay/confusion-matrix/1" && result.text("classifier") == "dense")
    #expect(result["labels"] as? [String] == Self.labels)
    let matrix = try #require(result["matrix"] as? [[Int]])
    #expect(matrix.map(\.count) == [Int](repeating: 10, count: 10))
    // The rows are the true labels: two test images of each.
    #expect(matrix.map { $0.reduce(0, +) } == [Int](repeating: 2, count: 10))
    let correct = matrix.indices.map { matrix[$0][$0] }.reduce(0, +)
    let (accuracy, interval) = (try result.number("accuracy"), try result.numbers("interval"))
    #expect((accuracy - Double(correct) / 20).magnitude < 1e-9)
    #expect(interval.count == 2 && interval[0] <= accuracy && accuracy <= interval[1])
    let classes = try result.objects("per_class")
    #expect(try classes.map { try $0.text("label") } == Self.labels)
    for (index, row) in classes.enumerated() {
      #expect(Set(row.keys) == ["label", "precision", "recall", "f1", "support"])
      #expect(try row.number("support") == 2)
      #expect(try row.number("recall") == Double(matrix[index][index]) / 2)
    }
  }

  @Test func theMatrixAgreesWithTheCurve() throws {
    for epsilon in ["0", "0.1"] {
      let matrix = try json("confusion-matrix --classifier dense.safetensors --epsilon \(epsilon)")
      let point = try json(Self.attack + " --epsilons \(epsilon)").objects("curves")[0].objects("points")[0]
      #expect(try matrix.number("accuracy") == point.number("accuracy"))
      #expect((matrix["noise"] != nil) == (epsilon != "0"), "an attacked matrix says so")
    }
  }

  @Test func mergedLabelsAreOne() throws {
    let single = try json("confusion-matrix --classifier dense.safetensors")
    let outcome = try bench.eval(
      ["confusion-matrix", "--classifier", "dense.safetensors", "--data", "data", "--format", "json"]
        + ["--merge", "Shirt+T-shirt/top", "--merge", "Sandal+ankle boot+Sneaker"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let merged = try Dictionary(json: outcome.output)
    let labels = try #require(merged["labels"] as? [String])
    #expect(labels.count == 7)
    let matrix = try #require(merged["matrix"] as? [[Int]])
    #expect(matrix.count == 7)
    #expect(matrix.flatMap(\.self).reduce(0, +) == 20)
    #expect(try merged.number("accuracy") >= single.number("accuracy"))
    #expect(try merged.objects("per_class").map { try $0.number("support") }.max() == 6)
  }

  // MARK: - dataset and doctor

  @Test func datasetHasItsShape() throws {
    let result = try json("dataset --split train")
    #expect(
      Set(result.keys) == ["schema", "name", "split", "count", "shape", "sha256", "sha256_ok", "per_label"])
    #expect(try result.text("schema") == "assay/dataset/1")
    #expect(try result.number("count") == 40 && result.numbers("shape") == [40, 28, 28, 1])
    #expect(result["sha256_ok"] as? Bool == false)
    #expect(
      try result.objects("per_label").map { try $0.number("count") } == [Double](repeating: 4, count: 10))
  }

  /// Reference weights may be missing in a build: then the doctor says so, and exits with 66.
  @Test(arguments: ["data", "nowhere"])
  func doctorHasItsShape(folder: String) throws {
    let outcome = try bench.eval("doctor --data \(folder) --format json")
    let result = try Dictionary(json: outcome.output)
    #expect(
      Set(result.keys).isSuperset(of: ["schema", "cpu", "blas", "dataset", "judges", "ok", "output_writable"])
    )
    #expect(try result.text("schema") == "assay/doctor/1")
    let isWell = try #require(result["ok"] as? Bool)
    #expect(outcome.status == (isWell ? 0 : 66))
    let cpu = try result.object("cpu")
    #expect(Set(cpu.keys) == ["model", "cores", "features", "code"])
    #expect(try cpu.number("cores") >= 1 && !cpu.text("model").isEmpty && cpu["features"] is [String])
    let blas = try result.object("blas")
    #expect(Set(blas.keys) == ["library", "version", "kernel", "threads", "sgemm_gflops"])
    #expect(try blas.number("sgemm_gflops") > 0)
    let dataset = try result.object("dataset")
    #expect(Set(dataset.keys).isSubset(of: ["found", "path", "sha256_ok"]))
    #expect(dataset["found"] as? Bool == (folder == "data"))
    #expect(dataset["sha256_ok"] as? Bool == false)
    if folder == "data" { #expect(try dataset.text("path") == "data") } else { #expect(!isWell) }
    #expect(try result.objects("judges").map { try $0.text("name") }.sorted() == ["conv", "dense", "resnet"])
    #expect(result["output_writable"] as? Bool == true)
    #expect(bench.partialFiles.isEmpty)
  }
}
