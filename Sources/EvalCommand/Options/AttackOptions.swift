import Adversary
import ArgumentParser
import Datasets
import Files

extension AttackRegion: ExpressibleByArgument {}

/// The options that every attack shares.
struct AttackOptions: ParsableArguments {
  static let names = AttackCatalog.all.map(\.name).joined(separator: ", ")

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The pixel range that ε is counted in. The source of the published curve used -1...1, where ε is twice "
        + "what it is in 0...1.", valueName: "low...high"), transform: PixelRange.parse)
  var pixelRange: PixelRange = .unit

  @Option(parsing: .unconditional, help: "Seed of the random attacks.")
  var seed: UInt64 = 0

  static func named(_ name: String) throws -> any Attack {
    guard let found = AttackCatalog.named(name) else {
      let isList =
        name.contains(",") && name.split(separator: ",").allSatisfy { AttackCatalog.named("\($0)") != nil }
      throw ValidationError(
        "--attack: expected \(names), found \(name)" + (isList ? "; write --attack before each of them" : ""))
    }
    return found
  }

  /// The largest ε that there is in images of `shape`, where that is known, and what it is.
  func limit(_ norm: Norm?, shape: [Int]?) -> (epsilon: Double?, meaning: String) {
    let meaning =
      switch norm {
      case .linf: "the width of the pixel range \(pixelRange.title)"
      case .l2: "the length from black to white"
      case .l0: "the number of pixels"
      case nil: "the largest motion"
      }
    return (pixelRange.largestEpsilon(norm, shape: shape), meaning)
  }

  /// Refuses an ε that is no number, negative, or larger than it can be in images of `shape`, where that is
  /// known.
  func check(_ epsilon: Double, _ norm: Norm?, shape: [Int]? = nil, option: String) throws {
    let (limit, unit) = limit(norm, shape: shape)
    guard epsilon.isFinite, epsilon >= 0, epsilon <= limit ?? .infinity else {
      let bounds = limit.map { "from 0 to \(Text.short($0)), \(unit)" } ?? "of 0 or more"
      throw ValidationError("\(option): expected numbers \(bounds), found \(epsilon)")
    }
  }
}
