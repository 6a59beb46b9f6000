import ArgumentParser
import Datasets
import Pictures

/// How pictures of any size become the images of a data set.
struct PictureOptions: ParsableArguments {
  @Option(
    help: "Take the middle square of each picture (crop), or all of it with the background beside it (pad).")
  var fit: PictureFitting.Fit = .crop

  @Option(
    name: .customLong("image-size"), help: ArgumentHelp("Rows and columns of an image.", valueName: "pixels"))
  var imageSize = 28

  @Option(
    help: ArgumentHelp(
      "What transparency is laid over, and what is beside a padded picture: black, white, or red, green and blue such as "
        + "ffcc00.", valueName: "colour"))
  var background: Color = .black

  @Flag(help: "Make colour grey.")
  var grey = false

  @Option(
    help: ArgumentHelp(
      "Which fifth of each label's pictures is the test split, where there are no folders train and test.",
      valueName: "seed"))
  var splitSeed = Self.usualSplitSeed

  var fitting: PictureFitting { PictureFitting(fit, size: imageSize, background: background, isGrey: grey) }

  /// The same on a command line, without what is so by default.
  var arguments: [String] {
    let usual = PictureFitting()
    return [
      fit == usual.fit ? [] : ["--fit", fit.rawValue],
      imageSize == usual.size ? [] : ["--image-size", "\(imageSize)"],
      background == usual.background ? [] : ["--background", background.defaultValueDescription],
      grey ? ["--grey"] : [], splitSeed == Self.usualSplitSeed ? [] : ["--split-seed", "\(splitSeed)"],
    ].flatMap(\.self)
  }

  private static let usualSplitSeed = 1
  private static let sizes = 4...128

  func validate() throws {
    guard Self.sizes.contains(imageSize) else {
      throw ValidationError(
        "--image-size: expected \(Self.sizes.lowerBound) to \(Self.sizes.upperBound), found \(imageSize)")
    }
  }
}

extension PictureFitting.Fit: ExpressibleByArgument {}

extension Color: ExpressibleByArgument {
  /// A colour as options name it: `black`, `white`, or six hexadecimal digits of red, green and blue, behind
  /// a `#` or not. Nil for anything else.
  public init?(argument: String) {
    switch argument.lowercased() {
    case "black": self = .black
    case "white": self = .white
    default:
      let digits = argument.drop { $0 == "#" }
      guard digits.count == 6, digits.allSatisfy(\.isHexDigit), let number = UInt32(digits, radix: 16) else {
        return nil
      }
      self.init(hex: number)
    }
  }

  /// How a help text names the colour that an option has by default: `black`, or `#` and its number in
  /// hexadecimal digits.
  public var defaultValueDescription: String { name }
}
