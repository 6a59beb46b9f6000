import ArgumentParser
import Classifier
import Datasets
import Eval
import Experiments
import Files
import FoundationEssentials
import Glibc
import Reports

/// `eval judge-check`: whether the judges of `eval score` can be trusted.
struct JudgeCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge-check",
    abstract: "Try the judges on images that are known to be good, spoilt, missing or copied.",
    discussion: """
      The first half of the test images is the reference; the second half is damaged in ways whose effect is known. \
      Ends with exit code 70 where a check fails.
      """)

  @Option(
    name: .customLong("judge"),
    help: ArgumentHelp(
      "A judge to try: a reference classifier, a file of weights, the folder of its training, or a network as ONNX (.onnx), "
        + "its features as with eval score. Repeatable.",
      valueName: "classifier"))
  var judges = ReferenceJudges.sources
  @Option(
    help: ArgumentHelp(
      "Also check that less noise makes this generator's images more typical.", valueName: "file"))
  var generator: String?
  @Option(
    help: ArgumentHelp(
      "Also check that the distance falls over the checkpoints in this folder of a run.", valueName: "dir"))
  var checkpoints: String?
  @Option(
    help: ArgumentHelp(
      "Measure instead how often verdicts are given to real and to damaged images, over so many sets of each size.",
      valueName: "n"))
  var draws: Int?
  @OptionGroup(title: "Options for judges from elsewhere") var foreign: PreprocessingOptions
  @OptionGroup var images: TestImageOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var compute: ComputeOptions

  /// A check failed.
  struct Failed: Error, CustomStringConvertible {
    let count, total: Int
    var description: String { "\(count) of \(total) checks of the judges failed" }
  }

  func validate() throws {
    if let draws, draws < 1 { throw ValidationError("--draws: expected 1 or more, found \(draws)") }
  }

  func run() throws {
    try compute.prepare()
    try output.prepare()
    let start = ContinuousClock.now
    let (training, heldOut) = try images.loadBoth()
    guard heldOut.channels == 1, heldOut.height == heldOut.width else {
      throw FileError.malformed(
        path: images.data.data ?? heldOut.name, expected: "square grey images (see --grey)",
        found: "\(heldOut.shape)")
    }
    guard heldOut.count >= JudgeTrial.fewestImages else {
      throw ValidationError(
        "--limit: expected \(JudgeTrial.fewestImages) test images or more, found \(heldOut.count)")
    }
    let judges = try ReferenceJudges.all(
      judges, for: heldOut, reading: foreign.reading(), observer: Console.observer())
    let version = ReferenceJudges.version(of: judges)
    if let draws {
      let report = VerdictRateReport(
        try VerdictMeasurement.run(
          judges, heldOut: heldOut, training: training, draws: draws, version: version,
          observer: Console.observer()))
      if let folder = output.output { try report.write(to: folder) }
      return try output.format.print(report)
    }
    let result = try JudgeChecks.run(
      judges, heldOut: heldOut, training: training,
      generator: generator.map { RunFolder.weights($0, "generator.safetensors") }, checkpoints: checkpoints,
      version: version, observer: Console.observer())
    let report = JudgeCheckReport(result)
    if let folder = output.output {
      try report.write(to: folder)
      try DamageSheet(heldOut).write(to: folder)
      try RunManifest(dataset: heldOut.sha256, seconds: (ContinuousClock.now - start) / .seconds(1)).write(
        to: folder)
    }
    try output.format.print(report)
    if !result.passed { throw Failed(count: result.failedCount, total: result.checks.count) }
  }
}
