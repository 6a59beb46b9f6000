import ArgumentParser
import Experiments

/// A classifier by name, by file, or by the folder of its training.
enum ClassifierArgument {
  private static let text =
    "A reference classifier (\(ClassifierSource.referenceNames.joined(separator: ", "))), a file of "
    + "weights, the folder of its training, or a network as ONNX (.onnx)."
  static let singleHelp = ArgumentHelp(stringLiteral: text)
  static let help = ArgumentHelp(stringLiteral: text + " Repeatable.")
}
