import Experiments
import Figures
import Files
import Generators
import Pictures

/// The pictures of a generator's training: grids of what it makes of the same noise or images, and the losses
/// as table and chart.
public struct GeneratorReport {
  private let recipe: GeneratorRecipe
  private let grids: any TrainingGrids

  /// A report with grids of the caller's choice, such as coloured test images.
  public init(_ recipe: GeneratorRecipe, _ grids: any TrainingGrids) {
    (self.recipe, self.grids) = (recipe, grids)
  }

  /// A report with grids of noise that stays the same.
  ///
  /// - Parameters:
  ///   - recipe: that of the generator in training.
  ///   - labelCount: columns of the grid of a conditional generator.
  ///   - seed: fixes the noise of all grids.
  public init(_ recipe: GeneratorRecipe, labelCount: Int, seed: UInt64) {
    self.init(recipe, GeneratorGrids(recipe, labelCount: labelCount, seed: seed))
  }

  /// A snapshot's losses on one line.
  public static func line(_ snapshot: GeneratorTrainer.Milestone) -> String {
    "step \(snapshot.step)/\(snapshot.totalSteps)  \(snapshot.losses.short)"
  }

  /// What the network makes of the same noise or images as at every step.
  func grid(of network: any GeneratorNetwork) -> Bitmap { grids.images(of: network).bitmap }

  /// Writes the grids as PNG into the folder, named after the step.
  ///
  /// - Parameters:
  ///   - network: the generator as it stands.
  ///   - step: generator steps done so far.
  ///   - folder: of the run; the pictures go into its folder `grids`.
  /// - Throws: `FileError/unwritable(path:reason:)`.
  public func writeGrids(_ network: any GeneratorNetwork, step: Int, to folder: String) throws {
    let names = GridName.names(step: step)
    try grids.images(of: network).bitmap.write(to: "\(folder)/grids/\(names[0])")
    try grids.codes(of: network)?.bitmap.write(to: "\(folder)/grids/\(names[1])")
  }

  /// The grids of these steps, one after the other, as animations.
  ///
  /// - Returns: what is wrong with those that cannot be part of it, because somebody removed or replaced
  ///   them.
  /// - Throws: `FileError/unwritable(path:reason:)`; a grid that cannot be read is returned instead.
  public func writeAnimations(
    _ network: any GeneratorNetwork, steps: [Int], to folder: String
  ) throws -> [FileError] {
    var faults: [FileError] = []
    for (index, drawn) in [grids.images(of: network), grids.codes(of: network)].enumerated() {
      guard let sample = drawn?.bitmap else { continue }
      var frames: [Bitmap] = []
      for step in steps {
        do throws(FileError) {
          frames.append(try frame("\(folder)/grids/\(GridName.names(step: step)[index])", like: sample))
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
  ///
  /// - Throws: `FileError/unwritable(path:reason:)`.
  public func writeLosses(_ journal: TrainingJournal, to folder: String) throws {
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
    let chart = Self.lossChart(
      of: recipe.name, subtitle: "\(recipe.summary); \(recipe.citation)",
      names.map { name in
        (
          name,
          journal.records.compactMap { record in record.losses[name].map { .init(Double(record.step), $0) } }
        )
      })
    for kind in ["svg", "png"] { try chart.drawing.write(to: "\(folder)/losses.\(kind)") }
  }

  package static func lossChart(
    of name: String, subtitle: String, _ losses: [(name: String, points: [LineChart.Point])]
  ) -> LineChart {
    LineChart(
      title: "Losses of \(name)", subtitle: subtitle, x: Axis("generator steps"), y: Axis("loss"),
      series: losses.map { .init($0.name, $0.points) })
  }
}
