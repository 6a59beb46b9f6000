import Adversary
import ArgumentParser
import Datasets
import Files
import Foundation
import Network

extension Region: ExpressibleByArgument {}

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
    let values = shape.map { Double($0.reduce(1, *)) }
    return switch norm {
    case .linf: (pixelRange.width, "the width of the pixel range \(pixelRange.title)")
    case .l2: (values.map { pixelRange.width * $0.squareRoot() }, "the length from black to white")
    case .l0: (values, "the number of pixels")
    case nil: (1, "the largest motion")
    }
  }

  /// Refuses an ε that is no number, negative, or larger than it can be in images of `shape`, where that is known.
  func check(_ epsilon: Double, _ norm: Norm?, shape: [Int]? = nil, option: String) throws {
    let (limit, unit) = limit(norm, shape: shape)
    guard epsilon.isFinite, epsilon >= 0, epsilon <= limit ?? .infinity else {
      let bounds = limit.map { "from 0 to \(Text.short($0)), \(unit)" } ?? "of 0 or more"
      throw ValidationError("\(option): expected numbers \(bounds), found \(epsilon)")
    }
  }

  /// ε as the attack counts it: lengths in units of [0, 1], pixels and shares as they are.
  func unitEpsilon(_ epsilon: Double, _ norm: Norm?) -> Float {
    norm == .linf || norm == .l2 ? pixelRange.unitEpsilon(epsilon) : Float(epsilon)
  }
}

extension PixelRange {
  /// What ε is, for readers: "ε in units of pixels in [0, 1]".
  func unit(_ norm: Norm?) -> String {
    switch norm {
    case .linf: "ε in units of pixels in \(title)"
    case .l2: "ε as an L2 length of pixels in \(title)"
    case .l0: "ε in changed pixels"
    case nil: "ε as a share of the largest motion"
    }
  }
}
