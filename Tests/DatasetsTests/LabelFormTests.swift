import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// Labels in arrays, and names for them in files.
struct LabelFormTests {
  private static let fixtures = LabelFixtures.all

  @Test func fixturesAreThere() {
    #expect(Self.fixtures.read.count == 15 && Self.fixtures.refused.count == 8)
  }

  private func labels(_ data: Data, count: Int? = 4) throws -> [Int] {
    try withTemporaryFolder { folder in
      let path = "\(folder)/l.npy"
      try AtomicFile.write(data, to: path)
      return try LabelArray(contentsOf: path)
        .labels(imageCount: count, labelCount: 3, names: Self.fixtures.names)
    }
  }

  @Test(arguments: LabelFixtures.all.read)
  func everyFormIsRead(file: LabelFixtures.File) throws {
    #expect(try labels(file.file) == Self.fixtures.labels)
  }

  @Test func truthValuesAreTwoLabels() throws {
    #expect(try labels(Self.fixtures.truths) == [1, 0, 0, 1])
  }

  @Test(arguments: LabelFixtures.all.refused)
  func theFirstBadRowIsNamed(file: LabelFixtures.File) {
    let error = failure { _ = try labels(file.file) }
    #expect(error?.exitCode == 65)
    #expect(error?.description.contains(file.name) == true, "\(String(describing: error))")
  }

  /// Every form in an archive, too.
  @Test(arguments: LabelFixtures.all.read)
  func archivesHoldThemToo(file: LabelFixtures.File) throws {
    try withTemporaryFolder { folder in
      try NPZ.write(["labels": file.file], to: "\(folder)/a.npz")
      let array = try LabelArray("labels", in: NPZArchive("\(folder)/a.npz"))
      #expect(
        try array.labels(imageCount: 4, labelCount: 3, names: Self.fixtures.names) == Self.fixtures.labels)
    }
  }

  @Test func cutOffTextIsDamaged() throws {
    let text = try #require(Self.fixtures.read.first { $0.name == "text" })
    #expect(failure { _ = try labels(text.file.dropLast(3)) }?.exitCode == 65)
    #expect(failure { _ = try labels(text.file, count: 5) }?.description.contains("5 labels") == true)
  }

  // MARK: - Names

  private func names(_ text: String) throws -> LabelNames { try LabelNames(Data(text.utf8), path: "n.txt") }

  @Test(arguments: ["a\nb c\n", "a\r\nb c\r\n", "\u{FEFF}a\nb c", " a \nb c\n\n\n"])
  func oneNameALine(text: String) throws {
    let names = try names(text)
    #expect(names.names == ["a", "b c"] && names.first == nil)
  }

  @Test func mappingsOfEMNISTAreRead() throws {
    let balanced = try names("0 48\n1 65\n2 97\n")
    #expect(balanced.names == ["0", "A", "a"] && balanced.first == 0)
    let letters = try names("2 66 98\r\n1 65 97\r\n")
    #expect(letters.names == ["A/a", "B/b"] && letters.first == 1)
  }

  @Test(arguments: [
    ("", "found 0"), ("a\n\nb\n", "none in line 2"), ("a\nb\na\n", "a in line 1 and in line 3"),
    ("a\u{1B}[2J\nb\n", "in line 1"), (String(repeating: "x", count: 101), "in line 1"),
    ((0..<300).map { "n\($0)\n" }.joined(), "found 300"),
  ])
  func whatIsNoListOfNamesIsRefused(text: String, found: String) {
    let error = failure { _ = try names(text) }
    #expect(error?.exitCode == 65)
    #expect(error?.description.contains(found) == true, "\(String(describing: error))")
  }

  @Test func otherBytesAreNoNames() {
    #expect(failure { _ = try LabelNames(Data([0xFF, 0xFE, 65]), path: "n") }?.exitCode == 65)
  }
}
