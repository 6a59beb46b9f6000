import Adversary
import ArgumentParser
import Foundation

extension Region: ExpressibleByArgument {}

/// The range that ε is counted in. The attack itself always works in [0, 1].
struct PixelRange: ExpressibleByArgument {
  let low: Double
  let high: Double

  static let unit = PixelRange(low: 0, high: 1)

  init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  init?(argument: String) {
    let parts = argument.components(separatedBy: "...")
    guard parts.count == 2, let low = Double(parts[0]), let high = Double(parts[1]), low.isFinite,
      high.isFinite,
      low < high, (high - low).isFinite
    else { return nil }
    self.init(low: low, high: high)
  }

  var defaultValueDescription: String { text }
  var text: String { "\(Self.short(low))...\(Self.short(high))" }
  /// As a reader writes it.
  var title: String { "[\(Self.short(low)), \(Self.short(high))]" }

  /// An ε of this range in units of [0, 1].
  func unitEpsilon(_ epsilon: Double) -> Float { Float(epsilon / (high - low)) }

  private static func short(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : String(value)
  }
}

/// The options of one kind of noise.
struct AttackOptions: ParsableArguments {
  @Option(help: "The attack: \(AttackCatalog.all.map(\.name).joined(separator: ", ")).")
  var attack: String = FGSM().name

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The pixel range that ε is counted in. The source of the published curve used -1...1, where ε is twice "
        + "what it is in 0...1.", valueName: "low...high"))
  var pixelRange: PixelRange = .unit

  @Option(parsing: .unconditional, help: "Seed of the random attacks.")
  var seed: UInt64 = 0

  func validate() throws { _ = try selected() }

  func selected() throws -> any SignAttack {
    guard let found = AttackCatalog.named(attack) else {
      let known = AttackCatalog.all.map(\.name).joined(separator: ", ")
      throw ValidationError("--attack: expected \(known), found \(attack)")
    }
    return found
  }

  /// Refuses an ε that is no number, negative, or larger than the pixel range.
  func check(_ epsilon: Double, option: String) throws {
    let width = pixelRange.high - pixelRange.low
    guard epsilon.isFinite, epsilon >= 0, epsilon <= width else {
      throw ValidationError(
        "\(option): expected numbers from 0 to \(width), the width of the pixel range \(pixelRange.title), "
          + "found \(epsilon)")
    }
  }
}

/// `0,0.1,0.2`
struct EpsilonList: ExpressibleByArgument {
  let values: [Double]

  init(_ values: [Double]) { self.values = values }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard !parts.isEmpty, numbers.count == parts.count else { return nil }
    values = numbers
  }

  var defaultValueDescription: String { values.map { String(format: "%g", $0) }.joined(separator: ",") }
}
