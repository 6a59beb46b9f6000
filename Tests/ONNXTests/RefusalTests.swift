import Autograd
import Files
import Foundation
import Kernels
import ONNX
import TestSupport
import Testing

/// Files that are no networks, or none that can be run: each is refused in one sentence that names what is
/// wrong.
@Suite struct RefusalTests {
  /// Weights of other precisions are read, and rounded where they have to be.
  private static let read = ["float16-cast.onnx", "bfloat16-cast.onnx", "weight-double.onnx"]

  @Test func thereAreFixtures() { #expect(RefusalFixture.all.count >= 100) }

  @Test(arguments: read)
  func weightsOfOtherPrecisionsAreRead(_ file: String) throws {
    let classifier = try ForeignClassifier(
      contentsOf: "\(NetworkFixture.folder)/bad/\(file)", name: "network")
    let logits = classifier.logits(.uniform([2] + classifier.imageShape, key: Key(seed: 1)))
    let isFinite = logits.elements.allSatisfy { $0.isFinite }
    #expect(isFinite)
    #expect(Set(logits.elements).count > 1)
  }

  @Test(arguments: RefusalFixture.all.filter { !read.contains($0.file) })
  func isRefused(_ fixture: RefusalFixture) throws {
    if fixture.file == "external-symlink.onnx" { return try isRefusedBehindALink(fixture) }
    let error = #expect(throws: FileError.self, "\(fixture.what)") {
      try ForeignClassifier(contentsOf: fixture.path, name: "network")
    }
    expect(error, names: fixture.words)
  }

  /// A link to weights outside the model's folder.
  private func isRefusedBehindALink(_ fixture: RefusalFixture) throws {
    try withTemporaryFolder { folder in
      let inner = folder + "/inner"
      try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: fixture.path, toPath: inner + "/network.onnx")
      try FileManager.default.copyItem(
        atPath: NetworkFixture.folder + "/bad/384.data", toPath: folder + "/outside.data")
      try FileManager.default.createSymbolicLink(
        atPath: inner + "/link.data", withDestinationPath: folder + "/outside.data")
      let error = #expect(throws: FileError.self) {
        try ForeignClassifier(contentsOf: inner + "/network.onnx", name: "network")
      }
      expect(error, names: fixture.words)
    }
  }

  private func expect(_ error: FileError?, names words: [String]) {
    let text = error.map { "\($0)" } ?? ""
    #expect(!text.contains("\n"))
    for word in words {
      #expect(word.split(separator: "|").contains { text.contains($0) }, "\(word) in: \(text)")
    }
  }
}

/// Damaged files: whatever a file says, it is refused or run, and takes little memory.
@Suite struct MutationTests {
  private static let rounds = 10_000

  @Test func neverTraps() throws {
    try withTemporaryFolder { folder in try mutate(in: folder + "/network.onnx") }
  }

  private func mutate(in path: String) throws {
    let whole = NetworkFixture.all.compactMap { FileManager.default.contents(atPath: $0.path) }
    try #require(whole.count >= 26)
    var (refused, run) = (0, 0)
    for round in 0..<Self.rounds {
      let draws = Key(seed: UInt64(round))
      var drawn = 0
      func below(_ limit: Int) -> Int {
        drawn += 1
        return limit > 0 ? draws.integer(drawn, in: 0..<limit) : 0
      }
      var bytes = [UInt8](whole[round % whole.count])
      switch below(4) {
      case 0: bytes = Array(bytes.prefix(below(bytes.count)))
      case 1: for _ in 0..<(1 + below(8)) { bytes[below(bytes.count)] ^= 1 << below(8) }
      case 2: for _ in 0..<(1 + below(4)) { bytes[below(bytes.count)] = UInt8(below(256)) }
      default:
        let start = below(bytes.count)
        let end = min(bytes.count, start + 1 + below(16))
        bytes.replaceSubrange(start..<end, with: [UInt8](repeating: 0xFF, count: below(12)))
      }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do {
        let classifier = try ForeignClassifier(contentsOf: path, name: "network", imageShape: [28, 28, 1])
        _ = classifier.logits(.uniform([1] + classifier.imageShape, key: Key(seed: 1)))
        run += 1
      } catch {
        refused += 1
      }
    }
    #expect(refused > Self.rounds / 10)
    #expect(run > Self.rounds / 10)
  }
}
