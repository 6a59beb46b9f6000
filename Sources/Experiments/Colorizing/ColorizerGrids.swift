import Autograd
import Datasets
import Generators
import Network

/// The same grey images before and after colouring, so that a colorizer's pictures can be compared from step
/// to step: a row for each label, with three images of it, each grey, coloured, and in its right colour.
public struct ColorizerGrids: TrainingGrids {
  private let grey: LabeledImages
  private let right: LabeledImages

  private static let imagesALabel = 3

  /// Grids of the first three images of each label.
  ///
  /// - Parameters:
  ///   - images: grey ones of 28×28, of which the first of each label are shown.
  ///   - colors: the right ones, one a label.
  public init(_ images: LabeledImages, colors: StaticColours) {
    let shown = images.labelNames.indices.flatMap {
      images.indices(ofLabel: $0).prefix(Self.imagesALabel)
    }
    grey = images.at(shown)
    right = colors(grey)
  }

  /// The images of all rows, RGB of 28×28: three of a label side by side, each grey, as `network` colours it,
  /// and right.
  public func images(of network: any GeneratorNetwork) -> DrawnImages {
    let (count, size) = (grey.count, Colorizer.size)
    func rgb(_ pixels: [UInt8]) -> Tensor {
      Tensor(pixels.map { Float($0) / 255 }, shape: [count, 1, size, size, 3])
    }
    let parts = [
      rgb(GreyConversion.pixels(grey.pixels, from: 1, to: 3)),
      Colorizer.colored(grey.pixels, by: network).reshaped([count, 1, size, size, 3]), rgb(right.pixels),
    ]
    return DrawnImages(
      Tensor.concatenate(parts, axis: 1).reshaped([parts.count * count, size, size, 3]),
      columns: parts.count * Self.imagesALabel)
  }
}
