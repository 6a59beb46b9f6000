import Files
import Glibc

/// An opaque sRGB colour of 8 bits a channel.
///
/// Knows its luminance, so that text can be given a colour that reads on it. Has no alpha: opacity belongs to
/// what is painted, not to the colour.
public struct Color: Sendable, Hashable {
  /// How much red, from 0 to 255.
  public var red: UInt8
  /// How much green, from 0 to 255.
  public var green: UInt8
  /// How much blue, from 0 to 255.
  public var blue: UInt8

  /// A colour of three channels, each from 0 to 255.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// The colour of a number such as `0x0072B2`; bits above the lower 24 are ignored.
  public init(hex: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: hex >> 16),
      green: UInt8(truncatingIfNeeded: hex >> 8),
      blue: UInt8(truncatingIfNeeded: hex))
  }

  /// The number that ``init(hex:)`` takes.
  public var hex: UInt32 {
    let (red, green, blue) = (UInt32(red), UInt32(green), UInt32(blue))
    return red << 16 | green << 8 | blue
  }

  /// The number as SVG and CSS write it: `#0072b2`.
  public var code: String { Text.formatted("#%06x", hex) }

  /// In a sentence and in a help text: `black`, `white`, or its ``code``.
  public var name: String { self == .black ? "black" : self == .white ? "white" : code }

  /// Whether its three channels are equal.
  public var isGrey: Bool { red == green && green == blue }

  /// All channels at 255.
  public static let white = Color(hex: 0xFFFFFF)
  /// All channels at 0.
  public static let black = Color(hex: 0x000000)

  /// Relative luminance as WCAG 2 defines it: 0 for black, 1 for white.
  public var luminance: Double {
    func linear(_ channel: UInt8) -> Double {
      let value = Double(channel) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// WCAG 2 contrast ratio of the two colours, 1 (the same) to 21 (black on white).
  public func contrast(with other: Color) -> Double {
    let (a, b) = (luminance, other.luminance)
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  /// The colour at `fraction` (clamped to 0…1) of the straight way from this one to `other`.
  public func mixed(with other: Color, _ fraction: Double) -> Color {
    let share = fraction.isNaN ? 0 : min(max(fraction, 0), 1)
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8((Double(a) + (Double(b) - Double(a)) * share).rounded())
    }
    return Color(red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
  }
}
