import Autograd
import Classifier
import Datasets
import Eval
import Experiments
import Files
import Foundation
import Kernels
import Network
import TestSupport
import Testing

/// Score files with distances of one's own: a real score, changed, written and read again.
struct ScoreFileBench {
  /// What an entry shall say: by the judges' names the Fréchet distance and its standard error.
  struct Entry {
    var source: String
    var distances: [String: (value: Double, error: Double)]
    var sha256: String
    var count: Int
    var accuracy: Double?

    init(
      _ source: String, _ distances: [String: (value: Double, error: Double)], sha256: String? = nil,
      count: Int = 20, accuracy: Double? = nil
    ) {
      (self.source, self.distances, self.count, self.accuracy) = (source, distances, count, accuracy)
      self.sha256 = sha256 ?? source
    }
  }

  /// A score file of one result by one judge.
  private let template: [String: Any]
  private let result: [String: Any]
  private let judge: Any

  init() throws {
    template = try #require(
      try JSONSerialization.jsonObject(with: Self.made.get()) as? [String: Any])
    result = try #require((template["results"] as? [[String: Any]])?.first)
    judge = try #require((result["judges"] as? [String: Any])?["rows"])
  }

  private static let made = Result {
    func images(_ seed: UInt64, _ split: Split) -> LabeledImages {
      let key = Key(seed: seed)
      return LabeledImages(
        name: "noise", split: split, height: 12, width: 12,
        pixels: (0..<20 * 144).map { UInt8(truncatingIfNeeded: key.word($0)) },
        labels: (0..<20).map { UInt8($0 % 2) }, labelNames: ["above", "below"])
    }
    let scorer = try Scorer(
      judges: [Judge(RowJudge(), sha256: "")], heldOut: images(1, .test), training: images(2, .train),
      version: "test-1")
    let fresh = images(3, .test)
    let range = PixelValues(expected: 0...255, found: 0...255, clampedCount: 0, count: fresh.pixels.count)
    let result = try scorer.score(
      SampleImages(source: "noise", height: 12, width: 12, pixels: fresh.pixels, range: range))
    return Data(try JSON.text(scorer.file([result])).utf8)
  }

  private func changed(_ entry: Entry) throws -> [String: Any] {
    let histogram = [entry.count / 2, entry.count - entry.count / 2]
    var changed = result
    changed["judges"] = try entry.distances.mapValues { distance -> [String: Any] in
      var judge = try #require(judge as? [String: Any])
      for (name, scale) in [("frechet_distance", 1.0), ("kernel_distance", 0.1)] {
        judge[name] = [
          "value": distance.value * scale, "standard_error": distance.error * scale, "floor": 0.1,
          "ceiling": 9,
        ]
      }
      judge["precision"] = 0.5
      judge["class_histogram"] = histogram
      return judge
    }
    if let value = entry.accuracy {
      changed["label_accuracy"] = entry.distances.mapValues { _ -> [String: Any] in
        [
          "value": value, "interval": [max(0, value - 0.1), min(1, value + 0.1)], "real": 0.95,
          "correct": Int(value * Double(entry.count)),
        ]
      }
    }
    let own: [String: Any] = [
      "source": entry.source, "sha256": entry.sha256, "count": entry.count, "seed": 1,
      "class_histogram": histogram, "memorization": NSNull(),
    ]
    return changed.merging(own) { $1 }
  }

  /// The entries as one file, read as the leaderboard does.
  ///
  /// - Parameters:
  ///   - weights: of the judges, where they are not those of all files.
  ///   - trainings: what the file says that the entries are together.
  func file(
    _ entries: [Entry], name: String = "a.json", weights: [String: String] = [:], version: String = "test-1",
    trainings: Any? = nil
  ) throws -> (path: String, file: ScoreFile) {
    var file = template
    let judges = Set(entries.flatMap(\.distances.keys))
    let hashes = judges.map { ($0, weights[$0] ?? "weights of \($0)") }
    file["judge"] = ["version": version, "sha256": Dictionary(uniqueKeysWithValues: hashes)]
    file["results"] = try entries.map(changed)
    file["trainings"] = trainings
    return try withTemporaryFolder { folder in
      try AtomicFile.write(
        try JSONSerialization.data(withJSONObject: file), to: "\(folder)/\(name)")
      return (path: name, file: try #require(try LeaderboardFolder.read("\(folder)/\(name)")))
    }
  }

  /// What `eval score --seeds` says of trainings with these seeds; its figures are nonsense.
  static func trainings(
    _ seeds: [Int], recipe: String = "gan", length: String = "5 epochs"
  ) -> [String: Any] {
    let nonsense: [String: Any] = [
      "count": 2, "mean": -7, "standard_deviation": -7, "standard_error": -7, "interval": [9, 8],
    ]
    return [
      "recipe": ["recipe": recipe, "length": length, "batch_size": 64, "dataset": "d 60000"],
      "seeds": seeds, "judges": ["conv": ["frechet_distance": nonsense]],
    ]
  }
}

/// Means of rows are its features, those of the halves its logits.
private struct RowJudge: FeatureClassifier {
  let name = "rows"
  let labelNames = ["above", "below"]
  let imageShape = [12, 12, 1]

  func logits(_ images: Tensor) -> Tensor { featuresAndLogits(images).logits }

  func featuresAndLogits(_ images: Tensor) -> (features: Tensor, logits: Tensor) {
    let (count, pixels) = (images.shape[0], images.elements)
    let rows = (0..<count * 12).map { row in pixels[row * 12..<(row + 1) * 12].reduce(0, +) / 12 }
    let halves = (0..<count * 2).map { half in rows[half * 6..<(half + 1) * 6].reduce(0, +) }
    return (Tensor(rows, shape: [count, 12]), Tensor(halves, shape: [count, 2]))
  }
}
