import Cluster
import Files
import Foundation
import Testing

/// Work in parts: what comes out is what one process would have found, and nothing else is taken for it.
@Suite struct DivisionTests {
  private let folder: String
  private let configuration = PartConfiguration(version: "1", command: ["work", "--on it"])

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("parts-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private struct Value: Codable, Equatable {
    var square: Double
    var name: String?
    var bytes: Data
  }

  private static let items = 23

  /// Three tasks with pieces that do not divide the items; `computed` hears of each range.
  private func work(
    _ division: Division, inputs: [String: String] = ["weights": "abc"], items: Int = items,
    computed: (Range<Int>) throws -> Void = { _ in }
  ) throws -> [[Value]] {
    try division.begin(inputs: inputs, items: items, unit: "items")
    let missing = Value(square: -1, name: nil, bytes: Data())
    let results = try [("squares", 4), ("others", 1), ("all", 50)].map { task, size in
      try division.map(task, count: items, size: size, missing: missing) { range in
        try computed(range)
        return range.map {
          Value(
            square: Double($0) * 0.1, name: $0 % 2 == 0 ? "größer \($0)\n" : nil,
            bytes: Data([UInt8($0), 10]))
        }
      }
    }
    try division.endPart()
    return results
  }

  private func write(_ index: Int, of count: Int, _ configuration: PartConfiguration? = nil) throws
    -> PartDone
  {
    let writer = PartWriter(
      try #require(Shard(index, of: count)), in: folder, configuration ?? self.configuration)
    return try #require(throws: PartDone.self) { _ = try work(Division(writer)) }
  }

  private func set() throws -> PartSet { try PartSet(folder) { "make \($0.command[0]) \($1)" } }

  private func path(_ index: Int, of count: Int) -> String { "\(folder)/part-\(index)-of-\(count).assay" }

  @Test(arguments: [1, 2, 3, 7, 23])
  func partsAreTheWhole(count: Int) throws {
    let whole = try work(.alone)
    #expect(whole.allSatisfy { $0.count == Self.items })
    var pieces = 0
    for index in (1...count).shuffled() { pieces += try write(index, of: count).pieces }
    // 6 pieces of four, 23 of one and one of all.
    #expect(pieces == 30)
    #expect(try work(Division(try set())) == whole)
  }

  @Test func aKilledPartGoesOnWhereItWas() throws {
    let whole = try write(1, of: 2)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: whole.path))
    var random = SystemRandomNumberGenerator()
    for _ in 0..<40 {
      let kept = Int.random(in: 0...bytes.count, using: &random)
      try FileManager.default.removeItem(atPath: whole.path)
      try bytes.prefix(kept).write(to: URL(fileURLWithPath: whole.path + ".partial"))
      var again = 0
      let writer = PartWriter(try #require(Shard(1, of: 2)), in: folder, configuration)
      let done = try #require(throws: PartDone.self) {
        _ = try work(Division(writer)) { _ in again += 1 }
      }
      #expect(done.known + again == whole.pieces && done.pieces == whole.pieces, "\(kept) bytes")
      #expect(try Data(contentsOf: URL(fileURLWithPath: whole.path)) == bytes)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
    }
  }

  @Test func aCompletePartIsNotDoneAgain() throws {
    _ = try write(2, of: 2)
    let again = try write(2, of: 2)
    #expect(again.known == again.pieces)
    // One of another configuration is.
    var other = configuration
    other.command.append("--more")
    #expect(try write(2, of: 2, other).known == 0)
  }

  @Test func whatWasDoneBeforeAFailureIsKept() throws {
    struct Failure: Error {}
    let writer = PartWriter(try #require(Shard(1, of: 1)), in: folder, configuration)
    #expect(throws: Failure.self) {
      _ = try work(Division(writer)) { if $0.lowerBound == 12 { throw Failure() } }
    }
    #expect(!FileManager.default.fileExists(atPath: path(1, of: 1)))
  }

  @Test func twoProcessesDoNotWriteOnePart() throws {
    let first = PartWriter(try #require(Shard(1, of: 1)), in: folder, configuration)
    try Division(first).begin(inputs: [:], items: 9, unit: "items")
    let second = PartWriter(try #require(Shard(1, of: 1)), in: folder, configuration)
    let error = #expect(throws: FileError.self) {
      try Division(second).begin(inputs: [:], items: 9, unit: "items")
    }
    #expect(error?.description.contains("another process") == true)
    withExtendedLifetime(first) {}
  }

  @Test func moreShardsThanItemsAreRefused() throws {
    let writer = PartWriter(try #require(Shard(24, of: 24)), in: folder, configuration)
    let error = #expect(throws: FileError.self) { _ = try work(Division(writer)) }
    #expect(error?.description.contains("at most as many parts as items, 23, found 24") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  // MARK: - What is not merged

  private func expectRefusal(_ parts: String...) throws {
    let error = #expect(throws: FileError.self) { _ = try work(Division(try set())) }
    for part in parts {
      #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    }
  }

  @Test func noParts() throws { try expectRefusal(folder, "make its parts first") }

  @Test func unfinishedParts() throws {
    try AtomicFile.write("begun", to: "\(folder)/part-1-of-2.assay.partial")
    try expectRefusal("\(folder)/part-1-of-2.assay: not found", "part-1-of-2.assay.partial is unfinished")
  }

  @Test func aMissingPartIsNamedWithWhatMakesIt() throws {
    for index in [1, 3, 4] { _ = try write(index, of: 4) }
    try expectRefusal("part-2-of-4.assay: not found; make work 2/4")
  }

  @Test func anotherConfiguration() throws {
    _ = try write(1, of: 2)
    var other = configuration
    other.command[1] = "--on another"
    _ = try write(2, of: 2, other)
    try expectRefusal("part-2-of-2.assay", "--on it", "--on another")
  }

  @Test func anotherVersion() throws {
    _ = try write(1, of: 2)
    _ = try write(2, of: 2, PartConfiguration(version: "2", command: configuration.command))
    try expectRefusal("version 1", "found 2")
  }

  @Test func otherInputs() throws {
    for index in 1...2 { _ = try write(index, of: 2) }
    let error = #expect(throws: FileError.self) {
      _ = try work(Division(try set()), inputs: ["weights": "abd"])
    }
    #expect(error?.description.contains("weights abc, found abd") == true)
  }

  @Test func anotherNumberOfParts() throws {
    _ = try write(1, of: 2)
    _ = try write(1, of: 3)
    try expectRefusal("one of 2 parts", "one of 3")
  }

  @Test func onePartTwice() throws {
    _ = try write(1, of: 2)
    try FileManager.default.copyItem(atPath: path(1, of: 2), toPath: path(2, of: 2))
    try expectRefusal("part-2-of-2.assay", "part 1, which")
  }

  @Test func whatIsNoPart() throws {
    _ = try write(1, of: 2)
    try Data("[1, 2]\n".utf8).write(to: URL(fileURLWithPath: path(2, of: 2)))
    try expectRefusal("part-2-of-2.assay", "a part of some work")
  }

  @Test func valuesThatCannotBeAreRefused() throws {
    for index in 1...2 { _ = try write(index, of: 2) }
    let division = Division(try set())
    let error = #expect(throws: FileError.self) {
      _ = try division.map(
        "squares", count: Self.items, size: 4, missing: Value(square: 0, bytes: Data()),
        fits: { $0.square < 1 }
      ) { _ in [] }
    }
    #expect(error?.description.contains("values of 4 items in piece 2 of squares") == true)
  }

  /// Cut anywhere, or with any byte of a value changed, it is not complete.
  @Test func aDamagedPartIsNotComplete() throws {
    for index in 1...2 { _ = try write(index, of: 2) }
    let whole = try Data(contentsOf: URL(fileURLWithPath: path(2, of: 2)))
    let header = try #require(whole.firstIndex(of: 10))
    for _ in 0..<60 {
      var bytes = whole
      if Bool.random() {
        bytes = bytes.prefix(Int.random(in: header + 1..<whole.count))
      } else {
        bytes[Int.random(in: header + 1..<whole.count)] ^= UInt8.random(in: 1...255)
      }
      try bytes.write(to: URL(fileURLWithPath: path(2, of: 2)))
      // A changed title or place leaves the digest right, and the piece is missed where it belongs.
      #expect(throws: FileError.self) { _ = try work(Division(try set())) }
    }
  }
}
