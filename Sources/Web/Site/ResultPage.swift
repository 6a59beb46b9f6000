import Experiments
import Files

/// The page of one kind of result.
protocol ResultPage: SendableMetatype {
  /// As the result's file names it.
  static var schema: String { get }
  /// What the addresses of its pages begin with.
  static var address: String { get }
  /// Where the first page lists them.
  static var group: SitePage.Group { get }

  /// - Throws: `FileError` for a result that cannot be read.
  init(_ part: StoredPart, _ folder: StoredFolder) throws

  var part: StoredPart { get }
  var folder: StoredFolder { get }
  var title: String { get }
  /// What the first page says of it.
  var note: String { get }
  /// Why something beside the result cannot be shown; nil where everything can.
  var fault: FileError? { get }

  func content() throws -> Markup
}

/// All kinds that have a page of their own; others are shown by ``SummaryPage``. A new one is one file and
/// one line here.
enum ResultPages {
  static let all: [any ResultPage.Type] = [CurvePage.self, ConfusionPage.self, RobustnessPage.self]
}

extension ResultPage {
  var fault: FileError? { nil }
  /// Of the result's file, below the folder.
  var path: String { folder.name(part.path) }

  /// How the result came about.
  ///
  /// - Parameter hashes: other facts.
  func origin(_ hashes: [(String, String)]) -> Markup {
    ManifestSection(
      command: part.command, beside: path.deletingLastPathComponent, in: folder, more: hashes, files: [path]
    ).markup
  }
}
