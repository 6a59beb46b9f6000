import Files
import Foundation
import TestSupport
import Testing

/// `eval reproduce` on a tiny set: rows run, gone on with, and refused.
@Suite struct ReproduceTests {
  private static let command = "reproduce --data data --count 20"

  @Test func rowsLeaveATableAndPages() throws {
    let bench = try Workbench()
    let outcome = try bench.eval(Self.command + " --only A5 D6 D1 --budget 0.02 --output out --runs runs")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let files = Set(bench.files(below: "out"))
    #expect(
      files.isSuperset(of: [
        "REPRODUCTION.md", "reproduction.csv", "reproduction/A5.md", "reproduction/A5/confusion-matrix.svg",
        "reproduction/D6/dataset.png", "reproduction/D6/evidence.json",
      ]), "\(files)")
    let index = String(decoding: try AtomicFile.read(bench.path("out/REPRODUCTION.md")), as: UTF8.self)
    #expect(index.contains("[A5](reproduction/A5.md)"))
    #expect(outcome.output.contains("T-shirt/top and Shirt are confused"))
  }

  /// A second sitting goes on with what is unfinished, and leaves the others alone.
  @Test func theSameCommandGoesOn() throws {
    let bench = try Workbench()
    let command = Self.command + " --only A1 D6 --output out --runs runs"
    #expect(try bench.eval(command).status == 0)
    let before = try AtomicFile.read(bench.path("out/reproduction/A1/evidence.json"))
    let again = try bench.eval(command)
    #expect(again.status == 0 && again.messages.isEmpty, "\(again.errors)")
    #expect(try AtomicFile.read(bench.path("out/reproduction/A1/evidence.json")) == before)
  }

  /// The table is that of the folder, not of the last sitting alone.
  @Test func otherRowsStayInTheTable() throws {
    let bench = try Workbench()
    for row in ["D6", "C1"] {
      #expect(try bench.eval(Self.command + " --only \(row) --output out --runs runs").status == 0)
    }
    let index = String(decoding: try AtomicFile.read(bench.path("out/REPRODUCTION.md")), as: UTF8.self)
    #expect(index.contains("| C1 |") && index.contains("| D6 |") && !index.contains("| A1 |"))
  }

  @Test func rowsOnPicturesWantAFolder() throws {
    let bench = try Workbench()
    let outcome = try bench.eval(Self.command + " --only F2 --output out --runs runs")
    #expect(outcome.status == 0 && outcome.output.contains("not run: it wants --pictures"))
    expectFailure(
      bench, try bench.eval(Self.command + " --only F2 --pictures nowhere"), status: 66,
      naming: ["nowhere", "--pictures must name a folder"])
  }

  /// Its page says on which pictures, and the command on it takes the same ones.
  @Test func aRowOnPicturesNamesThem() throws {
    let bench = try Workbench()
    try Flowers.write(10, to: bench.path("flowers"))
    let environment = ["XDG_CACHE_HOME": bench.path("cache")]
    let options = "--background white --split-seed 2"
    let outcome = try bench.eval(
      Self.command + " --only F2 --budget 0.02 --pictures flowers \(options) --output out --runs runs",
      environment: environment)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let page = String(decoding: try AtomicFile.read(bench.path("out/reproduction/F2.md")), as: UTF8.self)
    #expect(page.contains(" of 2000 epochs on 8 pictures of daisy"), "\(page)")
    let command = try #require(page.split(separator: "\n").first { $0.hasPrefix("eval train generator") })
    #expect(command.contains(" --data flowers \(options) --only daisy "), "\(command)")
    let other = command.dropFirst(5).replacing("runs/F2", with: "own").replacing("2000", with: "1")
    let training = try bench.eval(String(other), environment: environment)
    #expect(training.status == 0, "\(training.errors)")
  }

  /// The reports' figures are those of Fashion-MNIST.
  @Test func otherKindsOfImagesAreRefused() throws {
    let bench = try Workbench()
    try Flowers.write(10, to: bench.path("flowers"))
    let outcome = try bench.eval(
      "reproduce --data flowers --only A6 --output out --runs runs",
      environment: ["XDG_CACHE_HOME": bench.path("cache")])
    expectFailure(
      bench, outcome, status: 65,
      naming: ["expected Fashion-MNIST, images of 28×28×1 of 10 labels", "28×28×3 of 3 labels"])
    #expect(bench.files(below: "out").isEmpty)
  }

  @Test func theListNeedsNoData() throws {
    let bench = try Workbench()
    let outcome = try bench.eval("reproduce --list --only g1 b7")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("the small DCGAN") && outcome.output.contains("Wasserstein GAN"))
    #expect(!outcome.output.contains("flower"))
  }

  @Test(arguments: [
    ("--only Z9", "--only: expected A1, A2"), ("--budget 0", "--budget: expected minutes above 0, found 0"),
    ("--budget nan", "--budget"), ("--count 1", "--count: expected"),
  ])
  func whatCannotBeIsRefused(_ options: String, _ message: String) throws {
    let bench = try Workbench()
    let outcome = try bench.eval("reproduce --data data " + options)
    #expect(outcome.status == 64 && outcome.errors.contains(message), "\(outcome.errors)")
    #expect(bench.files(below: ".").allSatisfy { !$0.hasPrefix("results") })
  }

  /// A state that was damaged is named; evidence of it, too.
  @Test func damagedFilesAreNamed() throws {
    let bench = try Workbench()
    try AtomicFile.createFolder(bench.path("runs/A1"))
    try AtomicFile.write("nothing", to: bench.path("runs/A1/training-state.safetensors"))
    let command = Self.command + " --only A1 --output out --runs runs"
    expectFailure(bench, try bench.eval(command), status: 65, naming: ["runs/A1/training-state.safetensors"])
    try AtomicFile.createFolder(bench.path("out/reproduction/A1"))
    try AtomicFile.write("[1]", to: bench.path("out/reproduction/A1/evidence.json"))
    expectFailure(
      bench, try bench.eval(command), status: 65, naming: ["out/reproduction/A1/evidence.json"])
  }
}
