import ArgumentParser
import Classifier
import Datasets
import Experiments

/// What every training takes. What is left out is as in the recipe, or as the training that goes on was begun
/// with.
struct TrainingOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Passes over the training images.")
  var epochs: Int?
  @Option(parsing: .unconditional, help: "Training images a step.")
  var batch: Int?
  @Option(parsing: .unconditional, help: "Everything random follows from it.")
  var seed: UInt64?
  @Option(parsing: .unconditional, help: ArgumentHelp("Only the first training images.", valueName: "count"))
  var limit: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Stop, with the state saved, after this many minutes.", valueName: "minutes"))
  var limitMinutes: Double?
  @Option(
    help: ArgumentHelp(
      "The factors of products and convolutions in a training step: float32, or bfloat16, which is faster; sums, weights and "
        + "everything else stay float32. float32 by default."))
  var precision: ComputePrecision?

  func validate() throws {
    try Self.check((limit ?? 1) >= 1, "limit", "1 or more images, found \(limit ?? 0)")
    try Self.check(counts.contains(epochs ?? 1), "epochs", "1 or more, up to a million, found \(epochs ?? 0)")
    let minutes = limitMinutes ?? 1
    try Self.check(
      minutes.isFinite && minutes > 0, "limit-minutes", "a number above 0, found \(minutes)")
  }

  /// How many epochs or steps there may be.
  var counts: ClosedRange<Int> { 1...ClassifierRecipe.largestCount }

  /// Batch normalization wants two images, and a discriminator a batch of both kinds in memory.
  func checkBatchOfGenerator() throws {
    try Self.check((2...65_536).contains(batch ?? 2), "batch", "2 to 65536 images, found \(batch ?? 0)")
  }

  func limited(_ images: LabeledImages) -> LabeledImages { limit.map(images.prefix) ?? images }

  /// From now on.
  var deadline: ContinuousClock.Instant? { limitMinutes.map { ContinuousClock.now + .seconds(60 * $0) } }

  static func check(_ isRight: Bool, _ option: String, _ expected: String) throws {
    if !isRight { throw ValidationError("--\(option): expected \(expected)") }
  }
}
