import Eval
import Files
import FoundationEssentials
import Generators
import Glibc

/// What was measured for a row, kept beside its pictures: `assay/reproduction-row/1`.
///
/// The claims are judged anew from it each time a page is written, so that nothing is run twice for a word.
public struct RowEvidence: Codable, Sendable {
  /// How far a training came.
  public struct Reached: Codable, Equatable, Sendable {
    /// In epochs where the source counts those, else in steps.
    public let done, total: Double
    /// What is counted: `epochs` or `steps`.
    public let unit: String

    package init(done: Double, total: Double, unit: String) {
      (self.done, self.total, self.unit) = (done, total, unit)
    }
  }

  /// Images asked of a conditional generator.
  public struct AskedLabel: Codable, Equatable, Sendable {
    /// The label that was asked for, by its name.
    public let label: String
    /// How many `resnet` takes for that label.
    public let share: Proportion
    /// Whether it takes more of them for it than for any other.
    public let isCommonest: Bool

    package init(label: String, share: Proportion, isCommonest: Bool) {
      (self.label, self.share, self.isCommonest) = (label, share, isCommonest)
    }
  }

  /// A picture of the row.
  public struct Picture: Codable, Equatable, Sendable {
    /// The file's name in the row's folder.
    public let file: String
    /// What stands below it.
    public let caption: String

    /// A picture that was written to the file `file` of the row's folder.
    public init(_ file: String, _ caption: String) { (self.file, self.caption) = (file, caption) }
  }

  /// The same training by another seed.
  public struct Repeat: Codable, Sendable {
    /// The seed of the training.
    public let seed: UInt64
    /// Whether it came to its end, or diverged.
    public let isComplete: Bool
    /// Of a classifier, on the test images.
    public let accuracy: Proportion?
    /// Of a generator, by the judge that ranks.
    public let distance: MetricFigure?
    /// Of a conditional generator, likewise; nil in evidence of older versions, too.
    public let askedLabels: [AskedLabel]?

    package init(
      seed: UInt64, isComplete: Bool, accuracy: Proportion?, distance: MetricFigure?,
      askedLabels: [AskedLabel]?
    ) {
      (self.seed, self.isComplete, self.accuracy) = (seed, isComplete, accuracy)
      (self.distance, self.askedLabels) = (distance, askedLabels)
    }
  }

  private(set) var schema = Self.schema
  /// Of what this is evidence: the row, its length and its seed, in a line.
  public let identity: String
  /// How far the row's training came; nil for a row that trains nothing.
  public var reached: Reached?
  /// What its training learnt from, where that is not Fashion-MNIST; nil in evidence of older versions, too.
  public var trainedOn: String?
  /// What tells the images that it was measured on from others; nil in evidence of older versions.
  package var images: String?
  /// What the row's training took, in all its sittings; for a row that trains nothing, its work.
  public var seconds = 0.0
  /// The commands that do the same, each in a line as a shell takes it.
  public package(set) var commands: [String] = []
  /// By what was counted, such as `test images`.
  public var accuracies: [String: Proportion] = [:]
  /// By their names.
  public var figures: [String: Double] = [:]
  /// The mean losses of intervals, thinned out.
  public var losses: [TrainingJournal.Record] = []
  /// What the judges say of a generator's images; nil for other rows, and where a training diverged.
  public var score: ScoreResult?
  /// What the images of a conditional generator are taken for, label by label; nil for other rows, and for
  /// generators that cannot be asked for a label.
  public var askedLabels: [AskedLabel]?
  /// Images of fixed noise whose label is another one at the end than half-way.
  public var changedLabels: Proportion?
  /// By other seeds, where the row is short enough; the rest of the evidence is of the first seed.
  public var repeats: [Repeat] = []
  /// Warnings of the training, and its divergence.
  public var warnings: [String] = []
  /// Whether the training ended in a loss that is not a finite number.
  public var isDiverged = false
  /// The row's pictures, in the order in which they are shown.
  public var pictures: [Picture] = []
  /// What is still provisional of a row without a training of its own, and why.
  public var provisional: String?

  package static let schema = "assay/reproduction-row/1"

  package init(_ row: PublishedRow) { identity = row.identity }

  /// - Parameter words: of a command of `eval`.
  package mutating func add(command words: [String]) {
    commands.append((["eval"] + words).shellLine)
  }

  /// Whether it was measured for that row as it is today.
  package func isOf(_ row: PublishedRow) -> Bool { identity == row.identity }

