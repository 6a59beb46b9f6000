import Pictures

/// The common frame of every chart: a title and a subtitle above, footnotes below, and a margin around.
///
/// Grows downwards: ``bottom`` is where the next part goes.
struct Page {
  static let margin = 24.0
  private static let titleSize = 19.0
  private static let subtitleSize = 13.0
  private static let noteSize = 11.0

  var drawing: Drawing
  var bottom: Double

  /// Width between the margins.
  var innerWidth: Double { drawing.width - 2 * Self.margin }

  init(width: Double, title: String, subtitle: String) {
    drawing = Drawing(width: width.rounded(.up), height: 0, title: title)
    bottom = Self.margin
    add(title, size: Self.titleSize, color: Palette.ink, weight: .bold)
    if !title.isEmpty { bottom += 2 }
    add(subtitle, size: Self.subtitleSize, color: Palette.muted)
    if !title.isEmpty || !subtitle.isEmpty { bottom += 14 }
  }

  /// Adds the footnotes, each wrapped, and ends the page below them.
  func finished(footnotes: [String] = []) -> Drawing {
    var page = self
    if !footnotes.isEmpty { page.bottom += 18 }
    for note in footnotes { page.add(note, size: Self.noteSize, color: Palette.muted) }
    page.drawing.height = (page.bottom + Self.margin - 4).rounded(.up)
    return page.drawing
  }

  private mutating func add(
    _ text: String, size: Double, color: Color, weight: Drawing.Text.Weight = .regular
  ) {
    for line in TextMetrics.wrap(text, width: innerWidth, size: size, weight: weight) {
      drawing.text(
        line, at: .init(Self.margin, bottom + 0.8 * size), size: size, color: color, weight: weight)
      bottom += (1.4 * size).rounded()
    }
  }
}
