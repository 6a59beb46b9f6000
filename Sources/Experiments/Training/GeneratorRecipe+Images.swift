import Datasets
import Files
import Generators

extension GeneratorRecipe {
  /// Whether the recipe can be trained on such images.
  ///
  /// - Parameters:
  ///   - images: whose size, channels and number of labels are looked at.
  ///   - path: where they came from, for the error.
  /// - Throws: `FileError.malformed` for images of other colours, for larger ones than those of the recipe,
  ///   and for another number of labels than the recipe has where it draws by label.
  public func check(_ images: LabeledImages, path: String? = nil) throws(FileError) {
    guard images.height <= imageSize, images.width <= imageSize, images.channels == channels,
      images.labelNames.count == labelCount || !isConditional
    else {
      let labels = isConditional ? " with \(labelCount) labels" : ""
      throw .malformed(
        path: path ?? images.name,
        expected: "\(channels == 1 ? "grey" : "RGB") images of at most \(imageSize)×\(imageSize)\(labels)",
        found: "\(images.shape.dropFirst()) with \(images.labelNames.count) labels")
    }
  }
}
