/// One page of a site, made when it is asked for.
package struct SitePage {
  /// What kind of thing it shows: the lists of the first page are of one kind each, in this order.
  package enum Group: String, CaseIterable {
    case leaderboards = "Leaderboards"
    case generators = "Generators"
    case trainings = "Trainings under way"
    case curves = "Accuracy against ε"
    case robustness = "Robustness"
    case confusions = "Confusion matrices"
    case classifiers = "Classifiers"
    case others = "Other results"
    case documents = "Documents"
  }

  /// The name of its file.
  package let address: String
  package let title: String
  let group: Group
  /// What the first page says of it, a sentence or less.
  let note: String
  /// Beside it on the first page: the address of a picture.
  let picture: String?
  /// Scripts beside the common one.
  let scripts: [String]
  private let content: () throws -> Markup

  init(
    _ address: String, _ title: String, _ group: Group, note: String = "", picture: String? = nil,
    scripts: [String] = [], content: @escaping () throws -> Markup
  ) {
    (self.address, self.title, self.group, self.note) = (address, title, group, note)
    (self.picture, self.scripts, self.content) = (picture, scripts, content)
  }

  /// - Throws: `FileError` where a file that it shows is gone or has changed since.
  package func page() throws -> WebPage { WebPage(title: title, try content()) }
}
