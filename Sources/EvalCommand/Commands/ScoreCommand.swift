import ArgumentParser
import Cluster
import Datasets
import Eval
import Experiments
import Files
import FoundationEssentials
import Reports

/// `eval score`: how good generated images are, by the reference classifiers or by others.
struct ScoreCommand: DividedCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Judge generators, or images from anywhere, against real ones.",
    discussion: """
      A source is a generator that eval train generator wrote (images are drawn here, all labels alike), a folder of \
      generators (each is scored), an array of images (.npy, .npz: bytes or floating-point, [N, 28, 28], [N, 784], or \
      with one or three channels last or first), or a folder of PNG or JPEG pictures (in sub-folders named by label, or without labels). Every distance \
      stands between real images and noise of the same count, with its standard error. What is known of the real \
      images is kept in the user's cache.

      A folder may hold checkpoints of a training (step-….safetensors, or a folder checkpoints of them), else \
      generator.safetensors, else pictures: PNG files, taken in the order of their names, or nothing but a folder of \
      PNG files for each label, called by the label's name or number. Pictures are of one size; colour becomes grey, \
      transparency is laid over black, and what is not as large as the data's images is resized (see --grid, --crop). \
      Hidden files are not looked at, files of other kinds are counted in a note.

      Images that the reference classifiers do not know are judged by --judge, or with --reference by a classifier that \
      is trained on those pictures first, in some minutes, and kept in the user's cache. Colour stays colour there.
      """)

  @Argument(help: ArgumentHelp("Generators, arrays or folders.", valueName: "source"))
  var sources: [String] = []
  @Option(parsing: .unconditional, help: "How many images to draw with each generator.")
  var count = 10_000
  @Option(parsing: .unconditional, help: "What the drawing follows from.")
  var seed: UInt64 = 1
  @Option(
    parsing: .unconditional,
    help:
      "Draw so many sets of --count images, with the seeds that follow, and also give the mean and the deviation over them."
  )
  var sets = 1
  @Option(help: ArgumentHelp("The labels of an array of images, as .npy or .npz.", valueName: "file"))
  var labels: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The range of floating-point pixels in arrays.", valueName: "low...high"),
    transform: PixelRange.parse)
  var pixelRange: PixelRange = .unit
  @Option(
    help: ArgumentHelp(
      "Cut each picture into a grid of images, such as 8x8; pixels between them may be left out.",
      valueName: "rowsxcolumns"))
  var grid: SampleGrid?
  @Flag(help: "Take the middle of images that are larger than the data's, instead of resizing them.")
  var crop = false
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Two files of features instead of images, real ones first, from any network: arrays [N, d] as .npy or .npz, or "
        + ".npz with mu and sigma, for the Fréchet distance alone.", valueName: "file"
    ))
  var features: [String] = []
  @Flag(
    help:
      "Also train the dense classifier on the images and try it on real ones, where the images have labels.")
  var cas = false
  @Option(
    help: ArgumentHelp("Also put each score into this folder, for eval leaderboard.", valueName: "dir"))
  var leaderboard: String?
  @Flag(
    help: ArgumentHelp(
      "The sources are trainings of one recipe with different seeds: also give the mean and the deviation over "
        + "them; in the leaderboard they are one entry. A folder of seed-… folders stands for those."))
  var seeds = false
  @Option(help: ArgumentHelp("The folder of what is known of the real images.", valueName: "dir"))
  var cache: String?
  @Option(
    help: ArgumentHelp(
      "Compare with the pictures in this folder, which holds a folder for each label; instead of --data.",
      valueName: "dir"))
  var reference: String?
  @Option(
    name: .customLong("judge"),
    help: ArgumentHelp(
      "A judge: a reference classifier, a file of weights, the folder of its training, or a network as ONNX (.onnx), "
        + "whose features are the input of its last dense layer or those of ,features=NODE behind the file. Repeatable. Else "
        + "\(ReferenceJudges.sources.map(\.classifier).joined(separator: ", ")).", valueName: "classifier"))
  var judges: [JudgeSource] = []
  @OptionGroup(title: "Options for judges from elsewhere") var foreign: PreprocessingOptions
  @OptionGroup var images: TestImageOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var sharding: ShardOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    guard features.isEmpty || features.count == 2 else {
      throw ValidationError("--features: expected two arrays, found \(features.count)")
    }
    guard sources.isEmpty != features.isEmpty else {
      throw ValidationError(
        sources.isEmpty
          ? "expected a generator, an array or a folder of images" : "--features: expected no other sources")
    }
    if seeds, sources.count < 2, !sources.contains(where: { SeedFolders.seeds(in: $0).count > 1 }) {
      let found = sources.first.map { "\($0) alone" } ?? "features"
      throw ValidationError("--seeds: expected two trainings of one recipe or more, found \(found)")
    }
    try DrawnCount.check(count)
    guard (1...10_000).contains(sets) else {
      throw ValidationError("--sets: expected 1 to 10000, found \(sets)")
    }
    guard sets == 1 || !seeds && !cas && leaderboard == nil else {
      throw ValidationError("--sets: expected no --seeds, --cas or --leaderboard beside it")
    }
    guard reference == nil || images.data.data == nil else {
      throw ValidationError("--reference: expected no other real images, found --data")
    }
    guard features.isEmpty || (grid == nil && !crop) else {
      throw ValidationError("\(grid == nil ? "--crop" : "--grid"): expected images, found features")
    }
    guard labels == nil || sources.count == 1 else {
      throw ValidationError("--labels: expected one array of images, found \(sources.count) sources")
    }
  }

  var partsFolder: String? { output.output }

  func run(_ division: Division) throws {
    try compute.prepare()
    try output.prepare()
    if let leaderboard { try OutputOptions.create(leaderboard) }
    guard features.isEmpty else { return try scoreFeatures(division) }
    let start = ContinuousClock.now
    let trainings = seeds ? try RepeatedTrainings(sources) : nil
    let items = trainings?.items ?? sources.flatMap(ScoreItem.items)
    try items.compactMap(\.generatorPath).first.map(checkIsForGenerators)
    guard sets == 1 || items.allSatisfy({ $0.generatorPath != nil }) else {
      throw ValidationError("--sets: expected generators, which can draw more images; found images")
    }
    let scorer = try scorer()
    let identity = scorer.file([])
    var (scores, cards): ([(ScoreItem, ScoreResult)], [ScoreCard]) = ([], [])
    let scored = try scorer.score(
      items, settings, division: division, observer: Console.observer()
    ) { scored in
      scores.append((scored.item, scored.result))
      if let leaderboard, !seeds { try LeaderboardFolder.add(scored.result, of: identity, to: leaderboard) }
      if output.output != nil { cards.append(ScoreCard(scored, scorer)) }
    }
    let file = trainings?.file(scored) ?? scored
    if let leaderboard, seeds { try LeaderboardFolder.add(trainings: file, to: leaderboard) }
    let report = ScoreReport(file)
    if let folder = output.output {
      try report.write(to: folder)
      for (index, card) in cards.enumerated() { try card.write(number: index + 1, to: folder) }
      try CheckpointCharts(scores).write(to: folder)
      try RunManifest(
        dataset: scorer.panel.heldOut.sha256, seconds: (ContinuousClock.now - start) / .seconds(1)
      ).write(to: folder)
    }
    try output.format.print(report)
  }

  private func scoreFeatures(_ division: Division) throws {
    guard division.isAlone else {
      throw ValidationError("--shard: expected images, found features, which are compared all with all")
    }
    let report = FeatureReport(
      try FeatureScore.of(real: features[0], generated: features[1], observer: Console.observer()))
    if let folder = output.output { try report.write(to: folder) }
    try output.format.print(report)
  }

  private func scorer() throws -> Scorer {
    var data = images.data
    data.data = reference ?? data.data
    let (training, heldOut) = try data.loadBoth()
    let observer = Console.observer()
    let judges =
      reference != nil && judges.isEmpty
      ? [try TrainedJudge.of(heldOut: heldOut, training: training, cache: cache, observer: observer)]
      : try ReferenceJudges.all(
        judges.isEmpty ? ReferenceJudges.sources : judges, for: heldOut, reading: foreign.reading(),
        observer: observer)
    return try Scorer(
      judges: judges, heldOut: heldOut, training: training, limit: images.limit,
      version: ReferenceJudges.version(of: judges),
      cache: RealCache(
        cache, note: { Console.error("eval: note: \($0)") }, warn: { Console.error("eval: warning: \($0)") }),
      path: data.data ?? data.dataset)
  }

  private var settings: ScoreSettings {
    var settings = ScoreSettings()
    (settings.count, settings.seed, settings.labels) = (count, seed, labels)
    (settings.pixelRange, settings.grid, settings.crops) = (pixelRange, grid, crop)
    settings.settingNames.pixelRange = "--pixel-range"
    settings.settingNames.grid = "--grid"
    settings.settingNames.crops = "--crop"
    (settings.trainsClassifier, settings.sets) = (cas, sets)
    return settings
  }

  private func checkIsForGenerators(_ path: String) throws {
    guard labels == nil else {
      throw ValidationError("--labels: expected an array of images, found the generator \(path)")
    }
    guard grid == nil, !crop else {
      throw ValidationError(
        "\(grid == nil ? "--crop" : "--grid"): expected pictures, found the generator \(path)")
    }
  }
}
