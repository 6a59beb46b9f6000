import Datasets
import Eval
import Files

/// Scores, with the judges and the real images that they are by: `assay/score/1`.
public struct ScoreFile: Codable, Sendable {
  /// The judges that scored: a distance compares only within the same weights.
  public struct JudgeIdentity: Codable, Equatable, Sendable {
    /// What results call the judges, such as `assay-judges-3`.
    public let version: String
    /// SHA-256 of their weights, by the judges' names.
    public let sha256: [String: String]
  }

  /// The real images that were compared with.
  public struct Reference: Codable, Equatable, Sendable {
    /// The data set's name.
    public let dataset: String
    /// Which half of it: `train` or `test`.
    public let split: String
    /// The number of images compared with.
    public let count: Int
    /// Identifies the data set's files (`LabeledImages.sha256`).
    public let sha256: String
  }

  /// The format that this version writes.
  public static let schema = "assay/score/1"

  /// The format of the file and its version.
  private(set) public var schema = Self.schema
  /// Who judged.
  public let judge: JudgeIdentity
  /// The real images compared with.
  public let reference: Reference
  /// One for each set of images, in the order in which they were given.
  public let results: [ScoreResult]
  /// What the results say together where they are trainings of one recipe; nil where that was not asked for.
  public let trainings: TrainingsResult?
  /// What many sets of each generator's images say together, of which the results are the first; nil for
  /// single sets.
  public let sets: [DrawnSets]?

  /// Scores with what they are by.
  public init(
    judge: JudgeIdentity, reference: Reference, results: [ScoreResult], trainings: TrainingsResult? = nil,
    sets: [DrawnSets]? = nil
  ) {
    (self.judge, self.reference, self.results) = (judge, reference, results)
    (self.trainings, self.sets) = (trainings, sets)
  }

  /// The judges' names, in order.
  public var judgeNames: [String] { judge.sha256.keys.sorted() }
}

/// Everything about one set of images.
public struct ScoreResult: Codable, Sendable {
  /// The share of images that show the label that was asked for, as one judge sees it.
  public struct Accuracy: Codable, Sendable {
    /// The share, in [0, 1].
    public let value: Double
    /// Its Wilson 95 % interval, lower end first.
    public let interval: [Double]
    /// The number of those images.
    public let correct: Int
    /// The share of the test images that the judge gives their own label, in [0, 1].
    public let real: Double

    init(_ accuracy: Proportion, real: Proportion) {
      value = accuracy.value
      interval = [accuracy.interval.lowerBound, accuracy.interval.upperBound]
      correct = accuracy.correct
      self.real = real.value
    }
  }

  /// Whether images are copies of training images.
  public struct MemorizationResult: Codable, Sendable {
    /// The figures of the images scored.
    public let generated: Memorization.Figures
    /// Those of real images that were not trained on, to compare with.
    public let heldOut: Memorization.Figures
    /// C_T: far below 0 where images lie closer to training images than held-out ones do; nil where there are
    /// too few.
    public let copyingStatistic: Double?

    init(_ memorization: Memorization) {
      generated = memorization.generated
      heldOut = memorization.heldOut
      copyingStatistic = memorization.copyingStatistic
    }
  }

  /// Where the images are from: a path, or what the caller called them.
  public let source: String
  /// Of the generator's file, or of the images' bytes.
  public let sha256: String
  /// The number of images.
  public let count: Int
  /// What the images were drawn with; nil for images that were given.
  public let seed: UInt64?
  /// What was done to the images on the way.
  public let notes: [String]
  /// The share of images that show their label, by the judges' names; nil for images without labels.
  @Nullable public private(set) var labelAccuracy: [String: Accuracy]?
  /// Labels that the first judge saw.
  public let classHistogram: [Int]
  /// By the judges' names.
  public let judges: [String: JudgeResult]
  /// The share of images that all judges give the same label, and that of real images.
  public let agreement, realAgreement: Double
  /// Mean structural similarity of pairs of images within each label, `[labels]`; nil for a label of fewer
  /// than two.
  public let similarityPerLabel: [Double?]
  /// The same of the held-out real images.
  public let realSimilarityPerLabel: [Double?]
  /// Copies of training images; nil where they were not looked for.
  @Nullable public private(set) var memorization: MemorizationResult?
  /// Images that are a test image, pixel for pixel; nil in files of older versions.
  public let testDuplicates: Int?
  /// What a classifier learns from the images; nil where none was trained on them.
  @Nullable public private(set) var classificationAccuracyScore: ClassificationAccuracyScore?
  /// What is wrong with the images; empty where nothing was found amiss.
  public let verdicts: [Verdict]
  /// Verdicts that there were too few images for; nil in files of older versions.
  public let withheld: [Verdict]?
  /// Verdicts that were not given though the damage in the detail would have been found; nil in files of
  /// older versions.
  public let absent: [Verdict]?
  /// Images that another one of them is nearly the same as; nil likewise.
  public let repeats: Proportion?

  init(
    _ scored: ScoredImages, _ score: PanelScore, _ statistics: RealStatistics, judgeNames: [String],
    labelNames: [String], notes: [String], testDuplicates: Int, accuracyScore: ClassificationAccuracyScore?
  ) {
    let images = scored.images
    (source, sha256, count, seed) = (images.source, scored.sha256, images.count, scored.seed)
    self.notes = images.notes + notes
    var judges: [String: JudgeResult] = [:]
    var accuracies: [String: Accuracy] = [:]
    for name in judgeNames {
      guard let own = score.judges[name], let known = statistics.judges[name] else { continue }
      judges[name] = JudgeResult(own, known)
      accuracies[name] = own.labelAccuracy.map { Accuracy($0, real: known.labelAccuracy) }
    }
    self.judges = judges
    _labelAccuracy = Nullable(wrappedValue: images.labels == nil ? nil : accuracies)
    classHistogram = judgeNames.first.flatMap { judges[$0]?.classHistogram } ?? []
    (agreement, realAgreement) = (score.agreement, statistics.agreement)
    (similarityPerLabel, realSimilarityPerLabel) = (score.similarityPerLabel, statistics.similarityPerLabel)
    _memorization = Nullable(wrappedValue: score.memorization.map { MemorizationResult($0.figures) })
    self.testDuplicates = testDuplicates
    _classificationAccuracyScore = Nullable(wrappedValue: accuracyScore)
    let findings = VerdictEvidence(
      score, statistics, judges: judgeNames, labelNames: labelNames, clampedShare: images.range.clampedShare
    ).map(VerdictCatalog.findings)
    verdicts = findings?.given ?? []
    (withheld, absent) = (findings?.withheld ?? [], findings?.absent ?? [])
    repeats = score.repeats
  }
}

/// An optional that is written as null where there is nothing: readers of the schema find the key.
@propertyWrapper
public struct Nullable<Value: Codable>: Codable {
  /// The optional itself.
  public var wrappedValue: Value?

  /// Wraps an optional.
  public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  /// Reads a value, or null as nil. The key has to be there.
  ///
  /// - Throws: what the value's own decoding throws.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
  }

  /// Writes the value, or null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}

extension Nullable: Sendable where Value: Sendable {}
