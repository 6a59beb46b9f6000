import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// Data sets as tables of text, as Kaggle has them.
struct PixelTableTests {
  /// Loads `text` as the test images of a set of ten labels.
  private func load(_ data: Data) throws -> LabeledImages {
    try withTemporaryFolder { folder in
      try AtomicFile.write(data, to: "\(folder)/mine_test.csv")
      return try Dataset(name: "mine").load(.test, from: folder)
    }
  }

  private func load(_ text: String) throws -> LabeledImages { try load(Data(text.utf8)) }

  @Test(arguments: [
    "label,pixel1,pixel2,pixel3,pixel4\n7,0,1,2,255\n0,4,5,6,7\n",
    "label,1x1,1x2,2x1,2x2\r\n7,0,1,2,255\r\n0,4,5,6,7\r\n",
    "7,0,1,2,255\n0,4,5,6,7", "\u{FEFF}7,0,1,2,255\n0,4,5,6,7\n\n\n",
    "\u{FEFF}\"label\",\"pixel0\",\"pixel1\",\"pixel2\",\"pixel3\"\n\"7\",\"0\",\"1\",\"2\",\"255\"\n\"0\",4, 5 ,6,7\n",
    "id,p0,p1,p2,p3,Label\n900,0,1,2,255,7\n901,4,5,6,7,0\n",
    ",label,p0,p1,p2,p3\n0,7,0,1,2,255\n1,0,4,5,6,7\n",
    "7;0;1;2;255\n0;4;5;6;7\n", "7\t0\t1\t2\t255\n0\t4\t5\t6\t7\n", "7.0,0.0,1.0,2.0,255.0\n0,4.,5,6,7\n",
  ])
  func tablesAreRead(text: String) throws {
    let images = try load(text)
    #expect(images.shape == [2, 2, 2, 1])
    #expect(images.pixels == [0, 1, 2, 255, 4, 5, 6, 7])
    #expect(images.labels == [7, 0])
  }

  @Test(arguments: [
    ("7,0,1,2,3\n0,4,5,6\n", "expected 5 fields in each line, found 4 in line 2"),
    ("7,0,1,2,3\n0,4,5,6,7,8\n", "expected 5 fields in each line, found 6 in line 2"),
    ("7,0,1,2,3\n\n0,4,256,6,7\n", "found \"256\" in line 3, field 3"),
    ("7,0,1,2,3\n0,4,-1,6,7\n", "found \"-1\" in line 2, field 3"),
    ("7,0,1,2,3\n0,4,,6,7\n", "found \"\" in line 2, field 3"),
    ("7,0,1,2,3\n0,4,x,6,7\n", "found \"x\" in line 2, field 3"),
    ("7,0,1,2,3\n0,4,0.5,6,7\n", "found \"0.5\" in line 2, field 3"),
    ("7,0,1,2,3\n0,4,99999999999999999999999,6,7\n", "in line 2, field 3"),
    ("7,0,1,2,3\nnan,4,5,6,7\n", "found \"nan\" in line 2, field 1"),
    ("7,0,1,2\n", "found 4 fields in line 1, which are pixels without a label"),
    ("7,0,1,2,3,4\n", "found 6 fields in line 1"),
    ("label,pixel1,pixel2\n1,2,3\n", "found 3 fields in line 1"),
    ("pixel0,pixel1,pixel2,pixel3\n1,2,3,4\n", "expected a column called label"),
    ("id,pixel0,pixel1,pixel2,pixel3\n1,2,3,4,5\n", "expected a column called label"),
    ("", "expected at least one image"), ("label,p\n", "expected at least one image"),
    ("12\n", "found 1 field in line 1"), ("300,1\n", "found \"300\" in line 1, field 1"),
  ])
  func whatIsWrongIsNamedWithItsLine(text: String, sentence: String) {
    let error = failure { _ = try load(text) }
    #expect(error?.exitCode == 65)
    #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
  }

  @Test func otherEncodingsAndEndlessLinesAreRefused() {
    #expect(failure { _ = try load(Data([0xFF, 0xFE, 0x37, 0, 0x2C, 0])) }?.exitCode == 65)
    let error = failure { _ = try load(Data(repeating: 0x31, count: 5 << 20)) }
    #expect(error?.description.contains("a longer one in line 1") == true)
  }

  /// Lines across the pieces that a file is read in.
  @Test func longTablesAreReadWhole() throws {
    let lines = (0..<30_000).map { line in
      "\(line % 10)," + (0..<81).map { String((line + $0) % 256) }.joined(separator: ",")
    }
    let images = try load(lines.joined(separator: "\n"))
    #expect(images.count == 30_000 && images.height == 9)
    #expect(
      (0..<30_000).allSatisfy {
        images.labels[$0] == $0 % 10 && images.image(at: $0).first == UInt8($0 % 256)
      })
  }

  /// The same images are the same set, whatever file they stand in.
  @Test func theIdentityIsThatOfTheIDXFiles() throws {
    let table = try load("7,0,1,2,3\n0,4,5,6,7\n")
    try withTemporaryFolder { folder in
      try AtomicFile.write(
        Data(idx([2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7])), to: "\(folder)/t10k-images-idx3-ubyte")
      try AtomicFile.write(Data(idx([2], [7, 0])), to: "\(folder)/t10k-labels-idx1-ubyte")
      #expect(try Dataset(name: "mine").load(.test, from: folder) == table)
    }
  }
}
