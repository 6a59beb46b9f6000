import Datasets
import Figures
import Files
import Foundation
import Pictures
import TestSupport
import Testing

/// `eval train colorizer` and `eval colorize`, from a data set to pictures.
@Suite struct ColorizeTests {
  /// A bench with a colorizer of one epoch in `run`.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    let outcome = try bench.eval("train colorizer --data data --epochs 1 --batch 8 --output run")
    try #require(outcome.status == 0, "\(outcome.errors)")
    return bench
  }

  @Test func aTrainingIsDrawnAndGoesOn() throws {
    let bench = try bench()
    let files = bench.files(below: "run")
    #expect(files.contains("colorizer.safetensors") && files.contains("grids.gif"))
    #expect(files.contains("manifest.json") && files.contains("losses.csv"))
    let grids = files.filter { $0.hasPrefix("grids/step-") }
    #expect(grids.count == 1, "\(files)")
    // Three images of each label, each grey, coloured and right.
    let grid = try PNG.decode(
      Data(contentsOf: URL(fileURLWithPath: bench.path("run/\(grids[0])"))), path: "grid")
    #expect(grid.width == 9 * 30 + 2 && grid.channels == 3)

    let longer = try bench.eval("train colorizer --data data --resume run --epochs 2")
    #expect(longer.status == 0, "\(longer.errors)")
    let whole = try bench.eval("train colorizer --data data --epochs 2 --batch 8 --output whole")
    #expect(whole.status == 0, "\(whole.errors)")
    func weights(_ run: String) throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: bench.path("\(run)/colorizer.safetensors")))
    }
    #expect(try weights("run") == weights("whole"))
    let other = try bench.eval("train colorizer --data data --resume run --epochs 3 --l1 5")
    #expect(other.status == 65 && other.errors.contains("L1 weight"), "\(other.errors)")
  }

  @Test func theTestImagesAreColouredAndJudged() throws {
    let bench = try bench()
    let table = try bench.eval("colorize --data data --colorizer run")
    #expect(table.status == 0, "\(table.errors)")
    for name in ["colour error", "black background", "label from colour", "mean colour", "right colours"] {
      #expect(table.output.contains(name), "\(name)")
    }
    let csv = try bench.eval("colorize --data data --colorizer run --format csv --output all.npz")
    let right = csv.output.split(separator: "\n").first { $0.hasPrefix("right colours,") }
    let fields = try #require(right).split(separator: ",").compactMap { Double($0) }
    #expect(fields[0] < 1.0 / 255 && fields[2] == 1 && fields[4] == 1, "\(csv.output)")
    let archive = try NPZArchive(InputFile(bench.path("all.npz")))
    #expect(archive.names.sorted() == ["images", "labels"])
    let json = try bench.eval("colorize --data data --colorizer run --format json --limit 5")
    #expect(json.output.contains("\"schema\" : \"assay/colorization/1\""), "\(json.output)")
  }

  @Test func everySourceIsColoured() throws {
    let bench = try bench()
    let array = try bench.eval("colorize --data data --colorizer run --output all.npy")
    #expect(array.status == 0, "\(array.errors)")
    // A folder of pictures of two labels and other sizes, and what comes of it.
    let names = ["0", "1"]
    for (index, name) in names.enumerated() {
      for number in 0..<2 {
        try Bitmap(
          width: 40 + number, height: 30, channels: 1,
          pixels: [UInt8](repeating: UInt8(100 + index), count: (40 + number) * 30)
        ).write(to: bench.path("shots/\(name)/\(number).png"))
      }
    }
    let folder = try bench.eval("colorize shots --colorizer run --output coloured")
    #expect(folder.status == 0 && folder.output.contains("4 images of shots"), "\(folder.errors)")
    #expect(bench.files(below: "coloured") == ["0/0.png", "0/1.png", "1/0.png", "1/1.png"])
    // Two sources that differ in their endings alone keep them.
    let jpeg = bench.path("shots/1/0.png")
    try FileManager.default.copyItem(atPath: jpeg, toPath: bench.path("shots/1/0.jpg"))
    let both = try bench.eval("colorize shots/1 --colorizer run --output both")
    #expect(both.status == 0, "\(both.errors)")
    #expect(bench.files(below: "both") == ["0.jpg.png", "0.png.png", "1.png"])
    let single = try bench.eval("colorize shots/1/0.png --colorizer run --output one.png")
    #expect(single.status == 0 && single.output == "one.png: 1 image in colour\n", "\(single.errors)")
    let picture = try PNG.decode(
      Data(contentsOf: URL(fileURLWithPath: bench.path("one.png"))), path: "one.png")
    #expect((picture.width, picture.height, picture.channels) == (28, 28, 3))
    for source in ["data/t10k-images-idx3-ubyte", "all.npy"] {
      let found = FileManager.default.fileExists(atPath: bench.path(source)) ? source : source + ".gz"
      let outcome = try bench.eval("colorize \(found) --colorizer run --output out.npy")
      #expect(outcome.status == 0 && outcome.output.hasSuffix("images in colour\n"), "\(outcome.errors)")
    }
  }

  @Test func whatCannotBeColouredIsRefusedByName() throws {
    let bench = try bench()
    try AtomicFile.write("no picture", to: bench.path("bad/0.png"))
    try AtomicFile.write("text", to: bench.path("text.txt"))
    let cases = [
      ("colorize --data data --colorizer nowhere", 66), ("colorize nothing.png --colorizer run", 66),
      ("colorize bad --colorizer run --output out", 65),
      ("colorize text.txt --colorizer run --output out.png", 65),
      ("colorize --data data --colorizer data", 66),
      ("colorize --labels text.txt --colorizer run", 64), ("colorize x.png --data data --colorizer run", 64),
      ("train colorizer --data data --epochs 0", 64), ("train colorizer --data data --l1 -1", 64),
      ("train colorizer --data data --l1 nan", 64),
      ("train colorizer --data data --limit 4 --output few", 64),
      ("train colorizer --data data --epochs 2 --output run", 73),
      ("colorize bad --colorizer run --output bad", 64),
      ("colorize text.txt --colorizer run --output ./text.txt", 64),
      ("colorize --data data --colorizer run --output out.jpg", 64), ("score run", 65),
    ]
    for (arguments, status) in cases {
      let outcome = try bench.eval(arguments)
      #expect(outcome.status == status, "\(arguments): \(outcome.status) \(outcome.errors)")
    }
    try Flowers.write(12, to: bench.path("flowers"))
    let flowers = try bench.eval("train colorizer --data flowers --output rgb")
    #expect(flowers.status == 65 && flowers.errors.contains("grey images of 28×28"), "\(flowers.errors)")
  }
}
