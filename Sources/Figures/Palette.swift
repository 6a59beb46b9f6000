import Pictures

/// The colours that the charts are drawn with.
///
/// Series colours are those of Okabe and Ito, which people with any common colour blindness can tell apart
/// (their yellow is left out: it does not read on white). The sequential scale runs from near white to dark
/// blue with steadily falling luminance, so it survives printing in grey.
public enum Palette {
  /// Colours for series, in order of use.
  public static let series: [Color] = [
    Color(hex: 0x0072B2), Color(hex: 0xD55E00), Color(hex: 0x009E73), Color(hex: 0xCC79A7),
    Color(hex: 0xE69F00), Color(hex: 0x56B4E9), Color(hex: 0x4B5563),
  ]

  /// The colour of the `index`-th series; starts again after the last one.
  public static func color(_ index: Int) -> Color {
    let count = series.count
    return series[((index % count) + count) % count]
  }

  /// The sequential scale at `share` (clamped to 0…1).
  public static func sequential(_ share: Double) -> Color {
    let position = (share.isNaN ? 0 : min(max(share, 0), 1)) * Double(stops.count - 1)
    let lower = min(Int(position), stops.count - 2)
    return stops[lower].mixed(with: stops[lower + 1], position - Double(lower))
  }

  /// Dark ink or white, whichever reads better on `background`.
  public static func text(on background: Color) -> Color {
    ink.contrast(with: background) >= Color.white.contrast(with: background) ? ink : .white
  }

  static let ink = Color(hex: 0x111827)
  static let secondary = Color(hex: 0x4B5563)
  static let muted = Color(hex: 0x6B7280)
  static let axis = Color(hex: 0x9CA3AF)
  static let grid = Color(hex: 0xE5E7EB)
  static let quietBar = Color(hex: 0xC3CDD9)

  private static let stops: [Color] = [
    Color(hex: 0xF7FBFF), Color(hex: 0xDEEBF7), Color(hex: 0xC6DBEF), Color(hex: 0x9ECAE1),
    Color(hex: 0x6BAED6), Color(hex: 0x4292C6), Color(hex: 0x2171B5), Color(hex: 0x08519C),
    Color(hex: 0x08306B),
  ]
}
