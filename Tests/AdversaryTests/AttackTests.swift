import Adversary
import Autograd
import Datasets
import Kernels
import Network
import Testing

/// What holds for every attack of the catalogue.
@Suite struct AttackTests {
  struct Choice: Sendable, CustomStringConvertible {
    let attack: any SignAttack
    let region: Region
    var description: String { "\(attack.name), \(region)" }
  }

  static let choices = AttackCatalog.all.flatMap { attack in
    Region.allCases.map { Choice(attack: attack, region: $0) }
  }

  private let images = Samples.images(40)
  private var x: Tensor { images.tensor(Array(0..<40)) }
  private var labels: [Int] { images.labels(Array(0..<40)) }

  private func attacked(_ choice: Choice, epsilon: Float, seed: UInt64 = 0) -> Tensor {
    EpsilonSweep(choice.attack, region: choice.region, epsilons: [], key: Key(seed: seed))
      .images(against: Samples.linear, x, labels: labels, epsilon: epsilon)
  }

  @Test func namesAreUniqueAndFound() {
    let names = AttackCatalog.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { AttackCatalog.named($0)?.name == $0 })
    #expect(AttackCatalog.named("bogus") == nil)
    #expect(AttackCatalog.all.allSatisfy { !$0.caveat.isEmpty })
  }

  @Test(arguments: choices)
  func aSizeOfZeroIsTheIdentity(_ choice: Choice) {
    #expect(attacked(choice, epsilon: 0).bits == x.bits)
  }

  /// To clip an image that is black and white must not change its bits, the sign of zero included.
  @Test func aDirectionOfZeroIsTheIdentity() {
    let x = Tensor([0, -0.0, 1, 0.5, .leastNonzeroMagnitude], shape: [1, 1, 5, 1])
    #expect(perturbed(x, along: .zeros(x.shape), epsilon: 1).bits == x.bits)
  }

  @Test(arguments: choices, [0.01, 0.1, 0.5, 1] as [Float])
  func staysWithinEpsilonAndTheUnitRange(_ choice: Choice, epsilon: Float) {
    for (clean, attacked) in zip(x.elements, attacked(choice, epsilon: epsilon).elements) {
      #expect((0...1).contains(attacked))
      // Exact but for the rounding of the sum, half a unit in the last place of a number below 2.
      #expect((Double(attacked) - Double(clean)).magnitude <= Double(epsilon) + 0x1p-24)
    }
  }

  /// Not only within ε, but at ε: every pixel that has room moves all the way.
  @Test(arguments: choices, [0.01, 0.1] as [Float])
  func usesAllOfEpsilon(_ choice: Choice, epsilon: Float) {
    let mask = choice.region.mask(of: x).elements
    for (index, (clean, attacked)) in zip(x.elements, attacked(choice, epsilon: epsilon).elements)
      .enumerated()
    where mask[index] == 1 {
      #expect([clean - epsilon, clean + epsilon].map { min(max($0, 0), 1) }.contains(attacked))
    }
  }

  @Test(arguments: AttackCatalog.all.map { Choice(attack: $0, region: .foreground) }, [0.1, 1] as [Float])
  func theBackgroundStaysBitForBit(_ choice: Choice, epsilon: Float) {
    let (before, after) = (x.bits, attacked(choice, epsilon: epsilon).bits)
    let background = x.elements.indices.filter { x.elements[$0] == 0 }
    #expect(background.count > 100)
    #expect(background.allSatisfy { before[$0] == after[$0] })
    #expect(before != after)
  }

  @Test(arguments: choices)
  func isReproducible(_ choice: Choice) {
    let once = attacked(choice, epsilon: 0.3, seed: 5).bits
    #expect(attacked(choice, epsilon: 0.3, seed: 5).bits == once)
  }

  @Test func leavesTheModelAlone() {
    // A tracked image would keep its tape alive in every result.
    for attack in AttackCatalog.all {
      let (signs, logits) = attack.direction(against: Samples.linear, x, labels: labels, key: Key(seed: 1))
      #expect(!signs.isTracked)
      #expect(logits?.isTracked != true)
      #expect(signs.elements.allSatisfy { [-1, 0, 1].contains($0) })
    }
  }

  // MARK: - Noise

  @Test func noiseIsAFairCoin() {
    let x = Tensor.ones([100, 10, 10, 1])
    let signs = SignNoise().direction(
      against: Samples.linear, x, labels: [], key: Key(seed: 6)
    ).signs.elements
    #expect(signs.allSatisfy { $0.magnitude == 1 })
    // n = 10,000, p = ½: a deviation of 50.
    #expect((signs.count { $0 == 1 } - 5000).magnitude < 200)
  }

  @Test func noiseFollowsFromTheSeed() {
    let noise = Choice(attack: SignNoise(), region: .everywhere)
    #expect(attacked(noise, epsilon: 0.1, seed: 1).bits != attacked(noise, epsilon: 0.1, seed: 2).bits)
  }

  @Test func noiseIgnoresTheModel() {
    let key = Key(seed: 3)
    let other = LinearClassifier(Samples.linear.weights.map { $0.map { -$0 } }, imageShape: Samples.shape)
    #expect(
      SignNoise().direction(against: Samples.linear, x, labels: labels, key: key).signs.elements
        == SignNoise().direction(against: other, x, labels: labels.map { 2 - $0 }, key: key).signs.elements)
  }
}
