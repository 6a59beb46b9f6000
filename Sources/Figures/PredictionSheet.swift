import Pictures

/// Single pictures with what a classifier makes of them: image, caption and one bar a class.
///
/// A panel may show the picture several times, e.g. before and after noise and the noise itself between them.
/// Pictures are magnified by whole numbers and never changed in contrast.
public struct PredictionSheet: Sendable, Hashable {
  /// One picture with its captions and probabilities.
  public struct View: Sendable, Hashable {
    /// Magnified by a whole number so that it is at most 140 points large; a larger one has a point a pixel.
    public var image: Bitmap
    /// Lines above the image; the first one is bold.
    public var captions: [String]
    /// One a label of the sheet, 0…1; empty for a picture that was not classified, which has no bars.
    public var probabilities: [Double]

    /// A picture and what a classifier makes of it.
    public init(image: Bitmap, captions: [String], probabilities: [Double]) {
      self.image = image
      self.captions = captions
      self.probabilities = probabilities
    }

    /// The label with the largest probability; the first of several.
    var predicted: Int? {
      guard let largest = probabilities.filter({ !$0.isNaN }).max() else { return nil }
      return probabilities.firstIndex(of: largest)
    }
  }

  /// The pictures that belong together, side by side.
  public struct Panel: Sendable, Hashable {
    /// From left to right.
    public var views: [View]
    /// The label that is set in bold; none without it.
    public var trueLabel: Int?

    /// A panel of pictures.
    ///
    /// - Parameters:
    ///   - views: from left to right.
    ///   - trueLabel: an index into the sheet's labels.
    public init(_ views: [View], trueLabel: Int? = nil) {
      self.views = views
      self.trueLabel = trueLabel
    }
  }

  /// The heading; left out where it is empty.
  public var title: String
  /// A line under the title; left out where it is empty.
  public var subtitle: String
  /// What the bars are called, from top to bottom.
  public var labels: [String]
  /// Row by row, from left to right.
  public var panels: [Panel]
  /// Panels in a row, at least 1.
  public var columns: Int
  /// Lines under the panels, each wrapped where it is too long.
  public var footnotes: [String]

  /// A sheet of panels; the label with the largest probability stands out in each view.
  ///
  /// - Precondition: `columns` ≥ 1, and every view has one probability a label, or none.
  public init(
    title: String, subtitle: String = "", labels: [String], panels: [Panel], columns: Int = 1,
    footnotes: [String] = []
  ) {
    precondition(columns >= 1, "a prediction sheet needs columns")
    precondition(
      panels.allSatisfy { panel in
        panel.views.allSatisfy { [0, labels.count].contains($0.probabilities.count) }
      },
      "every view of a prediction sheet needs \(labels.count) probabilities, or none")
    self.title = title
    self.subtitle = subtitle
    self.labels = labels
    self.panels = panels
    self.columns = columns
    self.footnotes = footnotes
  }

  /// The sheet laid out; all panels have the same size.
  public var drawing: Drawing {
    let layout = PredictionLayout(self)
    var page = Page(width: layout.width, title: title, subtitle: subtitle)
    let top = page.bottom.rounded()
    for (index, panel) in panels.enumerated() {
      let x = Page.margin + Double(index % layout.columns) * (layout.panelWidth + PredictionLayout.panelGap)
      let y = top + Double(index / layout.columns) * (layout.panelHeight + PredictionLayout.rowGap)
      var left = x
      for (view, width) in zip(panel.views, layout.viewWidths) {
        draw(view, trueLabel: panel.trueLabel, x: left, y: y, width: width, layout, on: &page.drawing)
        left += width + PredictionLayout.viewGap
      }
    }
    let rows = Double((panels.count + layout.columns - 1) / layout.columns)
    page.bottom = top + rows * (layout.panelHeight + PredictionLayout.rowGap) - PredictionLayout.rowGap
    return page.finished(footnotes: footnotes)
  }

  private func draw(
    _ view: View, trueLabel: Int?, x: Double, y: Double, width: Double, _ layout: PredictionLayout,
    on drawing: inout Drawing
  ) {
    let captionSize = PredictionLayout.captionSize
    for (line, caption) in view.captions.enumerated() {
      drawing.text(
        caption, at: .init(x, y + Double(line) * PredictionLayout.captionHeight + 0.8 * captionSize),
        size: captionSize,
        color: line == 0 ? Palette.ink : Palette.secondary, weight: line == 0 ? .bold : .regular)
    }
    let imageTop = y + layout.captionsHeight
    let size = layout.size(of: view.image)
    drawing.elements.append(
      .bitmap(view.image, in: .init(x: x, y: imageTop, width: size.width, height: size.height)))
    guard !view.probabilities.isEmpty else { return }
    let rows = BarRows(
      bars: zip(labels, view.probabilities).map { BarChart.Bar($0, $1) }, highlighted: view.predicted,
      marked: trueLabel, maximum: 1, format: .percent, decimals: 0)
    let barsLeft = x + layout.imageWidth + 14
    rows.draw(
      in: .init(
        x: barsLeft, y: imageTop, width: x + width - barsLeft, height: layout.contentHeight),
      on: &drawing)
  }
}

/// The sizes that the pictures and captions of a sheet ask for: equal for all its views.
private struct PredictionLayout {
  static let captionSize = 12.5
  static let captionHeight = 18.0
  static let viewGap = 28.0
  static let panelGap = 44.0
  static let rowGap = 30.0
  private static let imageSide = 140.0
  private static let barsWidth = 230.0

  let columns: Int
  let imageWidth: Double
  let contentHeight: Double
  let captionsHeight: Double
  /// From left to right in a panel: each as wide as the widest in its place.
  let viewWidths: [Double]
  let panelWidth: Double

  init(_ sheet: PredictionSheet) {
    let views = sheet.panels.flatMap(\.views)
    let sizes = views.map { Self.size(of: $0.image) }
    columns = max(1, min(sheet.columns, sheet.panels.count))
    let imageWidth = sizes.map(\.width).max() ?? 0
    self.imageWidth = imageWidth
    contentHeight = max(sizes.map(\.height).max() ?? 0, 14 * Double(sheet.labels.count))
    captionsHeight = Double(views.map(\.captions.count).max() ?? 0) * Self.captionHeight + 4
    viewWidths = (0..<(sheet.panels.map(\.views.count).max() ?? 0)).map { place in
      let views = sheet.panels.compactMap { place < $0.views.count ? $0.views[place] : nil }
      let bars = views.contains { !$0.probabilities.isEmpty } ? 14 + Self.barsWidth : 0
      let captionWidth = 1.11 * TextMetrics.widest(views.flatMap(\.captions), size: Self.captionSize)
      return max(imageWidth + bars, captionWidth).rounded(.up)
    }
    panelWidth = viewWidths.reduce(0) { $0 + $1 + Self.viewGap } - Self.viewGap
  }

  var panelHeight: Double { captionsHeight + contentHeight }
  var width: Double { 2 * Page.margin + Double(columns) * (panelWidth + Self.panelGap) - Self.panelGap }

  func size(of image: Bitmap) -> (width: Double, height: Double) { Self.size(of: image) }

  private static func size(of image: Bitmap) -> (width: Double, height: Double) {
    let scale = max(1, (imageSide / Double(max(image.width, image.height))).rounded(.down))
    return (scale * Double(image.width), scale * Double(image.height))
  }
}
