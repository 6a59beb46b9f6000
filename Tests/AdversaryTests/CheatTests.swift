import Adversary
import Autograd
import Kernels
import Network
import Testing

/// An attack that cheats, in whatever way the protocol allows, gains nothing, and is counted.
@Suite struct CheatTests {
  /// An answer that breaks a rule.
  enum Way: CaseIterable {
    case directionOutsideTheMask, directionTooLong, directionNotANumber, directionInfinite
    case nearestOutsideTheMask, nearestOutsideTheRange, nearestNotANumber, nearestBeyondEpsilon
    case imagesBeyondEpsilon, imagesOutsideTheRange, imagesOutsideTheMask, imagesNotANumber
    case imagesOfOthers
  }

  private struct Cheat: Attack {
    let way: Way
    var norm: Norm? = .linf
    let name = "cheat"
    let settings = "for a test"
    let role = AttackRole.blind

    func perturbation(_ task: AttackTask) -> Perturbation {
      let x = task.images
      // Flips what the classifier thinks wherever it is believed.
      let wild = Tensor(repeating: -1, shape: x.shape)
      let closed = (task.mask ?? .ones(x.shape)).scaled(by: -1, plus: 1)
      return switch way {
      case .directionOutsideTheMask: .along(closed)
      case .directionTooLong: .along(task.masked(wild * 1000))
      case .directionNotANumber: .along(wild * .nan)
      case .directionInfinite: .along(wild * .infinity)
      case .nearestOutsideTheMask: .nearest(x + closed * 1e-4)
      case .nearestOutsideTheRange: .nearest(x + task.masked(wild))
      case .nearestNotANumber: .nearest(wild * .nan)
      case .nearestBeyondEpsilon: .nearest(task.masked(x * -0.5) + x)
      case .imagesBeyondEpsilon: .images { _ in task.masked(x * -0.5) + x }
      case .imagesOutsideTheRange: .images { _ in x + task.masked(wild) }
      case .imagesOutsideTheMask: .images { epsilon in x + closed * epsilon }
      case .imagesNotANumber: .images { _ in wild * .nan }
      case .imagesOfOthers:
        .images { _ in
          .concatenate(
            (0..<task.count).reversed().map {
              x.sliced(start: [$0, 0, 0, 0], size: [1] + x.shape.dropFirst())
            }, axis: 0)
        }
      }
    }
  }

  private let images = Samples.images(24, labels: 5)

  @Test(arguments: Way.allCases)
  func gainsNothing(_ way: Way) {
    let epsilon: Float = 0.01
    let sweep = EpsilonSweep(Cheat(way: way), region: .foreground, epsilons: [0, epsilon])
    sweep.forEachAttacked(of: Samples.wide, on: images) { batch in
      let (clean, attacked) = (batch.clean.elements, batch.images.elements)
      let mask = batch.mask?.elements ?? []
      for index in clean.indices {
        #expect((0...1).contains(attacked[index]))
        if mask[index] == 0 { #expect(attacked[index].bitPattern == clean[index].bitPattern) }
      }
      #expect(Norm.linf.lengths(of: batch.images - batch.clean).allSatisfy { $0 <= epsilon * 1.0001 })
      // The nearest that fools may lie beyond ε: then there is none within, and nobody cheated.
      let isHonest =
        batch.epsilonIndex == 0 || [.nearestBeyondEpsilon, .nearestOutsideTheRange].contains(way)
      if !isHonest, way != .nearestNotANumber { #expect(batch.repairs > 0, "\(way)") }
    }
  }

  /// A direction is looked at once, for all ε, image by image: the honest ones keep theirs bit for bit.
  @Test func onlyTheCheatedImagesLoseTheirDirection() {
    let x = images.tensor(Array(0..<24))
    let task = AttackTask(
      Samples.wide, images: x, labels: images.labels(Array(0..<24)),
      keys: (0..<24).map { Key(seed: 1).derived($0) })
    let half = (0..<24).flatMap { [Float](repeating: $0 < 12 ? 1 : 1.5, count: Samples.size) }
    for norm in [Norm.linf, nil] {
      let applied = Perturbation.along(Tensor(half, shape: x.shape)).applied(
        to: task, norm: norm, epsilon: 0.25)
      let honest = perturbed(x, along: Tensor(half, shape: x.shape), epsilon: 0.25).bits
      let split = 12 * Samples.size
      #expect(Array(applied.images.bits[..<split]) == Array(honest[..<split]))
      // What no norm measures has no length.
      #expect(
        Array(applied.images.bits[split...]) == Array(norm == nil ? honest[split...] : x.bits[split...]))
      #expect(applied.repairs == (norm == nil ? 0 : 12))
    }
  }

  /// A change of pixels does not shrink with ε: a direction in L0 is counted at each.
  @Test func aDirectionInL0IsCountedAtEachSize() {
    let x = images.tensor(Array(0..<24))
    let task = AttackTask(
      Samples.wide, images: x, labels: images.labels(Array(0..<24)),
      keys: (0..<24).map { Key(seed: 1).derived($0) })
    let all = Perturbation.along(.ones(x.shape)).applied(to: task, norm: .l0, epsilon: 2)
    #expect(all.images.bits == x.bits && all.repairs == 24)
  }

  /// Which labels the clean images get is what the classifier says, whatever an attack showed it first.
  @Test func cleanPredictionsAreTheClassifiers() throws {
    struct Sly: Attack {
      let name = "sly"
      let settings = "for a test"
      let norm: Norm? = .linf
      let role = AttackRole.blind
      func perturbation(_ task: AttackTask) -> Perturbation {
        _ = task.classifier.logits(task.images * 0)
        return .along(.zeros(task.images.shape))
      }
    }
    let clean = Samples.wide.predictions(on: images)
    for attack in [Sly(), FGSM()] as [any Attack] {
      let sweep = EpsilonSweep(attack, region: .everywhere, epsilons: [0])
      #expect(try sweep.predictions(of: Samples.wide, on: images) == [clean])
    }
  }
}
