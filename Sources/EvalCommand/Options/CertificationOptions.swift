import Adversary
import ArgumentParser
import Datasets
import Files

extension CertificationMethod: ExpressibleByArgument {}

/// What is proven beside what is tried.
struct CertificationOptions: ParsableArguments {
  @Option(
    name: .customLong("certify"),
    help: """
      Also prove what no attack can change: ibp by interval bounds, in L∞; smoothing for the classifier that votes under \
      noise, in L2, at a thousand samples an image. Repeatable.
      """)
  var methods: [CertificationMethod] = []
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The standard deviation of the noise of --certify smoothing, in units of the pixel range; else a quarter of its "
        + "width.", valueName: "σ"), transform: EpsilonArgument.double)
  var deviation: Double?

  /// σ in units of the pixel range [0, 1].
  func unitDeviation(_ range: PixelRange) -> Float { deviation.map(range.unitEpsilon) ?? 0.25 }

  func check(_ range: PixelRange) throws {
    guard let deviation else { return }
    guard methods.contains(.smoothing) else {
      throw ValidationError("--deviation: expected --certify smoothing beside it, found none")
    }
    let width = range.width
    guard unitDeviation(range) > 0, deviation <= width else {
      throw ValidationError(
        "--deviation: expected a number above 0, up to \(Text.short(width)), found \(deviation)")
    }
  }
}
