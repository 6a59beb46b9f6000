import Autograd

/// Images that a generator drew.
public struct DrawnImages: Sendable {
  /// `[N, H, W, C]`
  public let shape: [Int]
  /// Their pixels in [0, 1].
  public let pixels: [Float]
  /// What the generator was told to draw, one an image; nil for one that draws what it likes.
  public let labels: [Int]?
  /// How many stand side by side where they are shown.
  public let columns: Int

  package init(_ images: Tensor, labels: [Int]? = nil, columns: Int) {
    shape = images.shape
    pixels = images.elements
    self.labels = labels
    self.columns = columns
  }
}
