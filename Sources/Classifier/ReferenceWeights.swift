import Files
import FoundationEssentials

/// The weights that ship with the package.
///
/// A feature distance compares only within one network, so every score names the version below. The command
/// that made a file is part of it (metadata `training`) and stands in docs/results/classifiers.md.
public enum ReferenceWeights {
  /// Changes with the bytes of a file.
  public static let version = "assay-judges-3"

  /// Those whose weights ship.
  public static let architectures: [ClassifierArchitecture] = [.dense, .conv, .resnet]

  /// SHA-256 of the shipped files.
  public static let sha256: [ClassifierArchitecture: String] = [
    .dense: "f6d6d7972604f0afdb507608c2eafe9d1cd21d57002aa7981b4a147163d6d7e5",
    .conv: "54e4ea10cbdcc282204c777eb5f6ab0af1163bb04a77af8391a378b9b04fecfb",
    .resnet: "9846007479e375af20ca45173120309e91983fe4580277cca802e31c3c1b31c9",
  ]

  /// Where the file of an architecture is: in the resource folder beside the running program, or beside that
  /// program's folder, where several programs share it.
  public static func path(of architecture: ClassifierArchitecture) -> String {
    let file = "assay_Classifier.resources/Resources/\(architecture.rawValue).safetensors"
    let program =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments.first ?? ""
    let folder = program.deletingLastPathComponent
    let places = [folder, folder.deletingLastPathComponent].map { $0.appendingPathComponent(file) }
    return places.first { FileManager.default.fileExists(atPath: $0) } ?? places[0]
  }

  /// The reference classifier of one of the ``architectures``.
  ///
  /// - Throws: `FileError` where the resource folder was not installed beside the program, or was changed.
  public static func classifier(_ architecture: ClassifierArchitecture) throws(FileError) -> NeuralClassifier
  {
    let path = path(of: architecture)
    guard FileManager.default.fileExists(atPath: path) else {
      throw .missing(path: path, remedy: "the reference weights belong beside the program; install it anew")
    }
    let classifier = try NeuralClassifier(contentsOf: path)
    guard classifier.weightsSHA256 == sha256[architecture] else {
      throw .malformed(
        path: path, expected: "SHA-256 \(sha256[architecture] ?? "none")", found: classifier.weightsSHA256)
    }
    return classifier
  }
}
