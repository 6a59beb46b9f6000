import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// Data sets that are not what they should be: 65 for what is wrong in a file, 66 for what is not there.
@Suite struct BadDataTests {
  struct Damage: Sendable, CustomStringConvertible {
    let description: String
    let file: DatasetFile
    let isCompressed: Bool
    let named: [String]
    let apply: @Sendable ([UInt8]) throws -> [UInt8]

    init(
      _ description: String, _ file: DatasetFile = .testImages, isCompressed: Bool = false,
      naming named: String...,
      apply: @escaping @Sendable ([UInt8]) throws -> [UInt8]
    ) {
      self.description = description
      self.file = file
      self.isCompressed = isCompressed
      self.named = named
      self.apply = apply
    }
  }

  static let damages = [
    Damage("empty", naming: "00000803", "0 bytes") { _ in [] },
    Damage("truncated within the header", naming: "header", "9 bytes") { Array($0.prefix(9)) },
    Damage("truncated", naming: "15696 bytes", "5000 bytes") { Array($0.prefix(5000)) },
    Damage("one byte short", naming: "15696 bytes", "15695 bytes") { $0.dropLast() },
    Damage("one byte long", naming: "15696 bytes", "15697 bytes") { $0 + [0] },
    Damage("wrong magic", naming: "00000803", "00000d03") { [0, 0, 13] + $0.dropFirst(3) },
    Damage("labels in place of images", naming: "00000803", "00000801") { _ in
      TinySet.content(of: .testLabels)
    },
    Damage("images in place of labels", .testLabels, naming: "00000801", "00000803") { _ in
      TinySet.content(of: .testImages)
    },
    Damage("another format", naming: "00000803", "89504e47") { _ in
      [0x89, 0x50, 0x4E, 0x47] + [UInt8](repeating: 0, count: 100)
    },
    Damage("a header beyond all bounds", naming: "629145600", "4294967295") {
      [0, 0, 8, 3] + [UInt8](repeating: 255, count: 12) + $0.dropFirst(16)
    },
    Damage("a header of more than there is", naming: "47040016", "15696 bytes") {
      idx([60_000, 28, 28], Array($0.dropFirst(16)))
    },
    Damage("no images", naming: "empty set", "0 x 28 x 28") { _ in idx([0, 28, 28], []) },
    Damage("no labels", .testLabels, naming: "empty set") { _ in idx([0], []) },
    Damage("fewer labels than images", .testLabels, naming: "20 labels", "found 19") { _ in
      idx([19], [UInt8](repeating: 0, count: 19))
    },
    Damage("a label out of range", .testLabels, naming: "0 to 9", "200 at position 3") { _ in
      idx([20], [0, 0, 0, 200] + [UInt8](repeating: 0, count: 16))
    },
    Damage("a truncated gzip stream", isCompressed: true, naming: "cut off") {
      let stream = try packed($0)
      return Array(stream.prefix(stream.count / 2))
    },
    Damage("a flipped bit within a gzip stream", isCompressed: true, naming: "damaged gzip") {
      var stream = try packed($0)
      stream[stream.count / 2] ^= 0x10
      return stream
    },
    Damage("a flipped bit of a gzip checksum", isCompressed: true, naming: "damaged gzip") {
      var stream = try packed($0)
      stream[stream.count - 6] ^= 1
      return stream
    },
    Damage("something after a gzip stream", isCompressed: true, naming: "after the end") {
      try packed($0) + [1, 2, 3]
    },
    Damage("a gzip bomb", isCompressed: true, naming: "15696 bytes", "more") {
      try packed($0 + [UInt8](repeating: 0, count: 32 << 20))
    },
    Damage("an oversized header in a gzip stream", isCompressed: true, naming: "629145600", "4294967295") {
      _ in
      try packed([0, 0, 8, 3] + [UInt8](repeating: 255, count: 12))
    },
  ]

  @Test(arguments: damages)
  func aDamagedFileIsBadData(_ damage: Damage) throws {
    let bench = try Workbench()
    let plain = bench.path("data/\(damage.file.rawValue)")
    let content = try damage.apply(TinySet.content(of: damage.file))
    if damage.isCompressed { try FileManager.default.removeItem(atPath: plain) }
    let name = damage.isCompressed ? damage.file.compressedName : damage.file.rawValue
    try AtomicFile.write(Data(content), to: bench.path("data/\(name)"))
    let outcome = try bench.eval("dataset --data data --split test --output out")
    expectFailure(bench, outcome, status: 65, naming: ["data/\(name)", "expected ", "found "] + damage.named)
    #expect(bench.files(below: "out").isEmpty)
  }

  /// Every command reads data the same way; one kind of damage shows it.
  @Test(arguments: [
    "accuracy-vs-epsilon --classifier dense.safetensors", "confusion-matrix --classifier dense.safetensors",
    "dataset --split test", "train classifier dense --epochs 1",
  ])
  func everyCommandRefusesDamagedData(command: String) throws {
    let bench = try Workbench()
    _ = try bench.dense()
    let file = "data/\(DatasetFile.testImages.rawValue)"
    try AtomicFile.write(Data(TinySet.content(of: .testImages).prefix(777)), to: bench.path(file))
    let outcome = try bench.eval(command + " --data data --output out")
    expectFailure(bench, outcome, status: 65, naming: [file, "expected 15696 bytes", "found 777 bytes"])
    #expect(bench.files(below: "out").isEmpty)
  }

  @Test(arguments: [
    "accuracy-vs-epsilon", "confusion-matrix", "dataset", "train classifier dense", "train classifier conv",
  ])
  func aMissingFolderIsMissing(command: String) throws {
    let bench = try Workbench()
    let outcome = try bench.eval(command + " --data nowhere --output out")
    expectFailure(bench, outcome, status: 66, naming: ["nowhere/", "not found", "--data"])
    #expect(bench.files(below: "out").isEmpty)
  }

  @Test(arguments: DatasetFile.allCases)
  func aMissingFileIsMissing(file: DatasetFile) throws {
    let bench = try Workbench()
    try FileManager.default.removeItem(atPath: bench.path("data/\(file.rawValue)"))
    let outcome = try bench.eval("dataset --data data")
    expectFailure(bench, outcome, status: 66, naming: ["data/\(file.rawValue)", "not found", "--data"])
  }

  @Test func theEnvironmentNamesTheFolderToo() throws {
    let bench = try Workbench()
    let found = try bench.eval("dataset --format csv", environment: ["FASHION_MNIST_DIR": bench.path("data")])
    #expect(found.status == 0)
    #expect(found.output.contains("Sandal,4\n"))
    let missing = try bench.eval("dataset", environment: ["FASHION_MNIST_DIR": bench.path("nowhere")])
    expectFailure(bench, missing, status: 66, naming: ["nowhere/", "not found", "$FASHION_MNIST_DIR"])
  }

  @Test func compressedFilesAreReadAlike() throws {
    let bench = try Workbench()
    let plain = try bench.eval("dataset --data data --format json")
    for file in DatasetFile.allCases {
      try AtomicFile.write(
        try gzip(TinySet.content(of: file)), to: bench.path("packed/\(file.compressedName)"))
    }
    let packed = try bench.eval("dataset --data packed --format json")
    #expect(plain.status == 0 && packed.status == 0)
    #expect(packed.output == plain.output)
  }
}

private func packed(_ content: [UInt8]) throws -> [UInt8] { Array(try gzip(content)) }
