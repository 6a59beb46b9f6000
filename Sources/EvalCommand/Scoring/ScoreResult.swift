import Eval

/// `assay/score/1`
struct ScoreFile: Codable {
  struct JudgeIdentity: Codable, Equatable {
    let version: String
    /// By the judges' names.
    let sha256: [String: String]
  }

  static let schema = "assay/score/1"

  var schema = Self.schema
  let judge: JudgeIdentity
  let reference: Reference
  let results: [ScoreResult]

  struct Reference: Codable, Equatable {
    let dataset, split: String
    let count: Int
    let sha256: String
  }
}

/// One set of images.
struct ScoreResult: Codable {
  /// A figure with what it stands between.
  struct Distance: Codable {
    let value, standardError: Double
    /// Real images against real ones at the same count, and uniform noise.
    let floor, ceiling: Double
  }

  struct OfJudge: Codable {
    let frechetDistance, kernelDistance: Distance
    /// What two real samples of these sizes are apart in expectation.
    let expectedFrechetDistance: Double
    let frechetDistancePerLabel: [Double?]?
    let precision, recall, density, coverage: Double
    let vendi: Double?
    let vendiPerLabel: [Double?]
    let inceptionScore, meanConfidence: Double
    let classHistogram: [Int]
    let classEntropy: Double
    let real: Real
  }

  /// The inception score is that of the test images, the other figures those of training images of the same count.
  struct Real: Codable {
    let precision, recall, density, coverage: Double
    let vendi: Double?
    let vendiPerLabel: [Double?]
    let inceptionScore: Double
  }

  struct Accuracy: Codable {
    let value: Double
    let interval: [Double]
    let correct: Int
    /// Of the test images.
    let real: Double
  }

  struct MemorizationResult: Codable {
    let generated, heldOut: Memorization.Figures
    let copyingStatistic: Double?
  }

  let source: String
  /// Of the generator's file, or of the images' bytes.
  let sha256: String
  let count: Int
  /// What the images were drawn with; nil for images that were given.
  let seed: UInt64?
  /// What was done to the images on the way.
  let notes: [String]
  @Nullable var labelAccuracy: [String: Accuracy]?
  let classHistogram: [Int]
  let judges: [String: OfJudge]
  /// The share of images that both judges give the same label, and that of real images.
  let agreement, realAgreement: Double
  let similarityPerLabel, realSimilarityPerLabel: [Double?]
  @Nullable var memorization: MemorizationResult?
  /// Images that are a test image, pixel for pixel; nil in files of older versions.
  var testDuplicates: Int?
  @Nullable var classificationAccuracyScore: ClassificationAccuracyScore?
  let verdicts: [Verdict]
  /// Verdicts that there were too few images for; nil in files of older versions.
  var withheld: [Verdict]?
}

/// An optional that is written as null where there is nothing: readers of the schema find the key.
@propertyWrapper
struct Nullable<Value: Codable>: Codable {
  var wrappedValue: Value?

  init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}
