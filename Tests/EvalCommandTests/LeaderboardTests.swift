import Datasets
import Files
import Foundation
import Testing

/// Score files from anywhere: what they may not say, what they are called, and what becomes of their words.
@Suite(.serialized) struct LeaderboardTests {
  private let bench: Workbench
  /// A score file as `eval score` writes it.
  private let file: [String: Any]

  init() throws {
    bench = try Workbench()
    file = try Dictionary(json: Self.template.get())
  }

  /// Made once for all tests.
  private static let template = Result {
    let bench = try Workbench()
    let pixels = TinySet.content(of: .testImages).dropFirst(16).map { Float($0) / 255 * 0.9 }
    try AtomicFile.write(NPY.data(pixels, shape: [20, 28, 28]), to: bench.path("images.npy"))
    try AtomicFile.write(NPY.data((0..<20).map { $0 % 10 }, shape: [20]), to: bench.path("labels.npy"))
    let outcome = try bench.eval("score images.npy --labels labels.npy --data data --cas --leaderboard board")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let name = try #require(bench.files(below: "board").first)
    return try AtomicFile.read(bench.path("board/\(name)"))
  }

  @Test func noFolderIsRankedTwice() throws {
    let outcome = try bench.eval("leaderboard board board")
    #expect(outcome.status == 64 && outcome.errors.contains("found board twice"), "\(outcome.errors)")
  }

  /// Before anything is scored: the command does not even look for its images.
  @Test func aLeaderboardThatIsNoFolderIsSaidAtOnce() throws {
    try AtomicFile.write("mine", to: bench.path("board"))
    expectFailure(
      bench, try bench.eval("score nothing.npy --data data --leaderboard board"), status: 73,
      naming: ["board"])
    #expect(try AtomicFile.read(bench.path("board")) == Data("mine".utf8))
  }

  /// The file with something else at a place such as `results.0.judges.conv.precision`; nil removes it.
  private func changed(_ place: String, _ value: Any?) throws -> Data {
    func change(_ node: Any, _ keys: ArraySlice<String>) throws -> Any {
      guard let key = keys.first else { return value ?? NSNull() }
      if var list = node as? [Any] {
        let index = try #require(Int(key))
        list[index] = try change(list[index], keys.dropFirst())
        return list
      }
      var fields = try #require(node as? [String: Any], "\(place)")
      if keys.count == 1, value == nil {
        fields[key] = nil
      } else {
        fields[key] = try change(fields[key] ?? NSNull(), keys.dropFirst())
      }
      return fields
    }
    return try JSONSerialization.data(
      withJSONObject: change(file, place.split(separator: ".").map(String.init)[...]))
  }

  private func put(_ name: String, _ changes: [(String, Any?)]) throws {
    var own = self
    for (place, value) in changes {
      own = try LeaderboardTests(bench, Dictionary(json: own.changed(place, value)))
    }
    try AtomicFile.write(
      try JSONSerialization.data(withJSONObject: own.file), to: bench.path("board/\(name)"))
  }

  private init(_ bench: Workbench, _ file: [String: Any]) { (self.bench, self.file) = (bench, file) }

  struct Fault: Sendable, CustomStringConvertible {
    let place: String
    /// As JSON; nil for nothing there.
    let value: String?
    /// Of the message, where it is not the place itself.
    let field: String?
    var description: String { "\(place) \(value ?? "missing")" }

    init(_ place: String, _ value: String?, field: String? = nil) {
      (self.place, self.value, self.field) = (place, value, field)
    }
  }

