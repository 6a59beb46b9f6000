import Autograd
import Classifier
import Datasets
import Eval
import Files
import Generators
import Network

/// What all rows of a reproduction work with: the images, the judges and who draws.
final class StudyBench {
  let training, test: LabeledImages
  let pictures: SuppliedPictures?
  let count: Int
  /// What tells the images of a row from others.
  let digest: (PublishedRow) -> String?
  let drawing: any ReproductionDrawing
  let observer: Observer
  /// The judge that ranks.
  let judge: NeuralClassifier
  private let runs, pages: String
  private let cache: RealCache?
  private lazy var scorer = Result {
    try Scorer(
      judges: try ReferenceJudges.all(for: test, observer: observer), heldOut: test, training: training,
      cache: cache)
  }

  init(
    _ reproduction: Reproduction, drawing: any ReproductionDrawing, cache: RealCache?, observer: Observer
  ) throws(FileError) {
    (training, test) = (reproduction.training, reproduction.test)
    (pictures, count) = (reproduction.pictures, reproduction.count)
    digest = reproduction.digest
    (runs, pages) = (reproduction.runs, reproduction.pages)
    (self.drawing, self.cache, self.observer) = (drawing, cache, observer)
    judge = try ReferenceWeights.classifier(.resnet)
  }

  /// The convolutional classifier as its row trained it, and the shipped one before that.
  ///
  /// - Returns: with what to say of the second.
  func conv() throws(FileError) -> (classifier: NeuralClassifier, provisional: String?) {
    do {
      return (try NeuralClassifier(contentsOf: "\(run(ofRow: "A2"))/classifier.safetensors"), nil)
    } catch .missing {
      return (try ReferenceWeights.classifier(.conv), "by the shipped conv, A2 is not trained")
    }
  }

  /// Has the judges look at the real images, which takes minutes once.
  func prepareJudges() throws {
    try scorer.get().prepare(count: count, progress: judgingSteps(of: 2))
  }

  /// What the three judges say of images drawn by the generator in a file.
  func score(_ generator: GeneratorSamples, count: Int) throws -> ScoreResult {
    let images = try generator.images(count: count, size: test.height, seed: Self.drawingSeed)
    return try scorer.get().score(images, progress: judgingSteps(of: 4))
  }

  private func judgingSteps(of total: Int) -> (String) throws -> Void {
    var done = 0
    return { [observer] step in
      try observer.progress(WorkProgress("judging", done, of: total, unit: "steps", detail: step))
      done += 1
    }
  }

  /// What the judge takes images for that were asked of a conditional generator, each label as often.
  func askedLabels(_ generator: GeneratorSamples) throws(FileError) -> [RowEvidence.AskedLabel]? {
    guard generator.generator.recipe.knowsLabels, !generator.generator.labelNames.isEmpty,
      judge.labelNames == test.labelNames
    else { return nil }
    let names = test.labelNames
    let drawn = try generator.images(
      count: Self.askedPerLabel * names.count, size: test.height, seed: Self.drawingSeed)
    let predictions = judge.predictions(of: drawn)
    return names.indices.map { label in
      let own = stride(from: label, to: predictions.count, by: names.count).map { predictions[$0] }
      let counts = names.indices.map { name in own.count { $0 == name } }
      return .init(
        label: names[label], share: Proportion(correct: counts[label], count: own.count),
        isCommonest: counts[label] == counts.max())
    }
  }

  /// The images of fixed noise, 8×8 in a grid of PNG, that show another label in the last grid than in the
  /// one half-way; nil for fewer than two grids, and where somebody removed one.
  func changedLabels(_ trainer: GeneratorTrainer, in run: RunFolder) -> Proportion? {
    let steps = trainer.journal.snapshots
    guard steps.count >= 2, !trainer.recipe.isConditional, trainer.recipe.imageSize == test.height else {
      return nil
    }
    var source = SampleSource(labelNames: test.labelNames)
    source.size = test.height
    source.grid = SampleGrid(rows: 8, columns: 8)
    let seen = [steps[steps.count / 2 - 1], steps[steps.count - 1]].compactMap { step -> [Int]? in
      let path = "\(run.path)/grids/\(GridName.names(step: step)[0])"
      return (try? source.load(path, labels: nil)).map(judge.predictions(of:))
    }
    guard seen.count == 2, seen[0].count == seen[1].count else { return nil }
    return Proportion(right: zip(seen[0], seen[1]).map { $0 != $1 })
  }

  /// The folder of a row's training.
  func run(ofRow row: String) -> String { "\(runs)/\(row)" }

  /// Whether a row was trained to its end.
  func isTrained(_ row: PublishedRow) throws(FileError) -> Bool {
    try RowEvidence.read(row, in: "\(pages)/\(row.id)")?.isComplete ?? false
  }

  /// A row's generator, as far as it came; nil before its first sitting.
  func generator(ofRow row: String) throws -> Generator? {
    let path = RowSitting.weights(in: run(ofRow: row))
    do {
      return try Generator(contentsOf: path)
    } catch FileError.missing {
      return nil
    }
  }

  /// Of the images that are scored.
  private static let drawingSeed: UInt64 = 1
  private static let askedPerLabel = 100
}

extension NeuralClassifier {
  /// Of grey images of its size.
  fileprivate func predictions(of images: SampleImages) -> [Int] {
    predictions(
      Tensor(
        images.pixels.map { Float($0) / 255 },
        shape: [images.count, images.height, images.width, images.channels]))
  }
}
