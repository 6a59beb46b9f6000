import Files
import Foundation
import Testing

/// The help of every command, word for word; see Snapshots/.
///
/// After a change that is meant, run once with ASSAY_RECORD_SNAPSHOTS=1, and look at the difference.
@Suite struct HelpTests {
  struct Command: Sendable, CustomStringConvertible {
    let arguments: [String]
    let options: [String]

    init(_ arguments: String, _ options: String...) {
      self.arguments = arguments.split(separator: " ").map(String.init)
      self.options = options
    }

    var description: String { (["eval"] + arguments).joined(separator: " ") }
    var snapshot: String { (["eval"] + arguments).joined(separator: "-") + ".txt" }
  }

  static let commands = [
    Command(
      "", "--version", "accuracy-vs-epsilon", "confusion-matrix", "robustness", "train", "generate",
      "colorize",
      "score",
      "leaderboard",
      "judge-check", "merge", "reproduce", "export-notebook", "export-onnx", "report", "serve", "dataset",
      "corrupt", "doctor"),
    Command(
      "accuracy-vs-epsilon", "--classifier", "--region", "--mask", "--foreground-threshold", "--epsilons",
      "--attack", "--craft-on", "--target",
      "--certify", "--deviation", "--pixel-range", "--seed",
      "--data", "--dataset", "--limit", "--format", "--output", "--shard", "--threads"),
    Command("report", "<dir>", "--output"),
    Command("serve", "--runs", "--port", "--host", "--data", "--dataset", "--limit", "--threads"),
    Command(
      "confusion-matrix", "--classifier", "--merge", "--epsilon", "--region", "--mask",
      "--foreground-threshold",
      "--attack", "--pixel-range",
      "--seed", "--examples", "--data", "--dataset", "--limit", "--format", "--output", "--threads"),
    Command(
      "score", "<source>", "--count", "--seed", "--sets", "--labels", "--pixel-range", "--features", "--cas",
      "--leaderboard", "--seeds",
      "--cache", "--data", "--dataset", "--limit", "--format", "--output", "--shard", "--threads"),
    Command(
      "robustness", "--classifier", "--epsilon", "--slow-limit", "--corruptions", "--mask",
      "--foreground-threshold", "--certify",
      "--deviation", "--pixel-range", "--seed",
      "--data", "--dataset", "--limit", "--format", "--output", "--shard", "--threads"),
    Command("leaderboard", "<dir>", "--by", "--judge", "--format", "--output"),
    Command(
      "judge-check", "--judge", "--generator", "--checkpoints", "--draws", "--data", "--dataset", "--limit",
      "--format", "--output",
      "--threads"),
    Command("merge", "<dir>", "--format", "--output", "--threads"),
    Command("train", "classifier", "generator", "colorizer"),
    Command(
      "train colorizer", "--epochs", "--batch", "--seed", "--l1", "--limit", "--limit-minutes", "--output",
      "--resume", "--overwrite", "--data", "--threads"),
    Command(
      "colorize", "<source>", "--colorizer", "--labels", "--pixel-range", "--format", "--output", "--data",
      "--limit", "--threads"),
    Command(
      "train classifier", "<architecture>", "--epochs", "--batch", "--learning-rate", "--schedule",
      "--lanes", "--weight-decay", "--label-smoothing", "--shift", "--mirrors", "--no-mirrors", "--seed",
      "--limit",
      "--limit-minutes",
      "--defence", "--adversarial", "--epsilon", "--region", "--clean-share",
      "--attack-steps",
      "--output", "--resume", "--overwrite", "--data", "--dataset", "--threads"),
    Command(
      "train generator", "<recipe>", "--list", "--epochs", "--batch", "--seed", "--seeds", "--limit",
      "--limit-minutes",
      "--steps-per-snapshot", "--checkpoints", "--output", "--resume", "--overwrite", "--data", "--dataset",
      "--threads"),
    Command(
      "generate", "--generator", "--label", "--count", "--seed", "--truncation", "--interpolate", "--output",
      "--threads"),
    Command(
      "reproduce", "--list", "--only", "--budget", "--count", "--pictures", "--runs", "--output", "--cache",
      "--format", "--data", "--shard", "--threads"),
    Command("export-notebook", "<run>", "--output", "--story", "--title", "--overwrite", "--threads"),
    Command("export-onnx", "<network>", "--output"),
    Command("dataset", "--split", "--data", "--dataset", "--format", "--output"),
    Command(
      "corrupt", "--corruption", "--severity", "--split", "--limit", "--seed", "--output", "--data",
      "--dataset",
      "--shard", "--threads"),
    Command("doctor", "--data", "--dataset", "--format", "--output", "--threads"),
  ]

  @Test(arguments: commands)
  func isWordForWordTheSnapshot(_ command: Command) throws {
    let outcome = try Workbench().eval(command.arguments + ["--help"])
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    for option in command.options { #expect(outcome.output.contains(option), "no \(option)") }
    if ProcessInfo.processInfo.environment["ASSAY_RECORD_SNAPSHOTS"] == "1" {
      let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      try AtomicFile.write(
        outcome.output, to: sources.appendingPathComponent("Snapshots/\(command.snapshot)").path)
      return
    }
    let stored = Bundle.module.bundleURL.appendingPathComponent("Snapshots/\(command.snapshot)")
    #expect(outcome.output == String(decoding: try AtomicFile.read(stored.path), as: UTF8.self))
  }

  @Test func aCommandWithoutArgumentsShowsItsHelp() throws {
    let bench = try Workbench()
    #expect(try bench.eval("").output == bench.eval("--help").output)
  }

  @Test(arguments: ["--version", "dataset --version"])
  func theVersionIsThreeNumbers(arguments: String) throws {
    let outcome = try Workbench().eval(arguments)
    #expect(outcome.status == 0)
    #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil, "\(outcome.output)")
  }
}
