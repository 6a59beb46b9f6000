import Adversary
import Autograd
import Datasets
import Kernels
import Network
import Testing

/// Minimum-norm attacks on linear classifiers, where the nearest mistake is known in closed form.
@Suite struct MinimumNormTests {
  private static let count = 40
  /// Grey enough that no pixel runs out of room on the way: the closed form knows no clipping.
  private static let images = LabeledImages(
    name: "grey", split: .test, height: 3, width: 4,
    pixels: (0..<count * Samples.size).map { UInt8(110 + Key(seed: 11).word($0) % 40) },
    labels: [UInt8](repeating: 0, count: count), labelNames: ["0", "1", "2", "3", "4"])

  /// The distance of an image to the nearest other label: min over k of gap_k / ‖w_k - w_y‖ in the dual norm.
  private static func distance(_ image: Int, label: Int, _ norm: Norm, mask: [Bool]) -> Double {
    let pixels = images.image(at: image).map { Double($0) / 255 }
    let logits = Samples.wide.logits(of: pixels)
    return (0..<5).filter { $0 != label }.map { other in
      let slopes = Samples.wide.weights.indices.filter { mask[$0] }.map {
        Double(Samples.wide.weights[$0][other] - Samples.wide.weights[$0][label])
      }
      let dual =
        norm == .linf
        ? slopes.reduce(0) { $0 + $1.magnitude } : slopes.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return (logits[label] - logits[other]) / dual
    }.min() ?? 0
  }

  struct Case: Sendable, CustomStringConvertible {
    let attack: any Attack
    /// How much farther than the nearest mistake the attack's may be.
    let tolerance: Double
    let isMasked: Bool
    var description: String { "\(attack.name)\(isMasked ? ", masked" : "")" }
  }

  static let cases = [false, true].flatMap { isMasked in
    [
      (DeepFool.linf, 1e-4), (DeepFool.l2, 1e-4), (FAB.linf, 1e-3), (FAB.l2, 1e-3), (CarliniWagner(), 0.01),
    ].map { (attack: any Attack, tolerance) in Case(attack: attack, tolerance: tolerance, isMasked: isMasked)
    }
  }

  @Test(arguments: cases) func findsTheNearestMistake(_ kind: Case) throws {
    let x = Self.images.tensor(Array(0..<Self.count))
    let labels = Samples.wide.predictions(x)
    let mask = (0..<Samples.size).map { !kind.isMasked || $0 % 3 != 1 }
    let task = AttackTask(
      Samples.wide, images: x, labels: labels,
      mask: kind.isMasked
        ? Tensor((0..<x.count).map { mask[$0 % Samples.size] ? 1 : 0 }, shape: x.shape) : nil,
      keys: (0..<Self.count).map { Key(seed: 3).derived($0) })
    guard case .nearest(let found) = kind.attack.perturbation(task) else {
      Issue.record("\(kind.attack.name) is no minimum-norm attack")
      return
    }
    let norm = try #require(kind.attack.norm)
    let lengths = norm.lengths(of: found - x)
    #expect(zip(Samples.wide.predictions(found), labels).allSatisfy { $0 != $1 })
    var ratios: [Double] = []
    for image in 0..<Self.count {
      let nearest = Self.distance(image, label: labels[image], norm, mask: mask)
      // Pixels between 0.43 and 0.58 have room for this.
      try #require(nearest < 0.4)
      ratios.append(Double(lengths[image]) / nearest)
    }
    // Below 1 only by the rounding of single precision near the boundary.
    #expect(ratios.allSatisfy { $0 > 0.999 }, "\(ratios.min() ?? 0)")
    #expect((ratios.max() ?? 2) < 1 + kind.tolerance, "\(ratios)")
  }

  /// Searches that follow one label, on a classifier of two: with more they may settle on one that is not the
  /// nearest.
  @Test(
    arguments: [
      (DecoupledDirection(), 1.01), (FastMinimumNorm(), 1.01), (HopSkipJump.l2, 1.1),
      (HopSkipJump.linf, 1.25),
    ] as [(any Attack, Float)])
  func findsTheNearestMistakeOfTwoLabels(_ attack: any Attack, bound: Float) throws {
    let model = Samples.binary(Samples.w)
    let x = Self.images.tensor(Array(0..<20))
    let labels = model.predictions(x)
    let task = AttackTask(model, images: x, labels: labels, keys: (0..<20).map { Key(seed: 3).derived($0) })
    guard case .nearest(let found) = attack.perturbation(task) else { return }
    let norm = try #require(attack.norm)
    let dual =
      norm == .linf
      ? Samples.w.reduce(0) { $0 + $1.magnitude } : Samples.w.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let margins = model.logits(x).elements
    let ratios = norm.lengths(of: found - x).enumerated().map { image, length in
      length / ((margins[2 * image] - margins[2 * image + 1]).magnitude / dual)
    }
    #expect(ratios.allSatisfy { $0 > 0.999 && $0 < bound }, "\(ratios)")
  }

