import Experiments
import Files
import FoundationEssentials

/// Writes a site as files that a browser opens from the disk, without a server and without a network.
///
/// Files of an earlier site of the same place that this one does not have stay: remove the folder for a site
/// without them.
package enum SiteWriter {
  /// Writes every page and every file that pages show.
  ///
  /// - Throws: `FileError.unwritable(path:reason:)`, also for a folder that holds something else.
  package static func write(_ site: Site, to output: String) throws -> ResultSite.Summary {
    var site = site
    try check(output, holds: site)
    var documents: [(String, String)] = []
    for page in site.pages {
      do {
        if let text = try site.document(page.address) { documents.append((page.address, text)) }
      } catch {
        site.leaveOut(page.address, because: error)
      }
    }
    for name in site.files.values.sorted() {
      let place = output.appendingPathComponent("files").appendingPathComponent(name)
      do throws(FileError) {
        try AtomicFile.write(site.folder.read(name, limit: Site.largestFile), to: place)
      } catch {
        guard case .unwritable = error else {
          site.add(error, name)
          continue
        }
        throw error
      }
    }
    for (name, data) in WebAssets.all { try AtomicFile.write(data, to: output.appendingPathComponent(name)) }
    for (address, text) in documents {
      try AtomicFile.write(text, to: output.appendingPathComponent(address))
    }
    if let first = try site.document(Site.first) {
      try AtomicFile.write(first, to: output.appendingPathComponent(Site.first))
    }
    return ResultSite.Summary(
      pages: documents.count + 1, files: site.files.count, faults: site.faults.map(\.sentence),
      first: output.appendingPathComponent(Site.first))
  }

  /// Refuses a folder that holds what no site has: nobody's files are mixed with ours.
  private static func check(_ output: String, holds site: Site) throws(FileError) {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: output), !names.isEmpty else {
      return
    }
    guard names.contains(Site.first), names.contains(WebPage.styleName) else {
      throw .unwritable(
        path: output, reason: "it holds other files; name an empty folder, or one of an earlier site")
    }
  }
}
