import Datasets
import Files
import Foundation
import Network
import TestSupport
import Testing

/// `eval robustness` on the tiny data set.
@Suite(.serialized) struct RobustnessTests {
  private static let command =
    "robustness --classifier dense.safetensors --data data --limit 12 --slow-limit 4 --format json"

  @Test func theReportHasItsShapeAndAllChecks() throws {
    let bench = try Workbench()
    _ = try bench.dense()
    let outcome = try bench.eval(
      Self.command + " --corruptions --certify ibp --certify smoothing --output out")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let file = try Dictionary(json: outcome.output)
    #expect(try file.text("schema") == "assay/robustness/1")
    #expect(
      Set(file.keys) == ["schema", "dataset", "epsilon", "pixel_range", "seed", "classifiers", "comparisons"])
    let classifier = try #require(try file.objects("classifiers").first)
    #expect(
      Set(classifier.keys) == [
        "classifier", "weights_sha256", "clean", "attacks", "worst_case", "certificates", "corruptions",
        "checks", "statements", "verdicts",
      ])
    let attacks = try classifier.objects("attacks")
    for name in ["noise", "fgsm", "pgd-decay", "white-box", "square", "autoattack"] {
      let regions = try attacks.filter { try $0.text("attack") == name && $0["crafted_on"] == nil }
        .map { try $0.text("region") }
      #expect(regions == ["everywhere", "foreground"], "\(name)")
    }
    func right(_ name: String, _ region: String) throws -> Double {
      let found = try attacks.first {
        try $0.text("attack") == name && $0.text("region") == region && $0["crafted_on"] == nil
      }
      return try #require(found).object("accuracy").number("correct")
    }
    for region in ["everywhere", "foreground"] {
      let (seeing, blind) = (try right("white-box", region), try right("square", region))
      let both = try right("autoattack", region)
      #expect(both <= min(seeing, blind) && both >= seeing + blind - 4, "\(region)")
    }
    #expect(try attacks.contains { try $0["crafted_on"] != nil && $0.text("attack") == "mi-fgsm" })
    let checks = try classifier.objects("checks").map { try $0.text("number") }
    let statements = try classifier.objects("statements").map { try $0.text("number") }
    #expect(statements == ["C15", "C25", "C28"])
    #expect(checks == (1...28).map { "C\($0)" }.filter { !statements.contains($0) })
    for check in try classifier.objects("checks") {
      #expect(["pass", "fail", "warning", "not applicable"].contains(try check.text("outcome")))
      // What depends on the harness alone holds for every classifier.
      if ["C1", "C2", "C13", "C14", "C17", "C18", "C24", "C27"].contains(try check.text("number")) {
        #expect(try check.text("outcome") == "pass", "\(check)")
      }
    }
    let corruptions = try classifier.objects("corruptions")
    #expect(corruptions.count == 26)
    #expect(
      Set(try corruptions[0].objects("accuracies")[0].keys) == ["value", "interval", "correct", "count"])
    let (csv, markdown) = (
      try String(contentsOfFile: bench.path("out/robustness.csv"), encoding: .utf8),
      try String(contentsOfFile: bench.path("out/robustness.md"), encoding: .utf8)
    )
    #expect(csv.contains(",shot-noise,,severity,5,everywhere,") && markdown.contains("| shot-noise | "))
    for name in [
      "robustness.json", "robustness.csv", "robustness.md", "robustness-dense.svg", "robustness-dense.png",
      "examples-dense.png", "manifest.json",
    ] { #expect(bench.files(below: "out").contains(name), "\(name)") }
  }

  /// What is proven in a region is never more than what its attacks leave, and radii grow from certificate to
  /// certificate.
  @Test func certificatesStandBesideTheAttacks() throws {
    let bench = try Workbench()
    _ = try bench.dense()
    let outcome = try bench.eval(
      Self.command + " --epsilon 0.002 --slow-limit 12 --certify ibp --certify smoothing --deviation 0.1")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let classifier = try #require(try Dictionary(json: outcome.output).objects("classifiers").first)
    let certificates = try classifier.objects("certificates")
    func rows(_ method: String, _ region: String) throws -> [(epsilon: Double, correct: Double)] {
      try certificates.filter { try $0.text("method") == method && $0.text("region") == region }.map {
        (try $0.number("epsilon"), try $0.object("accuracy").number("correct"))
      }
    }
    for worst in try classifier.objects("worst_case") {
      let region = try worst.text("region")
      let bounds = try rows("ibp", region)
      #expect(bounds.map(\.epsilon) == [0.002])
      let left = try worst.object("accuracy").number("correct")
      // At so small an ε something is proven, or this would prove nothing.
      #expect(bounds[0].correct > 0 && bounds[0].correct <= left)
      let votes = try rows("smoothing", region)
      #expect(votes.map(\.epsilon) == [0, 0.1, 0.2])
      #expect(votes.map(\.correct) == votes.map(\.correct).sorted(by: >))
    }
    let agreement = try #require(
      try classifier.objects("checks").first { try $0.text("number") == "C24" })
    #expect(try agreement.text("outcome") == "pass")
  }

  @Test func threadsChangeNoByte() throws {
    let bench = try Workbench()
    _ = try bench.dense()
    let one = try bench.eval(Self.command + " --threads 1")
    let two = try bench.eval(Self.command + " --threads 2")
    #expect(one.status == 0 && one.output == two.output)
  }

  /// Two classifiers are compared on the same images, and images made on one are tried on the other.
  @Test func twoClassifiersAreCompared() throws {
    let bench = try Workbench()
    _ = try bench.dense()
    let outcome = try bench.eval(Self.command + " --classifier conv")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let comparisons = try Dictionary(json: outcome.output).objects("comparisons")
    #expect(comparisons.count == 3)
    for comparison in comparisons { #expect((0...1).contains(try comparison.number("p_value"))) }
  }

  /// The trained classifier with its last weights multiplied by `factor`.
  private func bench(lastWeightsTimes factor: Float) throws -> Workbench {
    let bench = try Workbench()
    let path = try bench.dense()
    var file = try Safetensors(contentsOf: path)
    for name in file.entries.keys where name.hasPrefix("logits") {
      file.entries[name] = file.entries[name].map {
        .init(shape: $0.shape, values: $0.values.map { $0 * factor })
      }
    }
    try file.write(to: path)
    return bench
  }

  private func report(lastWeightsTimes factor: Float, _ more: String) throws -> [String: Any] {
    let bench = try bench(lastWeightsTimes: factor)
    let outcome = try bench.eval(Self.command + more)
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try #require(try Dictionary(json: outcome.output).objects("classifiers").first)
  }

  /// Logits so large that cross-entropy has no slope in single precision pass for robust under no attack.
  @Test func certaintyIsNoFalseWin() throws {
    let certain = try report(lastWeightsTimes: 1e5, " --epsilon 0.3 --slow-limit 12")
    #expect(try !certain.objects("verdicts").contains { try $0.text("name") == "false win" })
    let plain = try report(lastWeightsTimes: 1, " --epsilon 0.3 --slow-limit 12")
    #expect(try !plain.objects("verdicts").contains { try $0.text("name") == "false win" })
  }

  /// Labels are told by their bright rows, which ε = 0.2 does not level. One more unit looks at the border,
  /// which is black: there it is off and has no slope, so that one step leaves the border alone; a start at
  /// random turns it on, and it outweighs all.
  @Test func whatOnlyOneStepFindsRobustIsAFalseWin() throws {
    let bench = try Workbench()
    let path = try bench.dense()
    var file = try Safetensors(contentsOf: path)
    var (hidden, logits) = ([Float](repeating: 0, count: 784 * 128), [Float](repeating: 0, count: 128 * 10))
    var bias = [Float](repeating: 0, count: 128)
    for pixel in 0..<784 {
      let (y, x) = (pixel / 28, pixel % 28)
      let isBorder = y < 4 || y >= 24 || x < 4 || x >= 24
      hidden[pixel * 128 + (isBorder ? 10 : (y - 4) / 2)] = isBorder ? 1 : 1.0 / 40
    }
    for label in 0..<10 { logits[label * 10 + label] = 10 }
    logits[10 * 10] = 100
    bias[10] = -1
    let weights = ["hidden.weight": hidden, "hidden.bias": bias, "logits.weight": logits, "logits.bias": []]
    for (name, values) in weights {
      file.entries[name] = file.entries[name].map {
        .init(shape: $0.shape, values: values.isEmpty ? $0.values.map { _ in 0 } : values)
      }
    }
    try file.write(to: path)
    let outcome = try bench.eval(Self.command + " --epsilon 0.2 --slow-limit 12")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let report = try #require(try Dictionary(json: outcome.output).objects("classifiers").first)
    #expect(try report.objects("verdicts").contains { try $0.text("name") == "false win" })
  }

  /// Grey images of label 3: the brighter, the nearer is label 7, which is never reached; the darker, label
  /// 5, which is. Cross-entropy follows label 7. Square finds label 5 and so shows PGD weak, though APGD
  /// finds it as well, aimed at each label.
  @Test func aSearchThatBeatsPGDIsAFailure() throws {
    let bench = try Workbench()
    let path = try bench.dense()
    let grey = idx([12, 28, 28], [UInt8](repeating: 128, count: 12 * 28 * 28))
    try AtomicFile.write(Data(grey), to: bench.path("data/\(DatasetFile.testImages.rawValue)"))
    try AtomicFile.write(
      Data(idx([12], [UInt8](repeating: 3, count: 12))),
      to: bench.path("data/\(DatasetFile.testLabels.rawValue)"))
    // Hidden values are by how much the mean is brighter than grey and the distance; logits bend there by the
    // slope.
    let bends: [(distance: Float, label: Int, slope: Float)] = [
      (-0.45, 5, -60), (-0.1, 7, 12.5), (0.1, 7, -12.1),
    ]
    var file = try Safetensors(contentsOf: path)
    func set(_ name: String, _ value: (Int) -> Float) throws {
      let entry = try #require(file.entries[name])
      file.entries[name] = .init(shape: entry.shape, values: entry.values.indices.map(value))
    }
    try set("hidden.weight") { _ in 1 / 784 }
    try set("hidden.bias") { $0 < bends.count ? -128 / 255 - bends[$0].distance : 0 }
    try set("logits.weight") { index in
      let (unit, label) = index.quotientAndRemainder(dividingBy: 10)
      return unit < bends.count && bends[unit].label == label ? bends[unit].slope : 0
    }
    try set("logits.bias") { [3: 0, 5: 21, 7: -3][$0] ?? -20 }
    try file.write(to: path)
    let outcome = try bench.eval(Self.command + " --epsilon 0.3 --slow-limit 12")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let classifier = try #require(try Dictionary(json: outcome.output).objects("classifiers").first)
    let check = try #require(try classifier.objects("checks").first { try $0.text("number") == "C8" })
    let found = try check.text("found")
    #expect(found.hasPrefix("everywhere, of 12: pgd leaves 12, all gradients 0, "), "\(found)")
    #expect(try check.text("outcome") == "fail")
  }

  /// Labels that the reference classifiers do not know: they are no twins, and nothing is made on them.
  @Test func otherLabelsNeedNoReferences() throws {
    let bench = try Workbench()
    let trained = try bench.eval(
      "train classifier dense --dataset digits --data data --epochs 1 --output run")
    try #require(trained.status == 0, "\(trained.errors)")
    let outcome = try bench.eval(
      "robustness --classifier run/classifier.safetensors --dataset digits --data data --limit 12 --slow-limit 4 "
        + "--format json")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let classifier = try #require(try Dictionary(json: outcome.output).objects("classifiers").first)
    #expect(try classifier.objects("attacks").allSatisfy { $0["crafted_on"] == nil })
    let twin = try #require(try classifier.objects("checks").first { try $0.text("number") == "C26" })
    #expect(try twin.text("outcome") == "not applicable")
  }

  /// The size is a tenth of the range where none is given, in whatever units.
  @Test func theSizeFollowsThePixelRange() throws {
    let bench = try Workbench()
    _ = try bench.dense()
    func accuracies(_ more: String) throws -> [Double] {
      let outcome = try bench.eval(Self.command + more)
      try #require(outcome.status == 0, "\(outcome.errors)")
      return try #require(try Dictionary(json: outcome.output).objects("classifiers").first)
        .objects("attacks").map { try $0.object("accuracy").number("value") }
    }
    #expect(try accuracies(" --pixel-range 0...255") == accuracies(" --epsilon 0.1"))
  }

  /// A classifier without a gradient is not called robust in silence.
  @Test func aFlatClassifierIsWarnedOf() throws {
    let flat = try report(lastWeightsTimes: 0, "")
    let check = try #require(
      try flat.objects("checks").first { try $0.text("number") == "C11" })
    #expect(try check.text("outcome") == "warning" && check.text("found").contains("exactly 0 for 12"))
  }

  /// Nor by a single attack, whose numbers look as good.
  @Test(arguments: ["accuracy-vs-epsilon --epsilons 0.1", "confusion-matrix --epsilon 0.1"])
  func oneAttackWarnsOfAFlatClassifier(_ command: String) throws {
    func errors(_ factor: Float) throws -> String {
      let bench = try bench(lastWeightsTimes: factor)
      let outcome = try bench.eval(command + " --classifier dense.safetensors --data data --limit 12")
      try #require(outcome.status == 0, "\(outcome.errors)")
      return outcome.errors
    }
    #expect(try errors(0).contains("warning: dense: the gradient is exactly 0 for 12"))
    #expect(try !errors(1).contains("warning"))
  }
}
