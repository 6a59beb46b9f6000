import ArgumentParser
import Classifier
import Eval
import Figures
import Files
import Foundation

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
    help: ArgumentHelp(
      "Also check that less noise makes this generator's images more typical.", valueName: "file"))
  var generator: String?
  @Option(
    help: ArgumentHelp(
      "Also check that the distance falls over the checkpoints in this folder of a run.", valueName: "dir"))
  var checkpoints: String?
  @OptionGroup var images: TestImageOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var compute: ComputeOptions

  /// A check failed.
  struct Failed: Error, CustomStringConvertible {
    let count, total: Int
    var description: String { "\(count) of \(total) checks of the judges failed" }
  }

  func run() throws {
    try compute.prepare()
    try output.prepare()
    let start = ContinuousClock.now
    let (heldOut, training) = (try images.load(), try images.data.load(.train))
    guard heldOut.count >= JudgeCheck.fewestImages else {
      throw ValidationError(
        "--limit: expected \(JudgeCheck.fewestImages) test images or more, found \(heldOut.count)")
    }
    let check = try JudgeCheck(Scorer.judges(for: heldOut), heldOut: heldOut, training: training)
    var bar = ProgressBar("checking", total: JudgeCheck.parts, unit: "parts")
    var checks = try check.run { done in
      bar.show(done)
    }
    bar.finish()
    let generators = GeneratorChecks(check: check, size: heldOut.height)
    checks += try checkpoints.map(generators.training) ?? []
    checks +=
      try generator.map {
        try generators.truncation(RunFolder.weights($0, "generator.safetensors"))
      } ?? []
    let report = JudgeCheckReport(checks, version: ReferenceWeights.version, count: heldOut.count)
    try JSON.check(report.result)
    if let folder = output.output {
      try report.write(to: folder)
      try DamageSheet(heldOut).write(to: folder)
      try RunManifest(dataset: heldOut.sha256, seconds: (ContinuousClock.now - start) / .seconds(1)).write(
        to: folder)
    }
    switch output.format {
    case .table: try print(report.table)
    case .json: try print(JSON.text(report.result))
    case .csv: try print(report.csv, terminator: "")
    }
    let failed = checks.count { !$0.passed }
    if failed > 0 { throw Failed(count: failed, total: checks.count) }
  }
}