  static let judge = "results.0.judges.conv"
  static let faults: [Fault] =
    ["frechet_distance", "kernel_distance"].flatMap { distance in
      [
        Fault("\(judge).\(distance).standard_error", "-1"),
        Fault("\(judge).\(distance).standard_error", "1e308"),
        Fault("\(judge).\(distance).standard_error", "\"x\""), Fault("\(judge).\(distance).value", nil),
        Fault("\(judge).\(distance).floor", "null"),
      ]
    }
    + [
      ("interval", "[]"), ("interval", "[0.5]"), ("interval", "[0.1, 0.2, 0.3]"), ("interval", "[0.9, 0.1]"),
      ("interval.0", "-0.5"), ("interval.1", "1.5"), ("value", "1.01"), ("value", "-0.1"), ("correct", "-1"),
      ("correct", "21"), ("correct", "1.5"), ("real", "2"),
    ].map { Fault("results.0.label_accuracy.conv.\($0)", $1) }
    + [
      "precision", "recall", "coverage", "class_entropy", "mean_confidence", "real.precision",
      "real.coverage",
    ]
    .flatMap { [Fault("\(judge).\($0)", "1.1"), Fault("\(judge).\($0)", "-0.1")] }
    + [
      Fault("\(judge).density", "-1"), Fault("\(judge).vendi", "-1"), Fault("\(judge).inception_score", "-1"),
      Fault("\(judge).vendi_per_label", "[]"), Fault("\(judge).vendi_per_label.3", "-1"),
      Fault("\(judge).real.vendi_per_label", "[1]"), Fault("\(judge).frechet_distance_per_label", "[1, 2]"),
      Fault("\(judge).class_histogram", "[20]"), Fault("\(judge).class_histogram.0", "-1"),
      Fault("results.0.class_histogram", "[]"), Fault("results.0.class_histogram.0", "9223372036854775807"),
      Fault("results.0.count", "0"), Fault("results.0.count", "-5"), Fault("results.0.count", "1e300"),
      Fault("results.0.count", "21", field: "results.0.class_histogram"),
      Fault("results.0.agreement", "1.5"), Fault("results.0.real_agreement", "-1"),
      Fault("results.0.similarity_per_label", "[0.5]"), Fault("results.0.real_similarity_per_label.2", "7"),
      Fault("results.0.judges.dense", nil, field: "results.0.judges"),
      Fault("results.0.label_accuracy.dense", nil, field: "results.0.label_accuracy"),
      Fault("results.0.memorization.generated.count", "3"),
      Fault("results.0.memorization.generated.authenticity", "2"),
      Fault("results.0.memorization.generated.near_duplicates", "-1"),
      Fault("results.0.memorization.held_out.exact_duplicates", "100"),
      Fault("results.0.classification_accuracy_score.value", "3"),
      Fault("results.0.classification_accuracy_score.accuracies.1", "-3"),
      Fault("results.0.test_duplicates", "21"), Fault("reference.count", "-1"), Fault("judge.sha256", "{}"),
      Fault(
        "results.0.verdicts", #"[{"name": "nonsense", "detail": ""}]"#, field: "results.0.verdicts.0.name"),
      Fault("results.0.seed", "-1"),
    ]

  @Test(arguments: faults) func aNumberThatCannotBeIsNamed(_ fault: Fault) throws {
    let value = try fault.value.map {
      try JSONSerialization.jsonObject(with: Data($0.utf8), options: .fragmentsAllowed)
    }
    try AtomicFile.write(try changed(fault.place, value), to: bench.path("board/a.json"))
    let field = (fault.field ?? fault.place).replacingOccurrences(
      of: "\\.([0-9]+)", with: "[$1]", options: .regularExpression)
    expectFailure(bench, try bench.eval("leaderboard board"), status: 65, naming: ["board/a.json", field])
  }

  @Test func theFileItselfIsRanked() throws {
    try put("a.json", [])
    try put("b.json", [("schema", "another/schema")])
    try AtomicFile.createFolder(bench.path("board/folder.json"))
    let outcome = try bench.eval("leaderboard board")
    #expect(outcome.status == 0 && outcome.output.contains("images"), "\(outcome.errors)")
  }

  // MARK: - Names

  private func titles(_ sources: [(source: String, more: [(String, Any?)])]) throws -> Set<String> {
    for (index, entry) in sources.enumerated() {
      try put("\(index).json", [("results.0.source", entry.source)] + entry.more)
    }
    let outcome = try bench.eval("leaderboard board --format json")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let entries = try #require(try Dictionary(json: Data(outcome.output.utf8))["entries"] as? [[String: Any]])
    return Set(entries.compactMap { $0["source"] as? String })
  }

  @Test func sourcesOfOneNameAreToldApart() throws {
    #expect(try titles([("x/fake.npy", []), ("y/fake.npy", [])]) == ["x/fake", "y/fake"])
  }

  @Test func theShortestEndingIsEnough() throws {
    let names = try titles([
      ("runs/one/gan/generator.safetensors", []), ("runs/two/gan/generator.safetensors", []),
      ("other/vae.npy", []),
      ("a/b/c/same.npy", []), ("x/b/c/same.npy", []), ("z/one.npy", []), ("z/one.npz", []),
    ])
    #expect(
      names == ["one/gan", "two/gan", "vae", "a/b/c/same", "x/b/c/same", "one.npy", "one.npz"], "\(names)")
  }

