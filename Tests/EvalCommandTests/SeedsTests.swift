import Files
import Foundation
import Testing

/// Several trainings from the command line: made, gone on with, scored together, ranked, and refused.
@Suite(.serialized) struct SeedsTests {
  private static let training = "train generator cgan-x --data data --iterations 6 --batch 8"
  private static let scoring = "score runs --seeds --count 30 --data data"

  /// A bench with two trainings, made once for all tests.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    for (name, content) in try Self.made.get() {
      try AtomicFile.createFolder((bench.path("runs/\(name)") as NSString).deletingLastPathComponent)
      try AtomicFile.write(content, to: bench.path("runs/\(name)"))
    }
    return bench
  }

  private static let made = Result {
    let bench = try Workbench()
    let outcome = try bench.eval(training + " --seeds 2,5 --output runs")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let names = bench.files(below: "runs")
    return try names.map { (name: $0, content: try AtomicFile.read(bench.path("runs/\($0)"))) }
  }

  private func number(_ object: [String: Any], _ keys: String...) throws -> Double {
    var object = object
    for key in keys.dropLast() { object = try object.object(key) }
    return try object.number(try #require(keys.last))
  }

  // MARK: - Training

  @Test func aSeedThatIsGoneIsNamed() throws {
    let bench = try bench()
    try FileManager.default.removeItem(atPath: bench.path("runs/seed-2/training-state.safetensors"))
    expectFailure(
      bench, try bench.eval("train generator --data data --resume runs --iterations 8"), status: 66,
      naming: ["runs/seed-2/training-state.safetensors: not found"])
  }

  @Test func noTrainingHidesThoseOfSeveralSeeds() throws {
    let bench = try bench()
    expectFailure(
      bench, try bench.eval(Self.training + " --output runs"), status: 73,
      naming: ["runs: ", "trainings of several seeds, such as runs/seed-2"])
  }

  @Test func eachTrainingIsThatOfItsSeedAlone() throws {
    let bench = try bench()
    let alone = try bench.eval(Self.training + " --seed 5 --output alone")
    #expect(alone.status == 0, "\(alone.errors)")
    let files = bench.files(below: "alone")
    #expect(
      bench.files(below: "runs")
        == (["seed-2", "seed-5"].flatMap { folder in files.map { "\(folder)/\($0)" } }))
    for file in files where !Workbench.isTimed(file) {
      #expect(
        try AtomicFile.read(bench.path("runs/seed-5/\(file)"))
          == AtomicFile.read(bench.path("alone/\(file)")),
        "\(file)")
    }
    #expect(
      try AtomicFile.read(bench.path("runs/seed-2/generator.safetensors"))
        != AtomicFile.read(bench.path("alone/generator.safetensors")))
  }

  @Test func stoppedAndContinuedIsTheSame() throws {
    let bench = try bench()
    let stopped = try bench.eval(Self.training + " --seeds 2,5 --output stopped --limit-minutes 0.0000001")
    expectFailure(bench, stopped, status: 130, naming: ["stopped/seed-2", "--resume stopped"])
    #expect(!stopped.errors.contains("--resume stopped/seed-2"))
    let outcome = try bench.eval("train generator --data data --resume stopped")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("stopped/seed-2/") && outcome.output.contains("stopped/seed-5/"))
    for file in bench.files(below: "runs") where !Workbench.isTimed(file) {
      #expect(
        try AtomicFile.read(bench.path("stopped/\(file)")) == AtomicFile.read(bench.path("runs/\(file)")),
        "\(file)")
    }
    // One of them alone, and both for longer.
    #expect(try bench.eval("train generator --data data --resume stopped/seed-5").status == 0)
    let longer = try bench.eval("train generator --data data --iterations 8 --resume stopped")
    #expect(longer.status == 0 && longer.output.contains("8 steps"), "\(longer.errors)")
  }

  @Test(arguments: [
    ("--seeds 1,2 --seed 3", 64, ["--seed", "several seeds"]), ("--seeds 1", 64, ["--seeds", "1,2,3"]),
    ("--seeds 1,1", 64, ["--seeds", "different"]), ("--seeds 1,x", 64, ["--seeds", "1,2,3"]),
    ("--seeds 1,,2", 64, ["--seeds"]), ("--seeds -1,2", 64, ["--seeds"]),
    ("--seeds 2,9 --output runs", 73, ["runs/seed-2", "--resume", "--overwrite"]),
    ("--seed 3 --resume runs", 64, ["--seed", "several seeds"]),
    ("--seeds 2,9 --resume runs", 66, ["runs/seed-9", "--resume"]),
  ])
  func whatCannotBeIsRefused(_ options: String, _ status: Int32, _ named: [String]) throws {
    let bench = try bench()
    let before = bench.files(below: "runs").count
    let outcome = try bench.eval("\(Self.training) \(options)")
    #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome.errors)")
    for part in named { #expect(outcome.errors.contains(part), "\(outcome.errors)") }
    #expect(bench.files(below: "runs").count == before)
  }

  // MARK: - Scoring

  @Test func scoresSayWhatTheSeedChanges() throws {
    let bench = try bench()
    let outcome = try bench.eval(Self.scoring + " --format json --leaderboard board --output out")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let file = try Dictionary(json: outcome.output)
    let results = try file.objects("results")
    #expect(results.count == 2)
    let trainings = try file.object("trainings")
    #expect(Set(trainings.keys) == ["recipe", "seeds", "judges", "label_accuracy"])
    #expect(try trainings.numbers("seeds") == [2, 5])
    let recipe = try trainings.object("recipe")
    #expect(try recipe.text("recipe") == "cgan-x" && recipe.text("length") == "6 steps")
    #expect(try recipe.number("batch_size") == 8)
    let judges = try results.map { try $0.object("judges") }
    for judge in judges[0].keys {
      let spread = try trainings.object("judges").object(judge).object("frechet_distance")
      #expect(
        Set(spread.keys) == [
          "count", "mean", "standard_deviation", "standard_error", "interval", "sampling_error",
          "training_deviation",
        ])
      let values = try judges.map { try number($0, judge, "frechet_distance", "value") }
      let errors = try judges.map { try number($0, judge, "frechet_distance", "standard_error") }
      #expect(abs(try spread.number("mean") / ((values[0] + values[1]) / 2) - 1) < 1e-12)
      // Of two values: half their distance is the error, √½ of it the deviation.
      let gap = abs(values[0] - values[1])
      #expect(abs(try spread.number("standard_deviation") / (gap / 2.0.squareRoot()) - 1) < 1e-9)
      #expect(abs(try spread.number("standard_error") / (gap / 2) - 1) < 1e-9)
      #expect(abs(try spread.number("sampling_error") / ((errors[0] + errors[1]) / 2) - 1) < 1e-12)
      let width = try spread.numbers("interval")
      #expect(abs((width[1] - width[0]) / (12.706204736174694 * gap) - 1) < 1e-9)
      // A figure without an error of its own.
      #expect(try trainings.object("judges").object(judge).object("precision")["sampling_error"] == nil)
    }
    #expect(bench.files(below: "out").contains("card-2.png"))

    // The results are those of the single scores, which know nothing of trainings.
    let single = try bench.eval(
      "score runs/seed-2 runs/seed-5 --count 30 --data data --format json --leaderboard singles")
    let alone = try Dictionary(json: single.output)
    #expect(alone["trainings"] == nil)
    #expect(try alone.objects("results") as NSArray == results as NSArray)

    // One entry, not two; beside the single ones.
    #expect(bench.files(below: "board").count == 1 && bench.files(below: "singles").count == 2)
    let board = try bench.eval("leaderboard board singles --format json")
    try #require(board.status == 0, "\(board.errors)")
    let entries = try Dictionary(json: board.output).objects("entries")
    #expect(Set(try entries.map { try $0.text("source") }) == ["cgan-x, 2 trainings", "seed-2", "seed-5"])
    let own = try #require(entries.first { $0["trainings"] != nil })
    let mean = try number(trainings, "judges", "resnet", "frechet_distance", "mean")
    #expect(abs(try own.number("value") / mean - 1) < 1e-9)
    for format in ["table", "markdown", "csv", "html"] {
      let text = try bench.eval("leaderboard board singles --format \(format)")
      #expect(text.status == 0 && text.output.contains("cgan-x, 2 trainings"), "\(format): \(text.errors)")
      if format != "csv" {
        #expect(text.output.contains("(seeds 2, 5): the standard deviation over trainings"))
      }
    }
  }

  @Test func tablesAndCSVHaveTheMeans() throws {
    let bench = try bench()
    let table = try bench.eval(Self.scoring)
    #expect(table.status == 0, "\(table.errors)")
    #expect(table.output.contains("2 trainings of cgan-x (6 steps, batch 8), seeds 2, 5"), "\(table.output)")
    let csv = try bench.eval(Self.scoring + " --format csv").output.split(separator: "\n").map(cells)
    #expect(csv.count == 4 && Set(csv.map(\.count)).count == 1)
    let rows = csv.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(csv[0], $0)) }
    #expect(rows.map { $0["trainings"] } == ["1", "1", "2"])
    let values = rows.compactMap { $0["conv_frechet_distance"].flatMap { Double($0) } }
    try #require(values.count == 3)
    #expect(abs(values[2] / ((values[0] + values[1]) / 2) - 1) < 1e-12)
    #expect(rows[2]["conv_frechet_error"] != "" && rows[2]["conv_precision_over_trainings_deviation"] != "")
    #expect(rows[2]["conv_precision_over_trainings_sampling_error"] == "")
    #expect(rows[0]["conv_frechet_distance_over_trainings_deviation"] == "")
    let plain = try bench.eval("score runs/seed-2 runs/seed-5 --count 30 --data data --format csv").output
    #expect(!plain.contains("trainings") && plain.split(separator: "\n").count == 3)
  }

  /// Cells of a line, the quoted ones without their quotes.
  private func cells(_ line: Substring) -> [String] {
    var (cells, isQuoted) = ([""], false)
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == ",", !isQuoted {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
    }
    return cells
  }

  @Test func whatIsNoSetOfTrainingsIsRefused() throws {
    let bench = try bench()
    let other = try bench.eval(
      "train generator cgan-x --data data --iterations 7 --batch 8 --seed 9 --output other")
    #expect(other.status == 0, "\(other.errors)")
    let cases: [(String, Int32, [String])] = [
      ("runs/seed-2", 64, ["--seeds", "two trainings"]),
      ("--features a.npy b.npy", 64, ["--seeds", "features"]),
      ("runs/seed-2 runs/seed-2/generator.safetensors", 65, ["each training once"]),
      ("runs other", 65, ["other/generator.safetensors", "length 6 steps", "length 7 steps"]),
      ("runs/seed-2 none.safetensors", 66, ["none.safetensors"]),
      ("runs/seed-2 runs/seed-5 runs/seed-2/losses.csv", 65, ["losses.csv"]),
    ]
    for (sources, status, named) in cases {
      let outcome = try bench.eval("score --seeds --data data \(sources)")
      #expect(outcome.status == status && outcome.output.isEmpty, "\(sources): \(outcome.errors)")
      for part in named { #expect(outcome.errors.contains(part), "\(sources): \(outcome.errors)") }
    }
  }
}
