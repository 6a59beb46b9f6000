import FoundationEssentials

/// The style sheet and the scripts of all pages, which are part of the program.
package enum WebAssets {
  /// By the names that pages have for them.
  package static var all: [(name: String, data: Data)] {
    [
      (WebPage.styleName, Data(PackageResources.assay_css)),
      (WebPage.scriptName, Data(PackageResources.assay_js)),
      (LiveSite.scriptName, Data(PackageResources.live_js)),
    ]
  }
}
