import Classifier
import Datasets
import Generators

/// What a row has to show.
public enum ReproductionSubject {
  /// A generator's losses, its last grid, and the grids on the way as an animation.
  case generator(GeneratorTrainer, testImages: LabeledImages, run: RunFolder)
  /// The training of a classifier: its results by epoch, and its recipe.
  case classifier([ClassifierTrainer.EpochResult], ClassifierRecipe)
  /// Accuracy against ε.
  case curve(AccuracyVsEpsilonOutcome)
  /// A confusion matrix.
  case confusion(ConfusionOutcome)
  /// Single images with their probabilities, before and after noise.
  case examples(AttackExamples)
  /// Ten images of each label.
  case dataset(LabeledImages)
  /// Images that a generator drew, and what is to stand below them.
  case drawn(DrawnImages, caption: String)
}
