import Figures
import Files
import Foundation
import FoundationXML
import Pictures
import Testing

/// Both renderers, on small drawings with a known result.
@Suite struct DrawingTests {
  /// A name of a megabyte takes no longer than one of a line.
  @Test(.timeLimit(.minutes(1))) func longNamesAreCut() {
    let long = String(repeating: "name ", count: 200_000)
    let short = TextMetrics.fit(long, width: 100, size: 10)
    #expect(short.hasSuffix("…") && short.count < 60)
    #expect(short == TextMetrics.fit(String(long.prefix(500)), width: 100, size: 10))
  }

  @Test func shapesArePaintedWhereTheyStand() throws {
    let red = Color(hex: 0xFF0000)
    let drawing = Drawing(
      width: 10, height: 6,
      elements: [
        .shape(.rectangle(.init(x: 2, y: 1, width: 3, height: 2)), fill: .init(red), stroke: nil),
        .shape(
          .rectangle(.init(x: 6, y: 1, width: 2, height: 2)), fill: .init(.black, opacity: 0.5), stroke: nil),
        .clipped(
          [.shape(.rectangle(.init(x: 0, y: 0, width: 10, height: 6)), fill: .init(.black), stroke: nil)],
          to: .init(x: 0, y: 5, width: 10, height: 1)),
      ])
    let bitmap = try Raster.bitmap(of: drawing)
    #expect(bitmap.width == 20 && bitmap.height == 12 && bitmap.channels == 3)
    #expect(bitmap[0, 0] == .white && bitmap[3, 2] == .white && bitmap[10, 2] == .white)
    #expect(bitmap[4, 2] == red && bitmap[9, 5] == red && bitmap[9, 6] == .white)
    #expect((127...128).contains(bitmap[13, 3].red))
    #expect(bitmap[0, 9] == .white && bitmap[0, 10] == .black)
  }

  @Test func bitmapsAreMagnifiedWithoutSmoothing() throws {
    let pixels: [UInt8] = [255, 0, 0, 0, 255, 0]
    let bitmap = Bitmap(width: 2, height: 1, channels: 3, pixels: pixels)
    let drawing = Drawing(
      width: 8, height: 4, elements: [.bitmap(bitmap, in: .init(x: 0, y: 0, width: 8, height: 4))])
    let result = try Raster.bitmap(of: drawing, scale: 1)
    #expect(result == bitmap.scaled(by: 4))
  }

  @Test func textIsAnchored() throws {
    func inkColumns(_ anchor: Drawing.Text.Anchor) throws -> ClosedRange<Int> {
      let text = Drawing.Text("mmm", at: .init(100, 20), size: 16, color: .black, anchor: anchor)
      let bitmap = try Raster.bitmap(of: Drawing(width: 200, height: 30, elements: [.text(text)]), scale: 1)
      let columns = (0..<200).filter { x in (0..<30).contains { bitmap[x, $0].red < 128 } }
      return try #require(columns.first)...#require(columns.last)
    }
    let (start, middle, end) = (try inkColumns(.start), try inkColumns(.middle), try inkColumns(.end))
    #expect((100...103).contains(start.lowerBound) && (97...100).contains(end.upperBound))
    #expect(abs(middle.lowerBound + middle.upperBound - 200) <= 3)
    #expect(abs(Double(start.upperBound - start.lowerBound) - TextMetrics.width(of: "mmm", size: 16)) < 8)
  }

  @Test func namesAreEscapedInSVG() throws {
    let nasty = "<b> & \"q\" 'a' \u{1}\u{FFFE}\nπ 畳"
    let text = Drawing.Text(nasty, at: .init(0, 10), size: 10, color: .black)
    let drawing = Drawing(width: 50, height: 20, title: nasty, elements: [.text(text)])
    let contents = try ParsedSVG(SVG.text(of: drawing))
    let expected = "<b> & \"q\" 'a' \u{FFFD}\u{FFFD} π 畳"
    #expect(contents.texts == [expected] && contents.title == expected)
  }

  @Test(arguments: [
    (0, "0"), (1.5, "1.5"), (-0.001, "0"), (2.004, "2"), (2.006, "2.01"), (-12.34567, "-12.35"),
    (0.1 + 0.2, "0.3"),
    (1e30, "1000000000"), (.nan, "0"), (-.infinity, "0"),
  ])
  func numbersAreCompact(value: Double, expected: String) {
    #expect(SVG.number(value) == expected)
  }

  @Test func anEmbeddedBitmapCanBeReadBack() throws {
    let drawing = Drawing(
      width: 28, height: 28, elements: [.bitmap(Samples.image, in: .init(x: 0, y: 0, width: 28, height: 28))])
    let image = try #require(try ParsedSVG(SVG.text(of: drawing)).images.first)
    let data = try #require(Data(base64Encoded: String(image.dropFirst("data:image/png;base64,".count))))
    #expect(try PNG.decode(data, path: "embedded") == Samples.image)
  }

  @Test func filesAreWrittenByTheirEnding() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Samples.bars.drawing.write(to: "\(folder)/new/bars.svg")
    try Samples.bars.drawing.write(to: "\(folder)/bars.PNG")
    #expect(try AtomicFile.read("\(folder)/new/bars.svg").starts(with: Data("<svg ".utf8)))
    let bitmap = try Bitmap(contentsOf: "\(folder)/bars.PNG")
    #expect(Double(bitmap.width) == 2 * Samples.bars.drawing.width)
    #expect(throws: FileError.self) { try Samples.bars.drawing.write(to: "\(folder)/bars.jpg") }
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/bars.jpg"))
  }

  @Test(arguments: [(0.0, 10.0), (1e7, 10), (.nan, 10), (10, .infinity)])
  func impossibleSizesAreRefused(width: Double, height: Double) {
    #expect(throws: FileError.self) { try Raster.bitmap(of: Drawing(width: width, height: height)) }
  }
}

/// The parts of an SVG that tests ask for; fails on what is not well-formed XML.
final class ParsedSVG: NSObject, XMLParserDelegate {
  private(set) var texts: [String] = []
  private(set) var title = ""
  private(set) var images: [String] = []
  private var current = ""

  init(_ svg: String) throws {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    if !parser.parse() { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    current = ""
    if let image = attributes["href"] { images.append(image) }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { current += string }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    if name == "text" { texts.append(current) }
    if name == "title" { title = current }
  }
}
