import Datasets
import Files
import Generators

extension GeneratorRecipe {
  /// Whether the recipe can be trained on such images.
  ///
  /// - Parameter path: where they came from, for the error.
  /// - Throws: `FileError.malformed` for images that are not grey, are larger than those of the recipe, or
  ///   have other labels than ten where the recipe draws by label.
  public func check(_ images: LabeledImages, path: String? = nil) throws(FileError) {
    guard images.height <= imageSize, images.width <= imageSize, images.channels == 1,
      images.labelNames.count == 10 || !isConditional
    else {
      let labels = isConditional ? " with ten labels" : ""
      throw .malformed(
        path: path ?? images.name, expected: "gray images of at most \(imageSize)×\(imageSize)\(labels)",
        found: "\(images.shape.dropFirst()) with \(images.labelNames.count) labels")
    }
  }
}
