import Experiments
import Files

/// A site over everything that lies in a folder of results or runs, written as files.
///
///     let summary = try ResultSite.write(of: "results", to: "site")
///     print(summary.pages, summary.faults)
///
/// The pages open from the disk, fetch nothing, and are whole without scripts. The same folder gives the same
/// bytes. ``ResultServer`` shows the same pages live.
public enum ResultSite {
  /// What was written.
  public struct Summary: Sendable {
    /// The number of pages, the first one included.
    public let pages: Int
    /// The number of files that pages show, beside them.
    public let files: Int
    /// What could not be shown and why, a sentence each; the first page names it too.
    public let faults: [String]
    /// The path of the first page.
    public let first: String
  }

  /// Writes the pages, and the pictures and results that they show.
  ///
  /// - Parameters:
  ///   - folder: looked through with what is below it; links and hidden files are left out.
  ///   - output: the folder of the site, empty, missing, or of an earlier site.
  /// - Throws: `FileError` for a folder that is missing or cannot be listed, and for an output that cannot be
  ///   written or holds something else. A result that cannot be read is one of the faults.
  public static func write(of folder: String, to output: String) throws -> Summary {
    let stored = try StoredFolder(folder)
    if let place = FilePlace(output), place == FilePlace(folder) {
      throw FileError.unwritable(path: output, reason: "it is the folder that the site is of")
    }
    return try SiteWriter.write(Site(stored), to: output)
  }
}
