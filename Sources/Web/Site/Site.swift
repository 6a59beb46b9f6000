import Eval
import Experiments
import Files
import FoundationEssentials
import Reports

/// A site over everything in a folder of results or runs: its pages, and the files that they show.
///
/// Results are read when the site is made: one that cannot be is named among the faults, and the others are
/// shown. Pages are made when they are asked for. Writes nothing (``SiteWriter`` does) and serves nothing.
package struct Site {
  package let folder: StoredFolder
  /// What the site is called.
  package let title: String
  /// Without the first one, which lists them.
  package private(set) var pages: [SitePage] = []
  /// What cannot be shown, and why.
  package private(set) var faults: [StoredFolder.Fault]
  private(set) var generators: [GeneratorEntry] = []
  /// Pages that the site is served with beside its own, such as Draw; a written site has none.
  let live: [WebPage.Link]
  private var addresses = Addresses()

  /// Bytes of a file that pages show, at most.
  static let largestFile = 64 << 20

  /// The first page's file.
  package static let first = "index.html"

  /// Reads the results of a folder.
  ///
  /// - Parameter live: pages that all pages lead to beside those of the site.
  package init(_ folder: StoredFolder, live: [WebPage.Link] = []) {
    self.folder = folder
    self.live = live
    let name = URL(fileURLWithPath: folder.path).standardizedFileURL.lastPathComponent
    title = name == "/" ? folder.path : name
    faults = folder.faults
    let shown = folder.pictures + folder.parts.compactMap(\.resultPath).map(folder.name) + folder.tables
    files = Dictionary(shown.map { (Address.file($0), $0) }) { first, _ in first }
    _ = addresses.page("index")
    addScores()
    addGenerators()
    addLeaderboards()
    addUnfinished()
    addResults()
    addDocuments()
  }

  /// What pages show of the folder, by the addresses that they have in the site.
  package let files: [String: String]

  /// The links at the top of each page.
  private var links: [WebPage.Link] {
    [WebPage.Link("Overview", Self.first)]
      + pages.filter { $0.group == .leaderboards }.prefix(3).map { WebPage.Link($0.title, $0.address) } + live
  }

  /// A page by its address; nil where there is none.
  ///
  /// - Throws: `FileError` where a file that it shows is gone.
  package func document(_ address: String) throws -> String? {
    if address == Self.first {
      return document(WebPage(title: title, overview), at: address)
    }
    guard let page = pages.first(where: { $0.address == address }) else { return nil }
    return document(try page.page(), at: address, scripts: page.scripts)
  }

  /// A page in the site's frame.
  package func document(_ page: WebPage, at address: String, scripts: [String] = []) -> String {
    page.document(links: links, site: title, own: address, scripts: scripts)
  }

  mutating func add(_ page: SitePage) { pages.append(page) }
  /// A page that cannot be made is a fault, and not listed.
  mutating func leaveOut(_ address: String, because error: any Error) {
    pages.removeAll { $0.address == address }
    add(error, address)
  }

  mutating func address(_ kind: String, _ name: String = "") -> String { addresses.page(kind, name) }

  mutating func add(_ error: any Error, _ path: String) {
    let sentence = (error as? FileError)?.description ?? "\(error)"
    faults.append(.init(path: path, sentence: sentence))
  }

  // MARK: - Scores and generators

  /// Scores that compare with each other.
  private struct Grounds: Hashable {
    let judges: [String: String]
    let version, reference: String
  }

  private mutating func addScores() {
    var boards: [(key: Grounds, files: [(path: String, file: ScoreFile, command: String?)])] = []
    for part in folder.parts where part.kind == .result(schema: ScoreFile.schema) {
      do {
        guard let file = try LeaderboardFolder.read(part.path) else { continue }
        let key = Grounds(
          judges: file.judge.sha256, version: file.judge.version,
          reference: "\(file.reference.sha256) \(file.reference.count)")
        let index = boards.firstIndex { $0.key == key } ?? boards.count
        if index == boards.count { boards.append((key, [])) }
        boards[index].files.append((part.path, file, part.command))
      } catch {
        add(error, folder.name(part.path))
      }
    }
    // The largest first: it is the one that people come for.
    for board in boards.sorted(by: { $0.files.count > $1.files.count }) { add(board.files) }
  }

  private mutating func add(_ files: [(path: String, file: ScoreFile, command: String?)]) {
    let address = address("leaderboard")
    var places: [String: GeneratorEntry.Place] = [:]
    do {
      let board = try Leaderboard(files.map { ($0.path, $0.file) }, in: folder.path)
      let report = LeaderboardReport(board)
      for entry in board.entries {
        for result in entry.results {
          places[result.sha256] = .init(entry: entry, board: report, address: address)
        }
      }
      boards.append((report, address, Text.distinct(files.compactMap(\.command))))
    } catch {
      add(error, folder.name(files[0].path))
    }
    for (path, file, command) in files {
      for (index, result) in file.results.enumerated() {
        let place = places[result.sha256]
        let title = place?.entry.source ?? LeaderboardReport.title(of: result)
        generators.add(
          .init(result: result, file: file, path: folder.name(path), command: command, number: index + 1),
          title: title, place: place)
      }
    }
  }

  private mutating func addGenerators() {
    for part in folder.parts where part.kind == .training(.generator) {
      generators.add(training: part, path: folder.name(part.path))
    }
    generators.sort { a, b in
      (a.place?.address ?? "~", a.place?.entry.rank ?? 0, a.title)
        < (b.place?.address ?? "~", b.place?.entry.rank ?? 0, b.title)
    }
    let names = generators.map(\.title)
    for entry in generators {
      let pictures = entry.pictures(in: folder, among: names)
      let losses = entry.losses(in: folder, among: names)
      let address = address("generator", entry.title)
      // Those with a place come first: theirs are the leaderboard's links.
      if generatorAddresses[entry.title] == nil { generatorAddresses[entry.title] = address }
      if let losses {
        do {
          _ = try LossSection(losses, of: entry.title, in: folder)
        } catch {
          add(error, losses)
        }
      }
      add(
        SitePage(
          address, entry.title, .generators, note: entry.note,
          picture: pictures.first { !$0.path.hasSuffix(".gif") }.map { Address.file($0.path) }
        ) { [folder] in
          GeneratorPage(entry: entry, pictures: pictures, losses: losses, folder: folder).content
        })
    }
  }

  /// Behind the generators, whose pictures they show.
  private mutating func addLeaderboards() {
    for (number, (report, address, commands)) in boards.enumerated() {
      let entries = report.board.entries
      add(
        SitePage(
          address, number == 0 ? "Leaderboard" : "Leaderboard \(number + 1)", .leaderboards,
          note: "\(Text.counted(entries.count, "generator")); the best is \(entries.first?.source ?? "none")."
        ) { [self] in leaderboard(report, commands: commands, at: address) })
    }
  }

  /// The pages of documents, by the documents' paths.
  var documentAddresses: [String: String] = [:]
  private var boards: [(report: LeaderboardReport, address: String, commands: [String])] = []
  /// By the titles of the generators.
  private(set) var generatorAddresses: [String: String] = [:]
}
