import Autograd
import Datasets
import Figures
import Files
import Foundation
import Generators
import Kernels
import Network
import Reports

/// The pictures of a generator's training: grids from noise that stays the same, and the losses as table and chart.
struct GeneratorReport {
  private let recipe: GeneratorRecipe
  private let labelNames: [String]
  private let key: Key

  /// - Parameter seed: fixes the noise of all grids.
  init(_ recipe: GeneratorRecipe, labelNames: [String], seed: UInt64) {
    self.recipe = recipe
    self.labelNames = labelNames
    key = Key(seed: seed).derived(100)
  }

  /// 8×8 images; of a conditional generator ten rows of one noise each, a column a label. Pixels are drawn as they are.
  func grid(_ network: any GeneratorNetwork) -> Bitmap {
    guard recipe.isConditional else {
      return Self.bitmap(Generator.images(network, recipe.latent(64, labels: nil, key: key)), columns: 8)
    }
    let (rows, columns) = (10, labelNames.count)
    var latent = recipe.latent(rows, labels: nil, key: key)
    let order = (0..<rows * columns).map { $0 / columns }
    latent.noise = latent.noise.gatherRows(order)
    // The continuous codes rest at the middle of their range.
    latent.codes = latent.codes.map { .zeros([rows * columns, $0.shape[1]]) }
    latent.labels = (0..<rows * columns).map { $0 % columns }
    return Self.bitmap(Generator.images(network, latent), columns: columns)
  }

  /// infoGAN's two continuous codes: one noise and one label, the first code down, the second across, from -1 to 1.
  func codeGrid(_ network: any GeneratorNetwork) -> Bitmap? {
    guard recipe.codes == 2 else { return nil }
    let side = 10
    let steps = (0..<side).map { 2 * Float($0) / Float(side - 1) - 1 }
    var latent = recipe.latent(1, labels: [0], key: key)
    latent.noise = latent.noise.gatherRows([Int](repeating: 0, count: side * side))
    latent.labels = [Int](repeating: 0, count: side * side)
    latent.codes = Tensor(
      (0..<side * side).flatMap { [steps[$0 / side], steps[$0 % side]] }, shape: [side * side, 2])
    return Self.bitmap(Generator.images(network, latent), columns: side)
  }

  /// The files of a step's grids, below the folder `grids`.
  static func gridNames(step: Int) -> [String] {
    let number = String(repeating: "0", count: max(0, 7 - "\(step)".count)) + "\(step)"
    return ["step-\(number).png", "codes-\(number).png"]
  }

  /// Writes the grids as PNG into the folder, named after the step.
  func writeGrids(_ network: any GeneratorNetwork, step: Int, to folder: String) throws {
    let names = Self.gridNames(step: step)
    try grid(network).write(to: "\(folder)/grids/\(names[0])")
    try codeGrid(network)?.write(to: "\(folder)/grids/\(names[1])")
  }

  /// The grids of these steps, one after the other, as animations.
  ///
  /// - Returns: what is wrong with those that cannot be part of it, because somebody removed or replaced them.
  func writeAnimations(
    _ network: any GeneratorNetwork, steps: [Int], to folder: String
  ) throws -> [FileError] {
    var faults: [FileError] = []
    for (index, sample) in [grid(network), codeGrid(network)].enumerated() {
      guard let sample else { continue }
      var frames: [Bitmap] = []
      for step in steps {
        do throws(FileError) {
          frames.append(try frame("\(folder)/grids/\(Self.gridNames(step: step)[index])", like: sample))
        } catch {
          faults.append(error)
        }
      }
      guard !frames.isEmpty else { continue }
      let path = "\(folder)/\(["grids.gif", "codes.gif"][index])"
      try AtomicFile.write(GIF.encode(frames, secondsPerFrame: Self.secondsPerFrame, path: path), to: path)
    }
    return faults
  }

  private func frame(_ path: String, like sample: Bitmap) throws(FileError) -> Bitmap {
    let frame = try PNG.decode(AtomicFile.read(path), path: path)
    guard (frame.width, frame.height) == (sample.width, sample.height) else {
      throw .malformed(
        path: path, expected: "a picture of \(sample.width)×\(sample.height)",
        found: "\(frame.width)×\(frame.height)")
    }
    return frame
  }

  /// Five pictures a second, as the collection shows them.
  private static let secondsPerFrame = 0.2

  /// The losses of the intervals, with the warnings at the steps where they were given.
  func writeLosses(_ journal: TrainingJournal, to folder: String) throws {
    let names = journal.records.first?.losses.names ?? []
    var csv = CSV(["step"] + names + ["warning"])
    let findings = Dictionary(grouping: journal.findings, by: \.step)
    let records = Dictionary(uniqueKeysWithValues: journal.records.map { ($0.step, $0.losses) })
    for step in Set(records.keys).union(findings.keys).sorted() {
      let values = records[step].map { losses in losses.values.map { "\($0)" } }
      let warning = (findings[step] ?? []).map { "\($0.warning.rawValue): \($0.detail)" }.joined(
        separator: "; ")
      csv.add(["\(step)"] + (values ?? names.map { _ in "" }) + [warning])
    }
    try AtomicFile.write(csv.text, to: "\(folder)/losses.csv")
    guard journal.records.count > 1 else { return }
    let chart = LineChart(
      title: "Losses of \(recipe.name)", subtitle: "\(recipe.summary); \(recipe.citation)",
      x: Axis("generator steps"), y: Axis("loss"),
      series: names.map { name in
        .init(
          name,
          journal.records.compactMap { record in record.losses[name].map { .init(Double(record.step), $0) } })
      })
    for kind in ["svg", "png"] { try chart.drawing.write(to: "\(folder)/losses.\(kind)") }
  }

  /// Images `[N, H, W, 1]` in [0, 1] side by side.
  static func bitmap(_ images: Tensor, columns: Int) -> Bitmap {
    let (height, width, channels) = (images.shape[1], images.shape[2], images.shape[3])
    let size = height * width * channels
    let elements = images.elements
    let bitmaps = (0..<images.shape[0]).map {
      Bitmap(
        width: width, height: height, channels: channels, values: Array(elements[$0 * size..<($0 + 1) * size])
      )
    }
    return ImageGrid(columns: columns).bitmap(of: bitmaps)
  }
}
