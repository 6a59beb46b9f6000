import ArgumentParser
import Cluster
import Corruptions
import Datasets
import Experiments
import Files
import Reports

/// `eval corrupt`: images with the damage that happens without anybody meaning harm, as arrays.
struct CorruptCommand: DividedCommand {
  static let configuration = CommandConfiguration(
    commandName: "corrupt",
    abstract: "Damage images by noise, blur, weather or another pose, and write them as .npy.",
    discussion: """
      The corruptions are those of MNIST-C and Fashion-MNIST-C, most at five severities. For each a file \
      <corruption>-<severity>.npy is written, bytes [count, height, width, 1] as in the data set, and once labels.npy and \
      manifest.json, which says how; corruptions.png and corruptions.svg show the first images after each. The same seed gives the same bytes as in \
      eval robustness --corruptions.
      """)

  @Option(
    name: .customLong("corruption"),
    help: """
      The corruption: \(CorruptionCatalog.all.map(\.name).joined(separator: ", ")). Repeatable; without it, all.
      """)
  var names: [String] = []
  @Option(
    name: .customLong("severity"), parsing: .unconditionalSingleValue,
    help: "How bad, from 1 to 5. Repeatable; without it, all that a corruption has: some have 1 alone.")
  var severities: [Int] = []
  @Option(help: "Which half of the data set: train or test.")
  var split: Split = .test
  @Option(parsing: .unconditional, help: ArgumentHelp("Only the first images.", valueName: "count"))
  var limit: Int?
  @Option(parsing: .unconditional, help: "Seed of what is random in them.")
  var seed: UInt64 = 0
  @Option(help: ArgumentHelp("The folder for the arrays.", valueName: "dir"))
  var output: String
  @OptionGroup var data: DataOptions
  @OptionGroup var sharding: ShardOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    for name in names where CorruptionCatalog.named(name) == nil {
      throw ValidationError(
        "--corruption: expected \(CorruptionCatalog.all.map(\.name).joined(separator: ", ")), found \(name)")
    }
    for severity in severities where !(1...5).contains(severity) {
      throw ValidationError("--severity: expected 1 to 5, found \(severity)")
    }
    if !severities.isEmpty,
      let name = names.first(where: { name in !settings.contains { $0.corruption.name == name } })
    {
      throw ValidationError("--severity: expected 1, for \(name) has no other; found \(severities[0])")
    }
    guard !output.isEmpty else { throw ValidationError("--output: expected a folder, found an empty name") }
    if let limit, limit < 1 { throw ValidationError("--limit: expected 1 or more images, found \(limit)") }
  }

  private var settings: [CorruptionSetting] {
    CorruptionSetting.all.filter {
      (names.isEmpty || names.contains($0.corruption.name))
        && (severities.isEmpty || severities.contains($0.severity))
    }
  }

  var partsFolder: String? { output }

  func run(_ division: Division) throws {
    try compute.prepare()
    try OutputOptions.create(output)
    let start = ContinuousClock.now
    let all = try data.load(split)
    let images = limit.map(all.prefix) ?? all
    try CorruptionExport.check(images, path: data.data ?? images.name)
    let settings = settings
    func manifest() -> RunManifest {
      RunManifest(dataset: images.sha256, seconds: (ContinuousClock.now - start) / .seconds(1))
    }
    if !division.isPart {
      // Before the labels, which would not be those of the arrays that another run left here.
      try manifest().write(
        to: output,
        planned: ["labels.npy"] + CorruptionSheet.fileNames + settings.map { "\($0.name).npy" })
      try AtomicFile.write(
        NPY.data(images.labels.map(Int.init), shape: [images.count]), to: "\(output)/labels.npy")
    }
    var sheet = CorruptionSheet(images)
    let export = CorruptionExport(settings: settings, seed: seed)
    try export.run(on: images, division: division, observer: Console.observer()) { setting, corrupted in
      try AtomicFile.write(
        NPY.data(corrupted.pixels, shape: images.shape), to: "\(output)/\(setting.name).npy")
      sheet.add(setting.name, corrupted)
    }
    try sheet.write(to: output)
    try manifest().write(to: output)
    try print(
      "\(output): \(Text.counted(settings.count, "array")) of \(Text.counted(images.count, "image")), and their labels"
    )
  }
}
