import Eval
import Experiments
import Files
import FoundationEssentials
import Reports

/// A generator of a site: its scores, its training, its pictures, each where there is one.
struct GeneratorEntry {
  /// A score with the file that it is from.
  struct Scored {
    let result: ScoreResult
    let file: ScoreFile
    /// Below the folder.
    let path: String
    let command: String?
    /// Its place in the file, from 1 on: pictures beside the file are numbered so.
    let number: Int
  }

  /// A place on a leaderboard.
  struct Place {
    let entry: Leaderboard.Entry
    let board: LeaderboardReport
    let address: String
  }

  let title: String
  var scores: [Scored] = []
  var place: Place?
  /// Its folder, below the site's.
  var training: (part: StoredPart, path: String)?

  /// The last component of its title, which files of it are called after.
  private var stem: String { title.lastPathComponent }

  // MARK: - Files

  /// A picture of it, and what it shows.
  struct Picture: Equatable {
    let path: String
    let caption: String
    /// Whether it shows pixels, which are enlarged as they are.
    let isPixelated: Bool
  }

  /// Its pictures: of the training's folder, files called after it, and those beside its scores.
  ///
  /// - Parameter others: the titles of all generators: a file is of the one with the longest name that fits.
  func pictures(in folder: StoredFolder, among others: [String]) -> [Picture] {
    let all = folder.pictures
    var found: [Picture] = []
    func add(_ path: String, _ caption: String, isPixelated: Bool = true) {
      if !found.contains(where: { $0.path == path }) {
        found.append(.init(path: path, caption: caption, isPixelated: isPixelated))
      }
    }
    if let training {
      if let grid = folder.newestGrid(of: training.path) {
        add(grid.path, "What it draws after \(grid.step) steps")
      }
      for (name, caption) in [
        ("grids.gif", "The same noise from step to step"),
        ("codes.gif", "Its two continuous codes from step to step"),
      ] where all.contains(training.path.appendingPathComponent(name)) {
        add(training.path.appendingPathComponent(name), caption)
      }
    }
    for path in all where path.pathExtension != "svg" {
      let name = path.lastPathComponent.deletingPathExtension
      guard Self.owner(of: name, among: others) == stem else { continue }
      let rest = name.dropFirst(stem.count).drop { $0 == "-" }
      switch (String(rest), path.pathExtension) {
      case ("", "gif"): add(path, "The same noise from step to step")
      case ("", _): add(path, "What it draws")
      case ("losses", _): break
      default: add(path, String(rest.replacing("-", with: " ")))
      }
    }
    for score in scores {
      let beside = score.path.deletingLastPathComponent
      for (name, caption) in [
        ("card-\(score.number).png", "Images of each label, and those nearest to training images"),
        ("labels-\(score.number).png", "The labels that a judge sees"),
      ] where all.contains(beside.appendingPathComponent(name)) {
        add(beside.appendingPathComponent(name), caption, isPixelated: false)
      }
    }
    // What moves behind what stands still, each in its order.
    return found.filter { !$0.path.hasSuffix(".gif") } + found.filter { $0.path.hasSuffix(".gif") }
  }

  /// The table of its losses, below the folder.
  func losses(in folder: StoredFolder, among others: [String]) -> String? {
    if let training {
      let own = training.path.appendingPathComponent("losses.csv")
      if folder.tables.contains(own) { return own }
    }
    return folder.tables.first { path in
      let name = path.lastPathComponent.deletingPathExtension
      return Self.owner(of: name, among: others) == stem && name == "\(stem)-losses"
    }
  }

  /// The generator whose name a file's name begins with, up to a hyphen or its end.
  private static func owner(of name: String, among titles: [String]) -> String? {
    titles.map(\.lastPathComponent).filter { name == $0 || name.hasPrefix("\($0)-") }
      .max { $0.count < $1.count }
  }
}

extension [GeneratorEntry] {
  /// Adds what was scored: to the generator whose weights they are.
  mutating func add(_ scored: GeneratorEntry.Scored, title: String, place: GeneratorEntry.Place?) {
    let sha256 = scored.result.sha256
    let known = firstIndex { entry in entry.scores.contains { $0.result.sha256 == sha256 } }
    if let known {
      self[known].scores.append(scored)
      if self[known].place == nil { self[known].place = place }
    } else {
      append(GeneratorEntry(title: title, scores: [scored], place: place))
    }
  }

  /// Adds trainings: to the scores of their weights.
  mutating func add(training part: StoredPart, path: String) {
    let name = (path.isEmpty ? part.folder : path).lastPathComponent
    // Without scores there is nothing to find, and weights are large.
    let weights =
      contains { !$0.scores.isEmpty } ? try? part.data("generator.safetensors", limit: 1 << 30) : nil
    let sha256 = weights.map { SHA256.hex(of: $0) }
    let known = firstIndex { entry in entry.scores.contains { $0.result.sha256 == sha256 } }
    if let known {
      self[known].training = (part, path)
    } else {
      append(GeneratorEntry(title: name, training: (part, path)))
    }
  }
}
