import Adversary
import Autograd
import Datasets
import Kernels
import Network
import Testing

/// Which pixels an attack may change.
@Suite struct RegionTests {
  private static let row: [Float] = [0, 1 / 255, 0.5, 1, 1e-30, 0]

  @Test func theForegroundIsWhatIsBrighterThanBlack() {
    let x = Tensor(Self.row, shape: [1, 2, 3, 1])
    #expect(Region.foreground.mask(of: x).elements == [0, 1, 1, 1, 1, 0])
    #expect(Region.foreground.mask(of: x).shape == x.shape)
    #expect(Region.everywhere.mask(of: x).elements == [1, 1, 1, 1, 1, 1])
    // Of colour, all of a pixel where any channel is above black.
    let colours = x.reshaped([1, 1, 2, 3])
    #expect(Region.foreground.mask(of: colours).elements == [1, 1, 1, 1, 1, 1])
    #expect(
      Region.foreground.mask(of: colours * Tensor([0, 0, 0, 1, 1, 1], shape: [1, 1, 2, 3])).elements == [
        0, 0, 0, 1, 1, 1,
      ])
  }

  static let thresholds: [(Float, [Float])] = [
    (0.003, [0, 1, 1, 1, 0, 0]), (0.5, [0, 0, 0, 1, 0, 0]), (1, [0, 0, 0, 0, 0, 0]),
  ]

  @Test(arguments: thresholds)
  func aThresholdIsExclusive(threshold: Float, expected: [Float]) {
    let x = Tensor(Self.row, shape: [1, 2, 3, 1])
    #expect(Region.foreground.mask(of: x, threshold: threshold).elements == expected)
  }

  /// A pixel that the attack has made black, or bright, still belongs to what it belonged to.
  @Test(arguments: [-1, 1] as [Float])
  func theMaskIsThatOfTheCleanImage(sign: Float) throws {
    let images = Samples.images(30, labels: 2)
    let x = images.tensor(Array(0..<30))
    let mask = Region.foreground.mask(of: x).elements
    let model = RecordingClassifier(imageShape: Samples.shape)
    _ = try EpsilonSweep(Constant(sign: sign), region: .foreground, epsilons: [1, 0.5, 0.25])
      .predictions(of: model, on: images)
    #expect(model.seen.count == 3)
    for (epsilon, seen) in zip([1, 0.5, 0.25] as [Float], model.seen) {
      for (index, (clean, attacked)) in zip(x.elements, seen.elements).enumerated() {
        let free = min(max(clean + sign * epsilon, 0), 1)
        #expect(attacked == (mask[index] == 1 ? free : clean), "ε = \(epsilon), pixel \(index)")
      }
    }
  }

  /// The same direction in every pixel.
  private struct Constant: Attack {
    let sign: Float
    let name = "constant"
    let norm: Norm? = .linf
    let settings = "for a test"
    let role = AttackRole.blind

    func perturbation(_ task: AttackTask) -> Perturbation {
      .along(
        task.mask.map { $0 * sign } ?? Tensor(repeating: sign, shape: task.images.shape))
    }
  }
}
