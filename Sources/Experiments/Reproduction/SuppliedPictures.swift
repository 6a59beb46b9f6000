import Datasets

/// Pictures for the rows whose own cannot be shipped.
public struct SuppliedPictures: Sendable {
  /// Those to learn from.
  public let images: LabeledImages
  /// How `eval train generator` is told to take them, as words of a command: `--data`, `pictures`.
  public let arguments: [String]

  /// - Parameters:
  ///   - images: of as many labels as there are.
  ///   - arguments: the words of a command that takes the same ones.
  public init(_ images: LabeledImages, arguments: [String]) {
    (self.images, self.arguments) = (images, arguments)
  }

  /// Those of the label that has most of them.
  var ofLargestLabel: SuppliedPictures {
    let counts = images.countPerLabel
    let largest = counts.indices.max { counts[$0] < counts[$1] } ?? 0
    return .init(
      images.at(images.indices(ofLabel: largest)),
      arguments: arguments + ["--only", images.labelNames[largest]])
  }

  /// `284 pictures of food`, or `6412 pictures of 22 labels`.
  var description: String {
    let shown = images.countPerLabel.enumerated().filter { $0.element > 0 }.map {
      images.labelNames[$0.offset]
    }
    return "\(images.count) pictures of " + (shown.count == 1 ? shown[0] : "\(shown.count) labels")
  }
}