  /// Attacks of a given size succeed where the nearest mistake is within it, and only there. Cross-entropy
  /// may follow another label than the nearest one.
  @Test(
    arguments: [
      ProjectedGradient.pgd, ProjectedGradient.pgdDecay, ProjectedGradient.pgdL2, AutoPGD.crossEntropy,
      AutoPGD.crossEntropyL2, AutoPGD.logitRatio, AutoPGD.targeted, AutoPGD.targetedL2, AutoAttack.linf,
      AutoAttack.l2, Square.linf,
    ] as [any Attack])
  func succeedsExactlyWithinTheDistance(_ attack: any Attack) throws {
    let norm = try #require(attack.norm)
    let x = Self.images.tensor(Array(0..<Self.count))
    let labels = Samples.wide.predictions(x)
    let distances = labels.indices.map {
      Self.distance($0, label: labels[$0], norm, mask: [Bool](repeating: true, count: Samples.size))
    }
    let epsilon = distances.sorted()[Self.count / 2]
    let task = AttackTask(
      Samples.wide, images: x, labels: labels, keys: (0..<Self.count).map { Key(seed: 3).derived($0) })
    let attacked = attack.perturbation(task).applied(to: task, norm: norm, epsilon: Float(epsilon)).images
    var standing = 0
    for (image, predicted) in Samples.wide.predictions(attacked).enumerated() {
      // Near the boundary a search without gradients may miss.
      if distances[image] < 0.97 * epsilon, predicted == labels[image] { standing += 1 }
      if distances[image] > 1.0001 * epsilon { #expect(predicted == labels[image], "image \(image) fell") }
    }
    let followsOneLabel = ["pgd", "pgd-decay", "pgd-l2", "apgd-ce", "apgd-ce-l2", "apgd-dlr"].contains(
      attack.name)
    #expect(standing <= (followsOneLabel ? 2 : 0))
  }

  /// Where pixels run out of room, the exact answer is found by trying all λ in double precision. The
  /// overshoot moves the pixels that have room only, which leaves its square.
  @Test(arguments: [DeepFool.linf, DeepFool.l2, FAB.linf, FAB.l2] as [any Attack])
  func isExactWherePixelsRunOutOfRoom(_ attack: any Attack) throws {
    let model = Samples.binary(Samples.w.map { $0 * 3 })
    let images = Samples.images(30, labels: 2)
    let x = images.tensor(Array(0..<30))
    let labels = model.predictions(x)
    let norm = try #require(attack.norm)
    let task = AttackTask(
      model, images: x, labels: labels, keys: (0..<30).map { Key(seed: 3).derived($0) })
    guard case .nearest(let found) = attack.perturbation(task) else { return }
    let lengths = norm.lengths(of: found - x)
    var cut = 0
    for image in 0..<30 {
      let pixels = images.image(at: image).map { Double($0) / 255 }
      guard let (nearest, isCut) = Self.boxedDistance(pixels, Samples.w.map { Double($0) * 3 }, norm) else {
        continue
      }
      cut += isCut ? 1 : 0
      #expect(
        (Double(lengths[image]) / nearest - 1).magnitude < (attack is FAB ? 5e-3 : 2e-3),
        "image \(image): \(lengths[image]), \(nearest)")
    }
    #expect(cut > 5, "the test is about pixels without room")
  }

  /// The least length that brings w·x to 0 within [0, 1], by bisection of λ.
  private static func boxedDistance(
    _ pixels: [Double], _ w: [Double], _ norm: Norm
  ) -> (length: Double, isCut: Bool)? {
    let score = zip(pixels, w).reduce(0) { $0 + $1.0 * $1.1 }
    let sign: Double = score > 0 ? -1 : 1
    func steps(_ scale: Double) -> [Double] {
      zip(pixels, w).map { pixel, weight in
        let direction = norm == .l2 ? weight : (weight < 0 ? -1 : 1)
        return min(max(pixel + sign * scale * direction, 0), 1) - pixel
      }
    }
    func rest(_ scale: Double) -> Double {
      (score + zip(steps(scale), w).reduce(0) { $0 + $1.0 * $1.1 }) * -sign
    }
    guard rest(1e6) < 0 else { return nil }
    var (low, high) = (0.0, 1e6)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if rest(middle) > 0 { low = middle } else { high = middle }
    }
    let found = steps(high)
    let free = zip(found, w).map { ($0.magnitude - high * (norm == .l2 ? $1.magnitude : 1)).magnitude < 1e-9 }
    let length =
      norm == .linf
      ? found.map(\.magnitude).max() ?? 0 : found.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return (length, free.contains(false))
  }

  /// On a linear model the fewest pixels are those with the largest gains, each moved to black or white.
  @Test func sigmaZeroNeedsHardlyMorePixelsThanTheFewest() {
    let images = Samples.images(40, labels: 5)
    let x = images.tensor(Array(0..<40))
    let labels = Samples.wide.predictions(x)
    let task = AttackTask(
      Samples.wide, images: x, labels: labels, keys: (0..<40).map { Key(seed: 3).derived($0) })
    guard case .nearest(let found) = SigmaZero().perturbation(task) else { return }
    let counts = Norm.l0.lengths(of: found - x)
    var (excess, total) = (0, 0)
    for image in 0..<40 {
      let pixels = images.image(at: image).map { Double($0) / 255 }
      let logits = Samples.wide.logits(of: pixels)
      let fewest = (0..<5).filter { $0 != labels[image] }.compactMap { other -> Int? in
        let gains = Samples.wide.weights.indices.map { pixel -> Double in
          let slope = Double(Samples.wide.weights[pixel][other] - Samples.wide.weights[pixel][labels[image]])
          return slope > 0 ? slope * (1 - pixels[pixel]) : -slope * pixels[pixel]
        }.sorted(by: >)
        var gap = logits[labels[image]] - logits[other]
        for (index, gain) in gains.enumerated() {
          gap -= gain
          if gap < 0 { return index + 1 }
        }
        return nil
      }.min()
      guard let fewest else { continue }
      #expect(Int(counts[image]) >= fewest)
      excess += Int(counts[image]) - fewest
      total += fewest
    }
    #expect(Double(excess) < 0.2 * Double(total), "\(excess) more than \(total)")
  }
}