  @Test func onePathIsToldApartByItsSeedOrContent() throws {
    let names = try titles([
      ("g/a.safetensors", [("results.0.seed", 1)]), ("g/a.safetensors", [("results.0.seed", 2)]),
      ("g/b.npy", [("results.0.sha256", "abcdefabcdefabcdef")]),
      ("g/b.npy", [("results.0.sha256", "012345012345012345")]), ("g/c.npy", []), ("g/c.npy", []),
    ])
    #expect(names.count == 6, "\(names)")
    #expect(
      names.isSuperset(of: ["g/a.safetensors, seed 1", "g/a.safetensors, seed 2", "g/b.npy, abcdefabcdef"]))
  }

  // MARK: - Counts

  /// A score of 40 images, 40 of each figure that counts.
  private var ofForty: [(String, Any?)] {
    let histogram = [4, 4, 4, 4, 4, 4, 4, 4, 4, 4]
    return [
      ("results.0.count", 40), ("results.0.class_histogram", histogram),
      ("results.0.judges.resnet.class_histogram", histogram),
      ("results.0.judges.conv.class_histogram", histogram),
      ("results.0.judges.dense.class_histogram", histogram),
      ("results.0.memorization.generated.count", 40),
    ]
  }

  @Test(arguments: ["table", "markdown", "csv", "json", "html"])
  func scoresOfAnotherCountAreLeftOutAndNamed(format: String) throws {
    for name in ["a", "b"] { try put("\(name).json", [("results.0.source", "\(name).npy")]) }
    try put("c.json", ofForty + [("results.0.source", "odd.npy")])
    let outcome = try bench.eval("leaderboard board --format \(format)")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let text = outcome.output + outcome.errors
    #expect(text.contains("odd.npy") && text.contains("40"), "\(text)")
    if format == "json" {
      let board = try Dictionary(json: Data(outcome.output.utf8))
      #expect(board["count"] as? Int == 20 && (board["entries"] as? [Any])?.count == 2)
      let left = try #require((board["left_out"] as? [[String: Any]])?.first)
      #expect(left["source"] as? String == "odd.npy" && left["count"] as? Int == 40)
    }
  }

  @Test func ofTwoCountsAsFrequentTheLargerIsRanked() throws {
    try put("a.json", [("results.0.source", "a.npy")])
    try put("b.json", ofForty + [("results.0.source", "b.npy")])
    let board = try Dictionary(json: Data(try bench.eval("leaderboard board --format json").output.utf8))
    #expect(board["count"] as? Int == 40)
    #expect((board["left_out"] as? [[String: Any]])?.first?["source"] as? String == "a.npy")
  }

  // MARK: - Words

  static let words = [
    "=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "a|b", "a`b`", "[link](http:x)",
    "<script>alert(1)<b>",
    "a&amp;b", "a\nb", "\u{1B}[2Jb", "\u{9B}31mb", "a,\"b\"", "\\|x", "*x*",
  ]

  @Test(arguments: words) func wordsOfAFileAreHarmless(_ word: String) throws {
    try put("a.json", [("results.0.source", word)])
    let formats = ["table", "markdown", "csv", "html"]
    let texts = try Dictionary(
      uniqueKeysWithValues: formats.map { ($0, try bench.eval("leaderboard board --format \($0)").output) })
    for (format, text) in texts {
      let steers = text.unicodeScalars.contains {
        $0 != "\n" && ($0.value < 0x20 || (0x7F..<0xA0).contains($0.value))
      }
      #expect(!steers, "\(format): \(text)")
    }
    let csv = try #require(texts["csv"])
    let lines = csv.split(separator: "\n")
    #expect(lines.count == 2 && !csv.contains("±"))
    let cell = try #require(lines.last?.dropFirst("1,false,".count))
    #expect(!cell.hasPrefix("\"=") && !"=+-@".contains(cell.first ?? "="), "\(cell)")
    // Ranks and distances are numbers still.
    #expect(lines.last?.hasPrefix("1,false,") == true)
    let markdown = try #require(texts["markdown"])
    #expect(!markdown.contains("<script") && !markdown.contains("<b>"))
    let row = try #require(markdown.split(separator: "\n").last)
    let bare = row.replacingOccurrences(of: "\\\\[\\\\|`\\[\\]*]", with: "", options: .regularExpression)
    #expect(bare.count { $0 == "|" } == 19 && !bare.contains("`") && !bare.contains("["), "\(row)")
    #expect(texts["html"]?.contains("<script") == false)
  }

  @Test func numbersOfACSVStayNumbers() throws {
    try put("a.json", [("results.0.judges.conv.kernel_distance.value", -0.25)])
    let lines = try bench.eval("leaderboard board --format csv").output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let row = Dictionary(uniqueKeysWithValues: zip(lines[0], lines[1]))
    #expect(row["conv_kernel_distance"] == "-0.25")
    for name in [
      "conv_frechet_distance", "conv_frechet_error", "conv_label_accuracy_low", "dense_kernel_error",
    ] {
      #expect(row[Substring(name)].flatMap { Double($0) } != nil, "\(name)")
    }
  }
}
