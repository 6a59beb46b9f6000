import ArgumentParser
import Cluster
import Datasets
import Eval
import Experiments
import Files
import Reports

/// `eval reproduce`: what the source reports publish, run again.
struct ReproduceCommand: DividedCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Run what five reports on Fashion-MNIST publish, and say whether it holds.",
    discussion: """
      Each of the thirty systems of the reports is a row: classifiers, noise against them, generators at the reports' lengths, \
      colour; seven more are variants that a report gave up. What a row claims is judged by machine, from its losses, the labels that resnet sees and the distance that it \
      ranks by. All rows at their full length take days: with --budget each trains as far as its part of the minutes allows, \
      and a claim on the end of a training stays open until then. Run again, the same command goes on where it ended, after a \
      kill too, and leaves alone what is complete. Into the output folder come REPRODUCTION.md, a page for each row with its \
      pictures, and reproduction.csv; the states of the trainings stay in --runs.
      """)

  @Flag(help: "List the rows, and how long the reports train.")
  var list = false
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Only these rows, such as A4 B1 B7; all by default.", valueName: "row"))
  var only: [String] = []
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Minutes for all rows together; the reports' lengths by default.", valueName: "minutes"))
  var budget: Double?
  @Option(
    parsing: .unconditional,
    help: "Images that each generator draws to be scored; 10000 by default, 2000 with --budget.")
  var count: Int?
  @Option(
    name: .customLong("pictures"),
    help: ArgumentHelp(
      "A folder of pictures, with a folder for each label, for the rows on flowers and on clothes in colour.",
      valueName: "dir"))
  var pictureFolder: String?
  @Option(help: ArgumentHelp("The folder of the trainings' states.", valueName: "dir"))
  var runs = "runs/reproduction"
  @Option(help: ArgumentHelp("The folder of the table and the pages.", valueName: "dir"))
  var output = "results/reproduction"
  @Option(help: ArgumentHelp("The folder of what is known of the real images.", valueName: "dir"))
  var cache: String?
  @Option(help: "What to print on stdout.")
  var format: OutputFormat = .table
  @Option(
    help: ArgumentHelp(
      "A folder with the files of Fashion-MNIST; else they are looked for, and downloaded if need be.",
      valueName: "path"))
  var data: String?
  @OptionGroup(title: "Options for folders of pictures") var fitting: PictureOptions
  @OptionGroup var sharding: ShardOptions
  @OptionGroup var compute: ComputeOptions

  /// Below the output folder.
  private static let pages = "reproduction"

  func validate() throws {
    for id in only where PublishedRows.named(id) == nil {
      let known = PublishedRows.all.map(\.id).joined(separator: ", ")
      throw ValidationError("--only: expected \(known), found \(id)")
    }
    if let budget, !(budget.isFinite && budget > 0) {
      throw ValidationError("--budget: expected minutes above 0, found \(budget)")
    }
    if let count { try DrawnCount.check(count) }
  }

  var partsFolder: String? { output }
  static var hasPicturesInParts: Bool { true }

  func run(_ division: Division) throws {
    let wanted = only.compactMap { PublishedRows.named($0)?.id }
    let selected = PublishedRows.all.filter { only.isEmpty || wanted.contains($0.id) }
    if list {
      try print(RowListing.text(selected, Console.layout))
      return
    }
    try compute.prepare()
    let images = try DataSource(path: data).loadShown([.train, .test])
    for images in images { try checkForFashion(images) }
    for folder in [output, runs] { try OutputOptions.create(folder) }
    var reproduction = Reproduction(
      selected, training: images[0], test: images[1], runs: runs, pages: "\(output)/\(Self.pages)")
    reproduction.budget = budget.map { .seconds(60 * $0) }
    reproduction.count =
      count ?? (budget == nil ? reproduction.count : Reproduction.countWithinBudget)
    if let pictureFolder {
      let remedy = "--pictures must name a folder with a folder of pictures for each label"
      guard try AtomicFile.isFolder(pictureFolder, remedy: remedy) else {
        throw FileError.missing(path: pictureFolder, remedy: remedy)
      }
      var source = DataSource(path: pictureFolder)
      source.fitting = fitting.fitting
      source.splitSeed = fitting.splitSeed
      reproduction.pictures = SuppliedPictures(
        try source.loadShown([.train])[0], arguments: ["--data", pictureFolder] + fitting.arguments)
    }
    let display = ProgressDisplay()
    do {
      try Interruption.heldBack(
        saved: "what was run is kept in \(output) and \(runs); the same command goes on"
      ) {
        try reproduction.run(
          drawing: ReproductionPictures(),
          cache: RealCache(cache, note: display.observer.note, warn: display.observer.warning),
          division: division,
          isInterrupted: { Interruption.isRequested }, observer: display.observer
        ) { row, evidence in
          display.show(line: ReproductionReport.line(row, evidence))
          // Another part may be at work on its rows.
          if !division.isPart { try report(reproduction).write(to: output, pages: Self.pages) }
        }
      }
    } catch is TrainingInterrupted {
      throw Interrupted()
    }
    let whole = try report(reproduction)
    try whole.write(to: output, pages: Self.pages)
    try format.print(whole)
  }

  /// - Throws: `FileError.malformed` for images that the reports cannot have meant.
  private func checkForFashion(_ images: LabeledImages) throws(FileError) {
    func text(_ shape: [Int], _ labels: Int) -> String {
      "images of \(shape.map(String.init).joined(separator: "×")) of \(labels) labels"
    }
    let expected = text([28, 28, 1], DatasetCatalog.fashionMNIST.labelNames.count)
    let found = text(Array(images.shape.dropFirst()), images.labelNames.count)
    guard found == expected else {
      throw .malformed(path: data ?? images.name, expected: "Fashion-MNIST, \(expected)", found: found)
    }
  }

  /// Over the rows of this run and those that earlier runs left in the same folder.
  private func report(_ reproduction: Reproduction) throws -> ReproductionReport {
    var whole = reproduction
    whole.rows = PublishedRows.all
    let evidence = try whole.evidence()
    let own = Set(reproduction.rows.map(\.id))
    return ReproductionReport(
      whole.rows.filter { own.contains($0.id) || evidence[$0.id] != nil }, evidence)
  }
}
