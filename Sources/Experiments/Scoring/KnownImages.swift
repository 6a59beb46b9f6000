import Datasets

/// Real images, to tell whether images to be judged are some of them, pixel for pixel.
struct KnownImages {
  private let images: Set<ArraySlice<UInt8>>
  private let size: Int

  /// A share of the images below which equal ones are accidents: data sets have some equal images themselves.
  private static let accidents = 0.01

  init(_ images: LabeledImages) {
    size = images.valuesPerImage
    self.images = Set((0..<images.count).map { images.image(at: $0)[...] })
  }

  /// How many of the images `[N, H, W]` are among these.
  func count(in pixels: [UInt8]) -> Int {
    stride(from: 0, to: pixels.count, by: size).count { images.contains(pixels[$0..<$0 + size]) }
  }

  /// What to say where so many of `count` images are real ones; nil where they are few.
  static func note(_ equal: Int, of count: Int, _ kind: String) -> String? {
    guard Double(equal) > accidents * Double(count) else { return nil }
    return equal == count
      ? "these are the \(kind) images: \(equal) of \(count) equal"
      : "\(equal) of \(count) images are \(kind) images, pixel for pixel"
  }
}
