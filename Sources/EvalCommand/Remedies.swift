import Classifier
import Cluster
import Datasets
import Experiments
import Files
import FoundationEssentials
import Generators
import ONNX
import Reports

/// What the libraries say of things, in words of the command's options.
extension FileError {
  var inWordsOfOptions: FileError {
    switch self {
    case .missing(let path, let remedy): .missing(path: path, remedy: Self.worded(remedy))
    case .malformed(let path, let expected, let found):
      .malformed(path: path, expected: Self.worded(expected), found: found)
    case .unwritable(let path, let reason): .unwritable(path: path, reason: Self.worded(reason))
    case .unreadable: self
    }
  }

  private static let words: [(thing: String, option: String)] = [
    (NeuralClassifier.remedy, "train one with: eval train classifier"),
    (
      ClassifierTrial.remedy,
      "a classifier that knows these images: check --mean, --std, --input-range, --layout and --labels, or take it "
        + "--anyway"
    ),
    (ForeignClassifier.remedy, "export one with: eval export-onnx, or from PyTorch or Keras"),
    (ReferenceJudges.remedy, ",features=NODE behind the file"),
    (PartSet.remedy, "make its parts with: eval … --shard I/N --output DIR"),
    (MPILibrary.remedy, "compile it where MPI is installed, with: make mpi"),
    (Colorizer.remedy, "train one with: eval train colorizer"),
    (Generator.remedy, "train one with: eval train generator"),
    (OnnxExport.remedy, "train one with: eval train"),
    (ClassifierTrainer.stateRemedy, "start without --resume"),
    (GeneratorTrainer.stateRemedy, "start without --resume"),
    (RecipeCatalog.expectation, "a recipe of eval train generator --list"),
    (Dataset.folderRemedy, "pass the folder of its four IDX files with --data DIR"),
    (DatasetLocator.pathRemedy, "--data must name"),
    (NotebookExport.replacingRemedy, "replace it with --overwrite, or name another --output"),
    (StoredRun.unfinished, "the training has not ended; go on with: eval train … --resume"),
    (DatasetFiles.oneSet, "one data set, or the name of one of several with --dataset"),
  ]

  static func worded(_ text: String) -> String {
    words.reduce(text) { $0.replacing($1.thing, with: $1.option) }
  }
}
