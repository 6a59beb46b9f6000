import Autograd
import Generators
import Kernels

/// Images asked of a trained generator.
public struct GeneratorDrawing {
  /// How many images are drawn, 1 or more.
  public var count: Int
  /// Everything random follows from it.
  public var seed: UInt64
  /// What to draw; any label where it is nil.
  public var label: Int?
  /// A factor on the noise: below 1 the images are more typical and less varied.
  public var truncation: Float
  /// The images go in equal steps from the seed's noise to that of this seed.
  public var lastSeed: UInt64?

  /// A drawing of images.
  ///
  /// - Parameters:
  ///   - count: 1 or more.
  ///   - seed: everything random follows from it.
  ///   - label: its place among the generator's labels; ignored by a generator that cannot be asked for one.
  ///   - truncation: a factor on the noise: below 1 the images are more typical and less varied.
  ///   - lastSeed: nil for images of independent noise.
  public init(
    count: Int, seed: UInt64, label: Int? = nil, truncation: Float = 1, lastSeed: UInt64? = nil
  ) {
    self.count = count
    self.seed = seed
    self.label = label
    self.truncation = truncation
    self.lastSeed = lastSeed
  }

  /// Draws the images, to be shown in one row up to ten of them, else in about a square.
  public func images(of generator: Generator) -> DrawnImages {
    let latent = latent(for: generator)
    let columns = count <= 10 ? count : Int(Double(count).squareRoot().rounded(.up))
    return DrawnImages(
      Generator.images(generator.network, latent), labels: latent.labels, columns: columns)
  }

  private func latent(for generator: Generator) -> Latent {
    let labels = label.map { [Int](repeating: $0, count: count) }
    func draw(_ seed: UInt64, _ count: Int) -> Latent {
      generator.recipe.latent(
        count, labels: labels.map { Array($0.prefix(count)) }, key: Key(seed: seed))
    }
    guard let lastSeed else {
      var latent = draw(seed, count)
      latent.noise = latent.noise * truncation
      return latent
    }
    var first = draw(seed, 1)
    let last = draw(lastSeed, 1)
    let shares = Tensor((0..<count).map { Float($0) / Float(max(1, count - 1)) }, shape: [count, 1])
    func between(_ a: Tensor, _ b: Tensor) -> Tensor { a + shares * (b - a) }
    first.noise = between(first.noise, last.noise) * truncation
    first.codes = first.codes.flatMap { codes in last.codes.map { between(codes, $0) } }
    first.labels = first.labels.map { labels ?? [Int](repeating: $0[0], count: count) }
    return first
  }
}
