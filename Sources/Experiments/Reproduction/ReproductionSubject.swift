import Classifier
import Datasets
import Generators

/// What a row has to show.
public enum ReproductionSubject {
  /// A generator's losses, its last grid, and the grids on the way as an animation.
  case generator(GeneratorTrainer, testImages: LabeledImages, run: RunFolder)
  case classifier([ClassifierTrainer.EpochResult], ClassifierRecipe)
  case curve(AccuracyVsEpsilonOutcome)
  case confusion(ConfusionOutcome)
  /// Single images with their probabilities, before and after noise.
  case examples(AttackExamples)
  /// Ten images of each label.
  case dataset(LabeledImages)
  case drawn(DrawnImages, caption: String)
}
