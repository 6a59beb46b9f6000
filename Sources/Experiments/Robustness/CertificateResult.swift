import Adversary
import Eval
import Network

/// What is proven of one classifier in one region at one ε.
public struct CertificateResult: Sendable {
  /// How it was proven; it decides the norm of ε.
  public let method: CertificationMethod
  /// The method's settings in words, such as σ and the numbers of samples.
  public let settings: String
  /// In units of the pixel range [0, 1].
  public let epsilon: Float
  /// The pixels that may change in what is proven.
  public let region: FreePixels
  /// Whether each image has its true label under every disturbance up to ε, of the first images of the set.
  public let certified: [Bool]

  /// What a method proved of the first images of a set.
  public init(
    method: CertificationMethod, settings: String, epsilon: Float, region: FreePixels, certified: [Bool]
  ) {
    self.method = method
    self.settings = settings
    self.epsilon = epsilon
    self.region = region
    self.certified = certified
  }

  /// The share of the images that are certified, with its Wilson interval.
  public var accuracy: Proportion { Proportion(right: certified) }

  /// How many of the certified images an attack fooled all the same: a mistake in the one or the other.
  ///
  /// A certificate by smoothing speaks of another classifier than the attacks do, and contradicts nothing.
  public func contradictions(_ attacks: [AttackResult]) -> Int {
    guard method == .ibp else { return 0 }
    // A certificate for all pixels holds for some of them, too.
    let covered = attacks.filter {
      $0.norm == method.norm && $0.epsilon <= epsilon && region.includes($0.region)
    }
    return certified.indices.count { index in
      certified[index] && covered.contains { index < $0.right.count && !$0.right[index] }
    }
  }
}

extension FreePixels {
  /// Whether what changes pixels of `other` only surely stays within these.
  func includes(_ other: FreePixels) -> Bool { self == .everywhere || self == other }
}
