import Autograd
import Generators
import Kernels
import Network

/// What a generator in training makes of the same things from step to step.
public protocol TrainingGrids {
  /// What the network makes of the same inputs at each call, to be shown as one grid.
  func images(of network: any GeneratorNetwork) -> DrawnImages
  /// A second grid, of generators with continuous codes.
  func codes(of network: any GeneratorNetwork) -> DrawnImages?
}

extension TrainingGrids {
  /// No second grid.
  public func codes(of network: any GeneratorNetwork) -> DrawnImages? { nil }
}

/// What a generator draws from noise that stays the same, so that its pictures can be compared from step to
/// step.
public struct GeneratorGrids: TrainingGrids {
  private let recipe: GeneratorRecipe
  private let labelCount: Int
  private let key: Key

  /// Grids for a generator in training.
  ///
  /// - Parameters:
  ///   - recipe: that of the generator.
  ///   - labelCount: columns of the grid of a conditional generator.
  ///   - seed: fixes the noise of all grids.
  public init(_ recipe: GeneratorRecipe, labelCount: Int, seed: UInt64) {
    self.recipe = recipe
    self.labelCount = labelCount
    key = Key(seed: seed).derived(100)
  }

  /// 8×8 images; of a conditional generator ten rows of one noise each, a column a label.
  public func images(of network: any GeneratorNetwork) -> DrawnImages {
    guard recipe.isConditional else {
      let latent = recipe.latent(64, labels: nil, key: key)
      return DrawnImages(Generator.images(network, latent), columns: 8)
    }
    let (rows, columns) = (10, labelCount)
    var latent = recipe.latent(rows, labels: nil, key: key)
    let order = (0..<rows * columns).map { $0 / columns }
    latent.noise = latent.noise.gatherRows(order)
    // The continuous codes rest at the middle of their range.
    latent.codes = latent.codes.map { .zeros([rows * columns, $0.shape[1]]) }
    latent.labels = (0..<rows * columns).map { $0 % columns }
    return DrawnImages(Generator.images(network, latent), labels: latent.labels, columns: columns)
  }

  /// infoGAN's two continuous codes: one noise and one label, the first code down, the second across, from -1
  /// to 1. Nil for generators without them.
  public func codes(of network: any GeneratorNetwork) -> DrawnImages? {
    guard recipe.codes == 2 else { return nil }
    let side = 10
    let steps = (0..<side).map { 2 * Float($0) / Float(side - 1) - 1 }
    var latent = recipe.latent(1, labels: [0], key: key)
    latent.noise = latent.noise.gatherRows([Int](repeating: 0, count: side * side))
    latent.labels = [Int](repeating: 0, count: side * side)
    latent.codes = Tensor(
      (0..<side * side).flatMap { [steps[$0 / side], steps[$0 % side]] }, shape: [side * side, 2])
    return DrawnImages(Generator.images(network, latent), labels: latent.labels, columns: side)
  }
}
