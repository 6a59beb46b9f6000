import Adversary
import Datasets
import Files
import FoundationEssentials
import Network

/// An image and an attack on it, by an address: `eval accuracy-vs-epsilon` with options of these names
/// attacks the same way.
struct AttackRequest {
  /// What is attacked.
  enum Subject {
    /// An image of the data, by its position.
    case test(Int)
    /// Pixels that somebody brought, `[H, W]`, and the label that counts as right; nil for the one that the
    /// classifier gives.
    case own([UInt8], label: Int?)
  }

  let subject: Subject
  let classifier: String
  let attack: any Attack
  let region: FreePixels
  /// In units of pixels in [0, 1], or as the attack counts it.
  let epsilon: Double
  let seed: UInt64

  /// Not offered: they took 5 to 20 seconds for one image on two cores of a Zen 1, and others wait meanwhile.
  /// AutoAttack does where it does not succeed at once, for it tries these.
  private static let slow: Set<String> = ["fab-t", "fab-t-l2", "cw-l2", "autoattack", "autoattack-l2"]

  static let attacks = AttackCatalog.all.filter { !slow.contains($0.name) }

  /// - Parameters:
  ///   - classifiers: their names; the first is attacked where none is asked for.
  ///   - images: the data.
  init(_ query: LiveQuery, classifiers: [String], images: LabeledImages) throws(LiveRefusal) {
    guard let classifier = try query.choice("classifier", of: classifiers) else {
      throw .gone("classifier", "there is none")
    }
    guard images.count > 0 else { throw .gone("image", "the data set has none") }
    self.classifier = classifier
    let named = try query.choice("attack", of: Self.attacks.map(\.name))
    attack = Self.attacks.first { $0.name == named } ?? FGSM()
    let regions = Region.allCases.map(\.rawValue)
    region = FreePixels(
      Region(rawValue: try query.choice("region", of: ["foreground"] + regions) ?? "") ?? .foreground)
    let largest = PixelRange.unit.largestEpsilon(
      attack.norm, shape: [images.height, images.width, images.channels])
    epsilon = try query.number("epsilon", in: 0...(largest ?? 1), default: Self.usual(attack.norm))
    seed = try query.seed("seed") ?? 0
    if let text = query["pixels"] {
      let label = query["label"].flatMap { LabelName.index(of: $0, in: images.labelNames) }
      if let name = query["label"], label == nil {
        throw .malformed("label", expected: images.labelNames.joined(separator: ", "), found: name)
      }
      guard let pixels = Self.pixels(text), pixels.count == images.valuesPerImage else {
        throw .malformed(
          "pixels", expected: "\(images.valuesPerImage) bytes in base64, as an upload gives them", found: text
        )
      }
      subject = .own(pixels, label: label)
    } else {
      subject = .test(try query.integer("image", in: 0...images.count - 1, default: 0))
    }
  }

  /// What the slider begins with.
  static func usual(_ norm: Norm?) -> Double {
    switch norm {
    case .linf: 0.1
    case .l2: 1.5
    case .l0: 10
    case nil: 0.5
    }
  }

  /// How far the slider goes, and in which steps.
  static func slider(_ norm: Norm?) -> (most: String, step: String) {
    switch norm {
    case .linf: ("0.5", "0.005")
    case .l2: ("8", "0.05")
    case .l0: ("100", "1")
    case nil: ("1", "0.01")
    }
  }

  // MARK: - Pixels in an address

  /// In the letters that an address takes as they are (RFC 4648 §5), without padding.
  static func text(_ pixels: [UInt8]) -> String {
    Data(pixels).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }

  private static func pixels(_ text: String) -> [UInt8]? {
    let letters = text.replacing("-", with: "+").replacing("_", with: "/")
    let padding = String(repeating: "=", count: (4 - letters.utf8.count % 4) % 4)
    return Data(base64Encoded: letters + padding).map(Array.init)
  }
}
