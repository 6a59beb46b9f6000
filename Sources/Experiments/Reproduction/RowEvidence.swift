import Eval
import Files
import Foundation
import Generators

/// What was measured for a row, kept beside its pictures: `assay/reproduction-row/1`.
///
/// The claims are judged anew from it each time a page is written, so that nothing is run twice for a word.
public struct RowEvidence: Codable, Sendable {
  /// How far a training came.
  public struct Reached: Codable, Equatable, Sendable {
    /// In epochs where the source counts those, else in steps.
    public let done, total: Double
    public let unit: String

    package init(done: Double, total: Double, unit: String) {
      (self.done, self.total, self.unit) = (done, total, unit)
    }
  }

  /// Images asked of a conditional generator.
  public struct AskedLabel: Codable, Equatable, Sendable {
    public let label: String
    /// How many `resnet` takes for that label.
    public let share: Proportion
    /// Whether it takes more of them for it than for any other.
    public let isCommonest: Bool

    package init(label: String, share: Proportion, isCommonest: Bool) {
      (self.label, self.share, self.isCommonest) = (label, share, isCommonest)
    }
  }

  public struct Picture: Codable, Equatable, Sendable {
    /// In the row's folder.
    public let file: String
    public let caption: String

    public init(_ file: String, _ caption: String) { (self.file, self.caption) = (file, caption) }
  }

  private(set) var schema = Self.schemaName
  /// ``PublishedRow/identity``
  let identity: String
  public var reached: Reached?
  /// Of this row's work, over all sittings.
  public var seconds = 0.0
  /// The commands that do the same.
  public var commands: [String] = []
  /// By what was counted, such as `test images`.
  public var accuracies: [String: Proportion] = [:]
  /// By their names.
  public var figures: [String: Double] = [:]
  /// The mean losses of intervals, thinned out.
  public var losses: [TrainingJournal.Record] = []
  public var score: ScoreResult?
  public var askedLabels: [AskedLabel]?
  /// Images of fixed noise whose label is another one at the end than half-way.
  public var changedLabels: Proportion?
  /// Warnings of the training, and its divergence.
  public var warnings: [String] = []
  public var isDiverged = false
  public var pictures: [Picture] = []
  /// What is still provisional of a row without a training of its own, and why.
  public var provisional: String?

  static let schemaName = "assay/reproduction-row/1"

  package init(_ row: PublishedRow) { identity = row.identity }

  /// Whether nothing is left to be run.
  public var isComplete: Bool {
    provisional == nil && (isDiverged || reached.map { $0.done >= $0.total } ?? true)
  }

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
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let evidence = try? decoder.decode(RowEvidence.self, from: data), evidence.schema == schemaName
    else {
      throw .malformed(
        path: path, expected: "evidence of a reproduction (\(schemaName)); remove the file to begin anew",
        found: "something else")
    }
    return evidence.identity == row.identity ? evidence : nil
  }

  func write(to folder: String) throws {
    try AtomicFile.write(try JSON.text(self) + "\n", to: "\(folder)/\(Self.fileName)")
  }
}
