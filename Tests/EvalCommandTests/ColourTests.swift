import Foundation
import TestSupport
import Testing

/// A folder of colour pictures through every command that takes one.
@Suite struct ColourTests {
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try Flowers.write(40, to: bench.path("flowers"))
    return bench
  }

  /// The cache of the pictures stays in the bench.
  private func eval(_ bench: Workbench, _ arguments: String) throws -> Workbench.Outcome {
    try bench.eval(arguments, environment: ["XDG_CACHE_HOME": bench.path("cache")])
  }

  @Test func aFolderIsASet() throws {
    let bench = try bench()
    let outcome = try eval(bench, "dataset --data flowers --format csv")
    #expect(outcome.output == "label,count\ndaisy,32\nrose,32\nsunflower,32\n", "\(outcome.errors)")
    let padded = try eval(
      bench, "dataset --data flowers --only rose --fit pad --image-size 32 --background ffcc00 --split test")
    #expect(
      padded.status == 0 && padded.output.contains("flowers, test: 8 images of 32×32"), "\(padded.errors)")
    #expect(bench.files(below: "cache").count { $0.hasSuffix(".npz") } == 2)
  }

  @Test func aClassifierOfColourIsTrainedAndAttacked() throws {
    let bench = try bench()
    let training = try eval(bench, "train classifier conv --data flowers --epochs 2 --output run")
    #expect(training.status == 0 && training.output.hasSuffix("of 24 test images\n"), "\(training.errors)")
    let attack = try eval(
      bench,
      "accuracy-vs-epsilon --data flowers --classifier run --epsilons 0,0.1 --region foreground --format csv")
    #expect(attack.status == 0 && attack.output.split(separator: "\n").count == 3, "\(attack.errors)")
    let matrix = try eval(bench, "confusion-matrix --data flowers --classifier run")
    #expect(matrix.status == 0 && matrix.output.contains("sunflower"), "\(matrix.errors)")
  }

  @Test func generatorsOfColourAreTrainedGoOnAndAreJudged() throws {
    let bench = try bench()
    let options = "--data flowers --only daisy --only rose"
    for (recipe, extra) in [("flower-gan", ""), ("colour-cgan", "--batch 8 --augment")] {
      let whole = try eval(
        bench, "train generator \(recipe) \(options) --iterations 4 --output \(recipe) \(extra)")
      #expect(whole.status == 0, "\(recipe): \(whole.errors)")
      let part = try eval(bench, "train generator \(recipe) \(options) --iterations 2 --output part \(extra)")
      #expect(part.status == 0, "\(recipe): \(part.errors)")
      let rest = try eval(bench, "train generator \(options) --resume part --iterations 4")
      #expect(rest.status == 0, "\(recipe): \(rest.errors)")
      func weights(_ run: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: bench.path("\(run)/generator.safetensors")))
      }
      #expect(try weights(recipe) == weights("part"), "\(recipe)")
      try FileManager.default.removeItem(atPath: bench.path("part"))
    }
    let drawing = try eval(
      bench, "generate --generator colour-cgan --label rose --count 3 --output roses.png")
    #expect(drawing.status == 0, "\(drawing.errors)")
    let scores = try eval(
      bench,
      "score flower-gan colour-cgan --reference flowers --only daisy --only rose --count 40 --output scores")
    #expect(scores.status == 0 && scores.output.contains("16 test images of flowers"), "\(scores.errors)")
    #expect(
      scores.messages.contains { $0.hasPrefix("eval: note: a judge was trained on 64 images of flowers") })
    let again = try eval(bench, "score flower-gan --reference flowers --only daisy --only rose --count 40")
    #expect(again.status == 0 && !again.errors.contains("a judge was trained"), "\(again.errors)")
  }

  @Test func whatDoesNotFitIsNamed() throws {
    let bench = try bench()
    try "a\nb\n".write(toFile: bench.path("names.txt"), atomically: true, encoding: .utf8)
    func expect(
      _ status: Int32, _ message: String, _ arguments: String, _ location: SourceLocation = #_sourceLocation
    ) throws {
      let outcome = try eval(bench, arguments)
      #expect(
        outcome.status == status && outcome.errors.contains(message), "\(outcome.errors)",
        sourceLocation: location)
    }
    try expect(
      65, "flowers: expected a label called tulip, found daisy, rose, sunflower",
      "dataset --data flowers --only tulip")
    try expect(
      65, "expected grey images of at most 28×28 with 10 labels, found [28, 28, 3]",
      "train generator cgan-x --data flowers")
    try expect(
      65, "expected RGB images of at most 28×28, found [28, 28, 1]",
      "train generator flower-gan --data flowers --grey")
    try expect(65, "expected two labels or more", "score flowers/rose --reference flowers --only rose")
    try expect(
      65, "expected square grey images (see --grey), found [24, 28, 28, 3]",
      "judge-check --data flowers --limit 24")
    try expect(
      64, "--reference: expected no other real images, found --data",
      "score x.npy --reference flowers --data flowers")
    try expect(64, "--image-size: expected 4 to 128, found 2", "dataset --data flowers --image-size 2")
    try expect(64, "--background", "dataset --data flowers --background blue")
    try expect(
      64, "--augment: expected a recipe with a discriminator, found vae",
      "train generator vae --augment --data flowers --grey --limit 64")
    try expect(
      65, "flowers/daisy: expected a folder of pictures for each label", "dataset --data flowers/daisy")
    try expect(
      65, "names.txt: expected no names of labels beside those of the folders",
      "dataset --data flowers --label-names names.txt")
  }
}
