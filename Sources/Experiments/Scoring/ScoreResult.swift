import Eval
import Files

/// Scores, with the judges and the real images that they are by: `assay/score/1`.
public struct ScoreFile: Codable, Sendable {
  public struct JudgeIdentity: Codable, Equatable, Sendable {
    public let version: String
    /// By the judges' names.
    public let sha256: [String: String]
  }

  public struct Reference: Codable, Equatable, Sendable {
    public let dataset, split: String
    public let count: Int
    public let sha256: String
  }

  public static let schema = "assay/score/1"

  private(set) public var schema = Self.schema
  public let judge: JudgeIdentity
  public let reference: Reference
  public let results: [ScoreResult]
  /// What the results say together where they are trainings of one recipe; nil where that was not asked for.
  public let trainings: TrainingsResult?

  public init(
    judge: JudgeIdentity, reference: Reference, results: [ScoreResult], trainings: TrainingsResult? = nil
  ) {
    (self.judge, self.reference, self.results) = (judge, reference, results)
    self.trainings = trainings
  }

  /// The judges' names, in order.
  public var judgeNames: [String] { judge.sha256.keys.sorted() }
}

/// Everything about one set of images.
public struct ScoreResult: Codable, Sendable {
  public struct Accuracy: Codable, Sendable {
    public let value: Double
    public let interval: [Double]
    public let correct: Int
    /// Of the test images.
    public let real: Double

    init(_ accuracy: Proportion, real: Proportion) {
      value = accuracy.value
      interval = [accuracy.interval.lowerBound, accuracy.interval.upperBound]
      correct = accuracy.correct
      self.real = real.value
    }
  }

  public struct MemorizationResult: Codable, Sendable {
    public let generated, heldOut: Memorization.Figures
    public let copyingStatistic: Double?

    init(_ memorization: Memorization) {
      generated = memorization.generated
      heldOut = memorization.heldOut
      copyingStatistic = memorization.copyingStatistic
    }
  }

  public let source: String
  /// Of the generator's file, or of the images' bytes.
  public let sha256: String
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
  public let similarityPerLabel, realSimilarityPerLabel: [Double?]
  @Nullable public private(set) var memorization: MemorizationResult?
  /// Images that are a test image, pixel for pixel; nil in files of older versions.
  public let testDuplicates: Int?
  @Nullable public private(set) var classificationAccuracyScore: ClassificationAccuracyScore?
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
  public var wrappedValue: Value?

  public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}

extension Nullable: Sendable where Value: Sendable {}
