import Adversary
import Eval
import Network

/// One attack on one classifier in one region, image by image, with what the harness measured itself.
public struct AttackResult: Sendable {
  /// The attack's name.
  public let attack: String
  /// What the attack knows of the classifier, and how it searches; checks tell attacks apart by it.
  public let role: AttackRole
  /// Steps, step sizes, restarts and queries of the attack, in words.
  public let settings: String
  /// What ε measures; nil where it is not the length of a difference of pixels.
  public let norm: Norm?
  /// In units of the pixel range [0, 1]; where there is no norm, as the attack counts it.
  public let epsilon: Float
  /// The pixels that the attack was allowed to change.
  public let region: FreePixels
  /// The classifier that the images were made on, where it is another.
  public let craftedOn: String?
  /// Whether each image got its true label, of the first images of the set.
  public let right: [Bool]
  /// Images that went farther than ε, left [0, 1], or changed outside the mask, before the harness put that
  /// right or after.
  public let violations: Int
  /// Images that are taken for something else when they are stored as bytes.
  public let changedByBytes: Int

  /// What came of an attack, which gives its name, role, settings and norm.
  public init(
    _ attack: any Attack, epsilon: Float, region: FreePixels, craftedOn: String? = nil, right: [Bool],
    violations: Int = 0, changedByBytes: Int = 0
  ) {
    self.attack = attack.name
    role = attack.role
    settings = attack.settings
    norm = attack.norm
    self.epsilon = epsilon
    self.region = region
    self.craftedOn = craftedOn
    self.right = right
    self.violations = violations
    self.changedByBytes = changedByBytes
  }

  /// The share of the images that are right after the attack, with its Wilson interval.
  public var accuracy: Proportion { Proportion(right: right) }

  /// What an attack that tries others in turn leaves: what all of them do.
  static func combined(_ parts: [AttackResult], as attack: any Attack) -> AttackResult {
    let first = parts[0]
    precondition(
      parts.allSatisfy {
        ($0.norm, $0.epsilon, $0.region, $0.right.count)
          == (first.norm, first.epsilon, first.region, first.right.count) && $0.craftedOn == nil
      }, "AttackResult.combined: results that do not belong together")
    return AttackResult(
      attack, epsilon: first.epsilon, region: first.region,
      right: first.right.indices.map { index in parts.allSatisfy { $0.right[index] } })
  }
}

extension [AttackResult] {
  /// Everywhere, then what else attacks were restricted to; the foreground where they were to nothing.
  var regions: [FreePixels] {
    [.everywhere, first { $0.region != .everywhere }?.region ?? .foreground]
  }
}
