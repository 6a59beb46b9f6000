import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// `eval corrupt` on the tiny data set.
@Suite struct CorruptTests {
  @Test func arraysHaveTheBytesOfTheSetAndTheSeed() throws {
    let bench = try Workbench()
    func corrupt(_ folder: String, _ more: String) throws {
      let outcome = try bench.eval(
        "corrupt --data data --limit 9 --output \(folder) --corruption shot-noise --corruption turn-left "
          + more)
      try #require(outcome.status == 0, "\(outcome.errors)")
    }
    try corrupt("out", "")
    try corrupt("again", "--threads 1")
    try corrupt("other", "--seed 1")
    let names = (1...5).map { "shot-noise-\($0).npy" } + ["turn-left-1.npy", "labels.npy"]
    #expect(
      Set(bench.files(below: "out")) == Set(names + ["corruptions.png", "corruptions.svg", "manifest.json"]))
    func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: bench.path(name))) }
    for name in names {
      let data = try bytes("out/\(name)")
      #expect(try data == bytes("again/\(name)"), "\(name)")
      let isRandom = name.hasPrefix("shot")
      #expect(try (data != bytes("other/\(name)")) == isRandom, "\(name)")
      let array = try NPYArray(data, path: name)
      #expect(array.shape == (name == "labels.npy" ? [9] : [9, 28, 28, 1]))
    }
    let text = try String(decoding: bytes("out/shot-noise-1.npy").prefix(128), as: UTF8.self)
    #expect(text.contains("'descr': '|u1'"))
  }

  /// The exported arrays are the images that the report of robustness counts on.
  @Test func theReportCountsOnTheSameImages() throws {
    let bench = try Workbench()
    _ = try bench.dense()
    func results(_ arguments: String) throws -> [String: Any] {
      let outcome = try bench.eval(arguments + " --format json")
      try #require(outcome.status == 0, "\(outcome.errors)")
      return try Dictionary(json: outcome.output)
    }
    let outcome = try bench.eval(
      "corrupt --data data --output out --corruption impulse-noise --severity 5")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let report = try results(
      "robustness --classifier dense.safetensors --data data --slow-limit 1 --corruptions")
    let row = try #require(
      try report.objects("classifiers")[0].objects("corruptions").first {
        try $0.text("corruption") == "impulse-noise"
      })
    let accuracies = try row.objects("accuracies").map { try $0.number("value") }
    #expect(accuracies.count == 5)

    let bytes = try NPYArray(contentsOf: bench.path("out/impulse-noise-5.npy")).bytes()
    try AtomicFile.write(
      Data(idx([bytes.count / 784, 28, 28], bytes)), to: bench.path("data/\(DatasetFile.testImages.rawValue)")
    )
    let matrix = try results("confusion-matrix --classifier dense.safetensors --data data")
    #expect(try matrix.number("accuracy") == accuracies[4])
  }
}
