import Adversary
import Autograd
import Datasets
import Kernels
import Network
import Testing

/// What holds for every attack of the catalogue.
@Suite struct AttackTests {
  struct Choice: Sendable, CustomStringConvertible {
    let attack: any Attack
    let region: FreePixels
    var description: String { "\(attack.name), \(region.name)" }
  }

  static let choices = AttackCatalog.all.flatMap { attack in
    [.foreground, .everywhere, .mask(mask)].map { Choice(attack: attack, region: $0) }
  }

  private static let count = 24
  /// Another for each image: a third of the pixels stay, black or not, and in one image all.
  private static let mask = Samples.mask(count, closed: 5)
  private let images = Samples.images(Self.count, labels: 5)
  private var x: Tensor { images.tensor(Array(0..<Self.count)) }
  private var labels: [Int] { images.labels(Array(0..<Self.count)) }

  /// A size at which some images fall and some stand.
  private func size(_ attack: any Attack) -> Float {
    switch attack.norm {
    case .linf: 0.1
    case .l2: 0.3
    case .l0: 2
    case nil: 1
    }
  }

  private func attacked(
    _ attack: any Attack, _ region: FreePixels, epsilon: Float, seed: UInt64 = 0,
    against classifier: any ImageClassifier = Samples.wide
  ) -> Tensor {
    EpsilonSweep(attack, region: region, epsilons: [], key: Key(seed: seed))
      .images(against: classifier, x, labels: labels, epsilon: epsilon)
  }

