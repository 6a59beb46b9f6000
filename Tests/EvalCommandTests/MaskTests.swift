import Datasets
import Files
import Foundation
import Testing

/// `--mask` and `--foreground-threshold`: the numbers are those of the region that they amount to, the
/// results name them, and what is no mask is refused in a sentence.
@Suite struct MaskTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
    _ = try bench.dense()
  }

  private static let size = 28 * 28
  private static let pixels = Array(TinySet.content(of: .testImages).dropFirst(16))
  private static let attack =
    "accuracy-vs-epsilon --classifier dense.safetensors --data data --epsilons 0,0.05,0.3 --format json"

  private func write(_ data: Data, _ name: String = "m.npy") throws {
    try AtomicFile.write(data, to: bench.path(name))
  }

  /// The foreground of the test images, `count` of them, as a mask each.
  private func writeForeground(count: Int = 20) throws {
    let mask = Self.pixels.prefix(count * Self.size).map { UInt8($0 > 0 ? 1 : 0) }
    try write(NPY.data(mask, shape: [count, 28, 28]))
  }

  private func run(_ arguments: String) throws -> String {
    let outcome = try bench.eval(arguments)
    try #require(outcome.status == 0, "\(outcome.errors)")
    return outcome.output
  }

  private func curve(_ arguments: String) throws -> [String: Any] {
    let curves = try Dictionary(json: run("\(Self.attack) \(arguments)")).objects("curves")
    #expect(curves.count == 1)
    return try #require(curves.first)
  }

  private func correct(_ curve: [String: Any]) throws -> [Double] {
    try curve.objects("points").map { try $0.number("correct") }
  }

  // MARK: - Numbers

  @Test(arguments: ["", "--limit 12", "--target Bag --limit 19", "--attack pgd --attack mi-fgsm"])
  func aMaskOfTheForegroundIsTheForeground(_ more: String) throws {
    try writeForeground()
    let curves = try ["--region foreground", "--mask m.npy"].map { region in
      try Dictionary(json: run("\(Self.attack) \(more) \(region)")).objects("curves")
    }
    #expect(try curves[0].map(correct) == curves[1].map(correct))
    let region = try Set(curves[1].map { try $0.text("region") })
    #expect(region == ["mask"] && curves[0].count == curves[1].count)
  }

  @Test func aMaskOfOnesIsEverywhere() throws {
    try write(NPY.data([Float](repeating: 1, count: Self.size), shape: [28, 28]))
    let (own, everywhere) = (try curve("--mask m.npy"), try curve("--region everywhere"))
    #expect(try correct(own) == correct(everywhere))
    #expect(try correct(own)[2] < correct(own)[0], "the attack does something")
  }

  /// Above every other pixel's noise only the bright rows are left.
  @Test func aThresholdIsTheMaskOfWhatIsAbove() throws {
    try write(NPY.data(Self.pixels.map { $0 > 102 ? 1 : 0 }, shape: [20, 28, 28]))
    let (own, bright) = (try curve("--mask m.npy"), try curve("--foreground-threshold 0.4"))
    #expect(try correct(own) == correct(bright))
    #expect(try bright.text("region") == "foreground" && bright.number("foreground_threshold") == 0.4)
    let plain = try curve("--foreground-threshold 0")
    #expect(plain["foreground_threshold"] == nil)
    #expect(try correct(plain) == correct(curve("--region foreground")))
  }

  @Test func onlyAFileOfAsManyMasksAsImagesWillDoWithoutALimit() throws {
    try writeForeground(count: 12)
    let outcome = try bench.eval("\(Self.attack) --mask m.npy")
    expectFailure(
      bench, outcome, status: 65, naming: ["m.npy: expected as many masks as images, 20, found 12"])
    #expect(try correct(curve("--mask m.npy --limit 12")) == correct(curve("--limit 12")))
    let few = try bench.eval("\(Self.attack) --mask m.npy --limit 13")
    expectFailure(
      bench, few, status: 65, naming: ["m.npy: expected as many masks as images, 13 or more, found 12"])
  }

  /// Images in which nothing may change are counted, and no others.
  @Test func masksOfZerosAloneAreNoted() throws {
    let mask = (0..<20 * Self.size).map { $0 / Self.size < 3 ? 0 : 1 }
    try write(NPY.data(mask, shape: [20, 28, 28]))
    let outcome = try bench.eval("\(Self.attack) --mask m.npy")
    #expect(outcome.status == 0)
    let note = "eval: note: m.npy: zeros alone for 3 of 20 images, in which nothing may change"
    #expect(outcome.messages.contains(note), "\(outcome.errors)")
    let limited = try bench.eval("\(Self.attack) --mask m.npy --limit 3")
    expectFailure(
      bench, limited, status: 65, naming: ["m.npy: expected a mask with a 1, ", "found zeros alone"])
  }

  // MARK: - Results

  @Test func resultsNameTheMask() throws {
    try writeForeground()
    let digest = SHA256.hex(of: try AtomicFile.read(bench.path("m.npy")))
    let curve = try curve("--mask m.npy")
    #expect(Set(try curve.object("mask").keys) == ["file", "sha256"])
    #expect(try curve.object("mask").text("file") == "m.npy" && curve.object("mask").text("sha256") == digest)
    let table = try run(
      "accuracy-vs-epsilon --classifier dense.safetensors --data data --epsilons 0,0.1 --mask m.npy")
    #expect(table.contains("dense, mask"))
    #expect(table.contains("mask: the pixels where m.npy (SHA-256 \(digest.prefix(12))…) is 1."))
    let csv = try run(
      "accuracy-vs-epsilon --classifier dense.safetensors --data data --epsilons 0.1 --mask m.npy --format csv"
    )
    #expect(csv.contains(",fgsm,linf,mask,") && csv.contains(",\(digest)\n"))
    let bright = try run(
      "accuracy-vs-epsilon --classifier dense.safetensors --data data --epsilons 0.1 --foreground-threshold 0.4"
    )
    #expect(bright.contains("foreground: the pixels above 0.4 of [0, 1] in the clean image."))
  }

  @Test func matricesAndExamplesAreMasked() throws {
    try writeForeground()
    let command = "confusion-matrix --classifier dense.safetensors --data data --format json"
    let own = try Dictionary(
      json: run("\(command) --epsilon 0.1 --mask m.npy --limit 12 --examples 3 --output out"))
    let usual = try Dictionary(json: run("\(command) --epsilon 0.1 --limit 12"))
    #expect(own["matrix"] as? [[Int]] == usual["matrix"] as? [[Int]])
    #expect(try own.text("noise").hasPrefix("fgsm, mask m.npy, ε 0.1 "))
    #expect(try own.object("mask").text("file") == "m.npy" && usual["mask"] == nil)
    #expect(bench.files(below: "out").contains("examples.png"))
    let bright = try Dictionary(json: run("\(command) --epsilon 0.1 --foreground-threshold 0.4"))
    #expect(try bright.text("noise").hasPrefix("fgsm, foreground above 0.4, ε 0.1 "))
    // Nothing was attacked.
    #expect(try Dictionary(json: run("\(command) --mask m.npy"))["mask"] == nil)
  }

  @Test func theReportOfRobustnessIsOfTheMask() throws {
    try writeForeground()
    let command =
      "robustness --classifier dense.safetensors --data data --limit 6 --slow-limit 2 --certify ibp "
      + "--certify smoothing --format json"
    let own = try Dictionary(json: run("\(command) --mask m.npy --output out"))
    #expect(try own.object("mask").text("file") == "m.npy")
    let usual = try Dictionary(json: run(command))
    #expect(usual["mask"] == nil && usual["foreground_threshold"] == nil)
    let parts = try [own, usual].map { try #require(try $0.objects("classifiers").first) }
    for list in ["attacks", "worst_case", "certificates"] {
      let (masked, plain) = (try parts[0].objects(list), try parts[1].objects(list))
      #expect(
        try masked.map { try $0.object("accuracy").number("correct") }
          == plain.map { try $0.object("accuracy").number("correct") }, "\(list)")
      #expect(
        try masked.map { try $0.text("region") }
          == plain.map { try $0.text("region") == "foreground" ? "mask" : "everywhere" }, "\(list)")
    }
    for number in ["C2", "C17", "C18", "C24"] {
      let check = try #require(try parts[0].objects("checks").first { try $0.text("number") == number })
      #expect(try check.text("outcome") == "pass", "\(check)")
    }
    let markdown = String(decoding: try AtomicFile.read(bench.path("out/robustness.md")), as: UTF8.self)
    #expect(markdown.contains("mask: the pixels where m.npy (SHA-256 "))
    #expect(!markdown.contains("foreground: the pixels brighter than black"))
    #expect(bench.files(below: "out").contains("examples-dense.png"))
  }

  // MARK: - Refusals

  private static func bytes(_ shape: [Int], _ value: (Int) -> UInt8) -> Data {
    NPY.data((0..<shape.reduce(1, *)).map(value), shape: shape)
  }

  private static func floats(_ value: (Int) -> Float) -> Data {
    NPY.data((0..<size).map(value), shape: [28, 28])
  }

  static let refused: [(name: String, data: Data, named: [String])] = [
    ("other values", bytes([28, 28]) { $0 == 7 ? 2 : 1 }, ["0 and 1", "2 at position 7"]),
    ("NaN", floats { $0 == 7 ? .nan : 1 }, ["0 and 1", "nan at position 7"]),
    ("another size", bytes([56, 14]) { _ in 1 }, ["[28, 28]", "[20, 28, 28]", "[56, 14]"]),
    ("another rank", bytes([784]) { _ in 1 }, ["[28, 28]", "[20, 28, 28]", "[784]"]),
    ("one mask in a list", bytes([1, 28, 28]) { _ in 1 }, ["as many masks as images, 20", "found 1"]),
    ("zeros", floats { _ in 0 }, ["with a 1", "zeros alone"]),
    ("no array", Data("<!DOCTYPE html>".utf8), ["a NumPy array", "a web page"]),
    ("cut off", bytes([28, 28]) { _ in 1 }.dropLast(3), ["784 bytes", "781"]),
  ]

  @Test(arguments: refused)
  func whatIsNoMaskIsRefused(name: String, data: Data, named: [String]) throws {
    try write(data)
    for command in ["accuracy-vs-epsilon", "confusion-matrix --epsilon 0.1", "robustness"] {
      let outcome = try bench.eval(
        "\(command) --classifier dense.safetensors --data data --mask m.npy --output out")
      expectFailure(bench, outcome, status: 65, naming: ["m.npy: expected ", "found "] + named)
      #expect(bench.files(below: "out").isEmpty)
    }
  }

  @Test func aMaskThatIsNotThereIsMissing() throws {
    let outcome = try bench.eval("\(Self.attack) --mask nowhere.npy")
    expectFailure(bench, outcome, status: 66, naming: ["nowhere.npy: not found"])
  }
}