  /// Whether nothing is left to be run of the first seed.
  public var isComplete: Bool {
    provisional == nil && (isDiverged || reached.map { $0.done >= $0.total } ?? true)
  }

  /// Whether its generator was judged by fewer images than are asked for now.
  package func isJudgedByFewer(than count: Int) -> Bool { score.map { $0.count < count } ?? false }

  /// Whether nothing is left to be run of the first seed, nor to be judged by so many images.
  package func isComplete(judgedBy count: Int) -> Bool { isComplete && !isJudgedByFewer(than: count) }

  /// Whether the row has come farther in `other`.
  package func isBehind(_ other: RowEvidence) -> Bool {
    func place(_ evidence: RowEvidence) -> (Double, Int) {
      (evidence.reached?.done ?? 0, evidence.repeats.count { $0.isComplete })
    }
    return place(self) < place(other)
  }

  /// The row's other seeds whose trainings are not complete; none where the first diverged.
  package func openSeeds(of row: PublishedRow) -> [UInt64] {
    let complete = repeats.filter(\.isComplete).map(\.seed)
    return isDiverged ? [] : row.otherSeeds.filter { !complete.contains($0) }
  }

  /// Over the seeds whose trainings are complete; nil for fewer than two.
  public var accuracySpread: TrainingSpread? {
    let own = repeats.filter(\.isComplete).compactMap(\.accuracy)
    guard isComplete, !own.isEmpty, let first = accuracies[Self.testImages] else { return nil }
    return TrainingSpread(([first] + own).map(\.value))
  }

  /// Likewise.
  public var distanceSpread: TrainingSpread? {
    let own = repeats.filter(\.isComplete).compactMap(\.distance)
    guard isComplete, !own.isEmpty, let first = distance else { return nil }
    let all = [first.value].compactMap { $0 } + own.map(\.value)
    let errors = [first.standardError].compactMap { $0 } + own.compactMap(\.standardError)
    guard all.count == own.count + 1 else { return nil }
    return TrainingSpread(all, samplingErrors: errors.count == all.count ? errors : nil)
  }

  /// What an accuracy on them is called.
  static let testImages = "test images"

  /// The share of images asked to show `label` that are taken for it.
  func share(of label: String) -> Proportion? { askedLabels?.first { $0.label == label }?.share }

  /// The mean losses of the first and of the last tenth; nil where there are fewer than ten intervals.
  var lossesOfTenths: (first: PairOfLosses, last: PairOfLosses)? {
    guard losses.count >= 10 else { return nil }
    let tenth = losses.count / 10
    guard let first = PairOfLosses(losses.prefix(tenth)), let last = PairOfLosses(losses.suffix(tenth))
    else { return nil }
    return (first, last)
  }

  /// The step after which the losses are those of a coin, to the last one; nil where the last are not.
  public var stuckSince: Int? {
    losses.reversed().prefix { record in
      guard let generator = record.losses["generator"], let discriminator = record.losses["discriminator"]
      else { return false }
      return TrainingWatch.isStuck(generator: generator, discriminator: discriminator)
    }.last?.step
  }

  struct PairOfLosses {
    let discriminator, generator: Double

    /// Nil where the training has no such losses.
    init?(_ records: some Collection<TrainingJournal.Record>) {
      func mean(_ name: String) -> Double? {
        let values = records.compactMap { $0.losses[name] }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
      }
      guard let discriminator = mean("discriminator"), let generator = mean("generator") else { return nil }
      (self.discriminator, self.generator) = (discriminator, generator)
    }
  }

  // MARK: - Files

  static let fileName = "evidence.json"

  /// - Returns: nil where there is none, or it is that of another study.
  /// - Throws: ``FileError`` for a file that is no evidence.
  static func read(_ row: PublishedRow, in folder: String) throws(FileError) -> RowEvidence? {
    let path = "\(folder)/\(fileName)"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let data = try AtomicFile.read(path)
    guard let evidence = try? JSON.value(RowEvidence.self, from: data), evidence.schema == schema
    else {
      throw .malformed(
        path: path, expected: "evidence of a reproduction (\(schema)); remove the file to begin anew",
        found: "something else")
    }
    try evidence.check(FieldCheck(path: path))
    return evidence.isOf(row) ? evidence : nil
  }

  func write(to folder: String) throws {
    try AtomicFile.write(try JSON.text(self) + "\n", to: "\(folder)/\(Self.fileName)")
  }
}
