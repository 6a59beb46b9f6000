import Adversary
import ArgumentParser
import Corruptions
import Datasets
import Figures
import Files
import Foundation
import Kernels

/// `eval corrupt`: images with the damage that happens without anybody meaning harm, as arrays.
struct CorruptCommand: ParsableCommand {
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

  func run() throws {
    try compute.prepare()
    try OutputOptions.create(output)
    let start = ContinuousClock.now
    let all = try data.load(split)
    let images = limit.map(all.prefix) ?? all
    try CorruptionSetting.check(images, path: data.data ?? images.name)
    let settings = settings
    func manifest() -> RunManifest {
      RunManifest(dataset: images.sha256, seconds: (ContinuousClock.now - start) / .seconds(1))
    }
    // Before the labels, which would not be those of the arrays that another run left here.
    try manifest().write(
      to: output,
      planned: ["labels.npy", "corruptions.png", "corruptions.svg"] + settings.map { "\($0.name).npy" })
    try AtomicFile.write(
      NPY.data(images.labels.map(Int.init), shape: [images.count]), to: "\(output)/labels.npy")
    var bar = ProgressBar("corrupting", total: settings.count, unit: "arrays")
    defer { bar.finish() }
    var rows: [LabeledImageSheet.Row] = []
    for (done, setting) in settings.enumerated() {
      let corrupted = setting.applied(to: images, seed: seed)
      try AtomicFile.write(
        NPY.data(corrupted.pixels, shape: images.shape), to: "\(output)/\(setting.name).npy")
      rows.append(.init(setting.name, (0..<min(8, images.count)).map { corrupted.bitmap(at: $0) }))
      bar.show(done + 1)
    }
    let sheet = LabeledImageSheet(
      title: "Corruptions of \(images.name)", subtitle: "the first images, \(split.rawValue) split",
      rows: rows)
    for kind in ["png", "svg"] { try sheet.drawing.write(to: "\(output)/corruptions.\(kind)") }
    try manifest().write(to: output)
    try print("\(output): \(settings.count) arrays of \(images.count) images, and their labels")
  }
}

extension CorruptionSetting {
  /// Refuses images that have no grey pixels, too few, or that cannot be turned by a quarter.
  static func check(_ images: LabeledImages, path: String) throws(FileError) {
    guard images.channels == 1, images.height == images.width, images.height >= 8 else {
      throw .malformed(
        path: path, expected: "grey, square images of 8×8 pixels or more", found: "\(images.shape)")
    }
  }
}
