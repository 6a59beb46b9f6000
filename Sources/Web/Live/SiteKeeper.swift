import Experiments
import Files
import FoundationEssentials

/// The site of a folder that may change: looked through again when a page is asked for and a second has gone
/// by.
actor SiteKeeper {
  private let path: String
  private let links: [WebPage.Link]
  /// What the site was made of.
  private var listing: FolderListing
  private var site: Site
  private var age = ContinuousClock.now
  private static let patience = Duration.seconds(1)

  /// - Throws: `FileError` for a folder that is missing or cannot be listed.
  init(_ path: String, links: [WebPage.Link]) throws(FileError) {
    (self.path, self.links) = (path, links)
    listing = try FolderListing(path)
    site = Site(StoredFolder(listing), live: links)
  }

  private func current() throws(FileError) -> Site {
    guard ContinuousClock.now - age > Self.patience else { return site }
    let found = try FolderListing(path)
    if found != listing {
      listing = found
      site = Site(StoredFolder(found), live: links)
    }
    age = .now
    return site
  }

  /// The document at an address of the site; nil where there is none.
  func document(_ address: String) throws -> String? { try current().document(address) }

  /// A live page in the site's frame.
  func document(_ page: WebPage, at address: String) throws -> String {
    try current().document(page, at: address, scripts: [LiveSite.scriptName])
  }

  /// A file that pages show; nil for anything else, and for what a link has taken the place of.
  func file(_ address: String) throws -> (name: String, data: Data)? {
    let site = try current()
    guard let name = site.files[address] else { return nil }
    return (try? site.folder.read(name, limit: Site.largestFile)).map { (name, $0) }
  }

  /// What can be drawn with, and attacked.
  func offer() throws -> Studio.Offer {
    let site = try current()
    var offer = Studio.Offer()
    for part in site.folder.parts {
      let name = site.folder.name(part.path)
      switch part.kind {
      case .training(.generator):
        offer.generators.append((name.isEmpty ? site.title : name, "\(part.folder)/generator.safetensors"))
      case .training(.classifier):
        let own = name.isEmpty ? site.title : name
        // A run called like a shipped classifier is another one.
        let isTaken = ClassifierSource.referenceNames.contains(own)
        offer.classifiers.append(
          (isTaken ? "\(own)/classifier" : own, "\(part.folder)/classifier.safetensors"))
      default: break
      }
    }
    return offer
  }
}