  @Test func namesAreUniqueAndFound() {
    let names = AttackCatalog.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { AttackCatalog.named($0)?.name == $0 })
    #expect(AttackCatalog.named("bogus") == nil)
    #expect(AttackCatalog.all.allSatisfy { !$0.settings.isEmpty })
    // As the command asks for it, through the protocol.
    for (name, words) in [("fgsm", "FGSM alone"), ("fgm-l2", "FGSM alone"), ("noise", "control")] {
      #expect(AttackCatalog.named(name)?.caveat.contains(words) == true, "\(name)")
    }
  }

  @Test(arguments: choices)
  func aSizeOfZeroIsTheIdentity(_ choice: Choice) {
    #expect(attacked(choice.attack, choice.region, epsilon: 0).bits == x.bits)
  }

  /// To clip an image that is black and white must not change its bits, the sign of zero included.
  @Test func aDirectionOfZeroIsTheIdentity() {
    let x = Tensor([0, -0.0, 1, 0.5, .leastNonzeroMagnitude], shape: [1, 1, 5, 1])
    #expect(perturbed(x, along: .zeros(x.shape), epsilon: 1).bits == x.bits)
  }

  @Test(arguments: choices)
  func staysWithinEpsilonTheUnitRangeAndTheMask(_ choice: Choice) throws {
    for factor in [0.3, 1, 5] as [Float] {
      let epsilon = (size(choice.attack) * factor).rounded(choice.attack.norm == .l0 ? .up : .toNearestOrEven)
      let used = choice.attack.norm == .l0 ? epsilon : size(choice.attack) * factor
      let bounded = choice.attack.norm == nil ? min(used, 1) : used
      let attacked = attacked(choice.attack, choice.region, epsilon: bounded)
      #expect(attacked.elements.allSatisfy { (0...1).contains($0) })
      if let norm = choice.attack.norm {
        let lengths = norm.lengths(of: attacked - x)
        #expect(lengths.allSatisfy { Double($0) <= Double(bounded) * (1 + 1e-6) + 1e-6 }, "\(lengths)")
      }
      guard let mask = choice.region.mask(of: x, at: Array(0..<Self.count))?.elements else { continue }
      let (before, after) = (x.bits, attacked.bits)
      let background = mask.indices.filter { mask[$0] == 0 }
      #expect(background.count > 50)
      #expect(background.allSatisfy { before[$0] == after[$0] })
    }
  }

  /// Every attack does something, and the stronger ones break what can be broken.
  @Test(arguments: choices)
  func breaksSomeImages(_ choice: Choice) {
    let before = Samples.wide.predictions(x)
    let after = Samples.wide.predictions(
      attacked(choice.attack, choice.region, epsilon: 3 * size(choice.attack).rounded(.up)))
    let right = labels.indices.filter { before[$0] == labels[$0] }
    #expect(right.contains { after[$0] != labels[$0] })
  }

  /// Each image that the classifier is shown on the way is the clean one outside the mask.
  @Test(arguments: AttackCatalog.all.map { Choice(attack: $0, region: .foreground) })
  func noIterateLeavesTheMask(_ choice: Choice) {
    let witness = Witness(Samples.wide)
    _ = attacked(choice.attack, .foreground, epsilon: size(choice.attack), against: witness)
    // Rows are gathered as images fall, so each seen image is held against all clean ones.
    let clean = x.bits.chunks(of: Samples.size)
    let backgrounds = clean.map { image in image.indices.filter { image[$0] == 0 } }
    #expect(witness.seen.isEmpty == choice.attack.name.hasSuffix("noise"))
    let strangers = witness.seen.flatMap { $0.bits.chunks(of: Samples.size) }.count { seen in
      !backgrounds.contains { background in background.allSatisfy { seen[$0] == 0 } }
    }
    #expect(strangers == 0)
  }

  @Test(arguments: AttackCatalog.all.map { Choice(attack: $0, region: .everywhere) })
  func aFullMaskIsNoMaskAndAnEmptyOneNoAttack(_ choice: Choice) {
    let keys = (0..<Self.count).map { Key(seed: 7).derived($0) }
    func attacked(_ mask: Tensor?) -> Tensor {
      let task = AttackTask(Samples.wide, images: x, labels: labels, mask: mask, keys: keys)
      return choice.attack.perturbation(task).applied(
        to: task, norm: choice.attack.norm, epsilon: size(choice.attack)
      ).images
    }
    #expect(attacked(.ones(x.shape)).bits == attacked(nil).bits)
    #expect(attacked(.zeros(x.shape)).bits == x.bits)
  }

  @Test(arguments: choices)
  func followsFromTheSeedAndNotFromTheBatch(_ choice: Choice) {
    func bits(batchSize: Int) -> [UInt32] {
      let sweep = EpsilonSweep(
        choice.attack, region: choice.region, epsilons: [size(choice.attack)], batchSize: batchSize,
        key: Key(seed: 5))
      var bits: [UInt32] = []
      sweep.forEachAttacked(of: Samples.wide, on: images) { bits += $0.images.bits }
      return bits
    }
    let together = bits(batchSize: Self.count)
    #expect(bits(batchSize: Self.count) == together)
    #expect(bits(batchSize: 7) == together)
  }

  @Test(arguments: AttackCatalog.all.filter(\.isTargetable).map { Choice(attack: $0, region: .everywhere) })
  func reachesTheTargetWhereThereIsRoom(_ choice: Choice) throws {
    let target = 2
    let others = images.at(labels.indices.filter { labels[$0] != target })
    let sweep = EpsilonSweep(
      choice.attack, region: .everywhere, epsilons: [0, 8 * size(choice.attack).rounded(.up)], target: target)
    let predictions = try sweep.predictions(of: Samples.wide, on: others)
    let (before, after) = (predictions[0].count { $0 == target }, predictions[1].count { $0 == target })
    #expect(after > before)
  }

  @Test func leavesTheModelAlone() {
    // A tracked image would keep its tape alive in every result.
    let keys = (0..<Self.count).map { Key(seed: 7).derived($0) }
    let task = AttackTask(Samples.wide, images: x, labels: labels, keys: keys)
    for attack in AttackCatalog.all {
      switch attack.perturbation(task) {
      case .along(let direction): #expect(!direction.isTracked)
      case .nearest(let images): #expect(!images.isTracked)
      case .images(let attacked): #expect(!attacked(size(attack)).isTracked)
      }
    }
  }

  /// What the harness would put right, no attack does: outside the mask, [0, 1] or ε, in images that are
  /// mostly black or white.
  @Test(arguments: choices)
  func attacksKeepTheRulesThemselves(_ choice: Choice) {
    let sharp = LabeledImages(
      name: images.name, split: .test, height: images.height, width: images.width,
      pixels: images.pixels.map { $0 < 100 ? 0 : $0 > 200 ? 255 : $0 }, labels: images.labels,
      labelNames: images.labelNames)
    let sweep = EpsilonSweep(choice.attack, region: choice.region, epsilons: [0, size(choice.attack)])
    sweep.forEachAttacked(of: Samples.wide, on: sharp) { batch in #expect(batch.repairs == 0) }
  }

  /// Where an image is mistaken as it is, there is nothing to search for, and nothing that another
  /// classifier's images could mend.
  @Test(
    arguments: choices.filter { !["fgsm", "fgm-l2"].contains($0.attack.name) && $0.attack.caveat.isEmpty })
  func mistakenImagesStayAsTheyAre(_ choice: Choice) {
    let wrong = mislabelled
    let sweep = EpsilonSweep(choice.attack, region: choice.region, epsilons: [size(choice.attack)])
    for surrogate in [nil, Self.opposite] {
      sweep.forEachAttacked(of: Samples.wide, craftedOn: surrogate, on: wrong) { batch in
        #expect(batch.images.bits == batch.clean.bits)
      }
    }
  }

  /// Made on another classifier, they go on: that it mistakes them as they are says nothing of the attacked
  /// one.
  @Test(arguments: [AutoAttack.linf, AutoPGD.targeted, ProjectedGradient.pgd] as [any Attack])
  func imagesForAnotherClassifierGoOn(_ attack: any Attack) {
    let sweep = EpsilonSweep(attack, region: .everywhere, epsilons: [0.1])
    sweep.forEachAttacked(of: Samples.wide, craftedOn: Self.opposite, on: labelled { $0 }) { batch in
      let size = batch.clean.count / batch.indices.count
      let (clean, images) = (batch.clean.bits, batch.images.bits)
      let changed = batch.indices.indices.count { row in
        clean[row * size..<(row + 1) * size] != images[row * size..<(row + 1) * size]
      }
      // A search for another loss may find nothing of a larger margin than the clean image's.
      #expect(changed * 4 >= batch.indices.count * 3)
    }
  }

  /// Where nothing is in the way, four steps that fall from ε/4 go (1 + 0.854 + 0.5 + 0.146)·ε/4, and equal
  /// ones ε.
  @Test(arguments: [(true, 0.625), (false, 1)] as [(Bool, Float)])
  func stepsFallAlongHalfACosine(_ stepsFall: Bool, _ length: Float) {
    let grey = Tensor(repeating: 0.5, shape: x.shape)
    let task = AttackTask(
      Samples.wide, images: grey, labels: Samples.wide.predictions(grey),
      keys: (0..<Self.count).map { Key(seed: 7).derived($0) })
    let attack = ProjectedGradient(
      "steps", .linf, steps: 4, relativeStep: 0.25, stepsFall: stepsFall, startsAtRandom: false)
    for found in Norm.linf.lengths(of: attack.images(task, within: 0.001) - grey) {
      #expect((found - length * 0.001).magnitude < 1e-6)
    }
  }

  /// Takes for the likeliest what the classifier takes for the least likely.
  private static let opposite = LinearClassifier(
    Samples.wide.weights.map { $0.map { -$0 } }, imageShape: Samples.shape)

  /// Every label is one that the classifier does not give.
  private var mislabelled: LabeledImages { labelled { ($0 + 1) % 5 } }

  /// The images with labels that follow from what the classifier gives.
  private func labelled(_ label: (Int) -> Int) -> LabeledImages {
    LabeledImages(
      name: images.name, split: .test, height: images.height, width: images.width, pixels: images.pixels,
      labels: Samples.wide.predictions(on: images).map { UInt8(label($0)) }, labelNames: images.labelNames)
  }

  /// A harness that trusts nobody.
  @Test func anAttackThatCheatsGetsNothing() {
    let keys = (0..<Self.count).map { Key(seed: 7).derived($0) }
    let mask = Region.foreground.mask(of: x)
    let task = AttackTask(Samples.wide, images: x, labels: labels, mask: mask, keys: keys)
    let far = Perturbation.images { _ in Tensor(repeating: 0.5, shape: x.shape) }
    let refused = far.applied(to: task, norm: .linf, epsilon: 0.01)
    #expect(refused.images.bits == x.bits && refused.repairs == Self.count)
    let wild = Perturbation.images { _ in Tensor(repeating: .nan, shape: x.shape) }
    #expect(wild.applied(to: task, norm: .linf, epsilon: 0.5).images.bits == x.bits)
    let bright = Perturbation.images { _ in x + 3 }.applied(to: task, norm: .linf, epsilon: 1)
    for (index, value) in bright.images.elements.enumerated() {
      #expect(value == (x.elements[index] == 0 ? 0 : 1))
    }
    #expect(bright.repairs == Self.count)
    // The nearest that fools may lie beyond ε: then there is none within, and nobody cheated.
    let beyond = Perturbation.nearest(x + mask * x * 0.5).applied(to: task, norm: .linf, epsilon: 0.01)
    #expect(beyond.images.bits == x.bits && beyond.repairs == 0)
  }

  /// What one of several attacks makes is seen, too: nothing is put right before it is counted.
  @Test func aStageThatCheatsIsSeen() {
    struct Cheat: Attack {
      let name = "cheat"
      let settings = "none"
      let norm: Norm? = .linf
      let role = AttackRole.iterative
      func perturbation(_ task: AttackTask) -> Perturbation { .images { _ in task.images * -1 } }
    }
    func repairs(_ attack: any Attack) -> Int {
      var count = 0
      EpsilonSweep(attack, region: .everywhere, epsilons: [0.001])
        .forEachAttacked(of: Samples.wide, on: images) { count += $0.repairs }
      return count
    }
    #expect(repairs(Repeated(Cheat(), times: 2)) > 0)
    #expect(repairs(AutoAttack("both", .linf, [FAB.linf, Cheat()])) > 0)
  }

  // MARK: - Noise

  @Test(arguments: [SignNoise(), UniformNoise(), RandomDirection()] as [any Attack])
  func noiseIgnoresTheModelAndFollowsFromTheSeed(_ noise: any Attack) {
    func bits(_ seed: UInt64, _ classifier: any ImageClassifier) -> [UInt32] {
      attacked(noise, .everywhere, epsilon: 0.1, seed: seed, against: classifier).bits
    }
    #expect(bits(1, Samples.wide) == bits(1, Self.opposite))
    #expect(bits(1, Samples.wide) != bits(2, Samples.wide))
  }

  @Test func noiseIsAFairCoin() {
    let x = Tensor(repeating: 0.5, shape: [100, 3, 4, 1])
    let sweep = EpsilonSweep(SignNoise(), region: .everywhere, epsilons: [])
    let signs = sweep.images(
      against: Samples.wide, x, labels: [Int](repeating: 0, count: 100), epsilon: 0.5
    ).elements
    #expect(signs.allSatisfy { $0 == 0 || $0 == 1 })
    // n = 1200, p = ½: a deviation of 17.
    #expect((signs.count { $0 == 1 } - 600).magnitude < 70)
  }

  /// The worst of many draws is at least as bad as any of them.
  @Test func repeatedNoiseIsAWorstCase() {
    func right(_ attack: any Attack) -> [Bool] {
      let predictions = Samples.wide.predictions(attacked(attack, .everywhere, epsilon: 0.4))
      return zip(predictions, labels).map { $0 == $1 }
    }
    let clean = zip(Samples.wide.predictions(x), labels).map { $0 == $1 }
    let (once, often) = (right(SignNoise()), right(Repeated(SignNoise(), times: 50)))
    #expect(often.count { $0 } < once.count { $0 })
    #expect(zip(clean, often).allSatisfy { $0 || !$1 }, "what is mistaken as it is stays so")
  }
}

extension Array {
  fileprivate func chunks(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<$0 + size]) }
  }
}
