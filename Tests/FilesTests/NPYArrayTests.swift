import Files
import Foundation
import TestSupport
import Testing

/// Arrays that NumPy wrote are read right; everything else is refused in a sentence, whatever the header
/// says.
@Suite struct NPYArrayTests {
  @Test func theFixturesAreThere() {
    #expect(ArrayFixtures.all.arrays.count == 32)
    #expect(ArrayFixtures.all.refused.count == 8)
  }

  @Test(arguments: ArrayFixtures.all.arrays)
  func isWhatNumPyWrote(fixture: ArrayFixtures.Array) throws {
    let array = try NPYArray(fixture.file, path: "a.npy")
    #expect(array.shape == fixture.shape)
    #expect(array.count == fixture.shape.reduce(1, *))
    #expect(array.element.rawValue == fixture.element)
    if let integers = fixture.integers { #expect(try array.integers() == integers) }
    if let reals = fixture.reals {
      #expect(try array.doubles() == reals)
      if array.element != .float64 { #expect(try array.floats() == reals.map { Float($0) }) }
    }
  }

  /// Each accessor takes the kinds whose numbers it keeps exactly.
  @Test(arguments: NPYArray.Element.allCases)
  func anAccessorRefusesWhatItWouldChange(element: NPYArray.Element) throws {
    let data = npy("{'descr': '<\(element.rawValue)', 'fortran_order': False, 'shape': (2,), }")
    let array = try NPYArray(data + Data(count: 2 * element.size), path: "a.npy")
    func expect(_ isAllowed: Bool, _ read: () throws -> [Double], _ location: SourceLocation) {
      if isAllowed {
        #expect((try? read()) == [0, 0], sourceLocation: location)
      } else {
        let error = #expect(throws: FileError.self, sourceLocation: location) { _ = try read() }
        #expect(error?.description.hasPrefix("a.npy: expected ") == true, sourceLocation: location)
        #expect(error?.description.hasSuffix("found \(element)") == true, sourceLocation: location)
      }
    }
    let isReal = element.isFloatingPoint
    expect(element == .uint8, { try array.bytes().map { Double($0) } }, #_sourceLocation)
    expect(!isReal, { try array.integers().map { Double($0) } }, #_sourceLocation)
    expect(
      element.size <= (isReal ? 4 : 2), { try array.floats().map { Double($0) } }, #_sourceLocation)
    expect(element.size <= (isReal ? 8 : 4), { try array.doubles() }, #_sourceLocation)
  }

  @Test func anUnsignedNumberThatDoesNotFitIsNamed() throws {
    let header = npy("{'descr': '>u8', 'fortran_order': False, 'shape': (2,), }")
    let array = try NPYArray(
      header + [UInt8](repeating: 0, count: 8) + [128, 0, 0, 0, 0, 0, 0, 5], path: "a.npy")
    #expect(
      throws: FileError.malformed(
        path: "a.npy", expected: "integers up to 9223372036854775807",
        found: "9223372036854775813 at position 1")
    ) { try array.integers() }
  }

  @Test func whatIsWrittenHereIsRead() throws {
    let values = try NPYArray(NPY.data([1, -2.5, 3, .infinity], shape: [2, 2]), path: "a.npy")
    #expect(try values.shape == [2, 2] && values.floats() == [1, -2.5, 3, .infinity])
    let labels = try NPYArray(NPY.data([7, -8], shape: [2]), path: "a.npy")
    #expect(try labels.element == .int64 && labels.integers() == [7, -8])
    let pixels = try NPYArray(NPY.data([UInt8(0), 255], shape: [1, 2]), path: "a.npy")
    #expect(try pixels.element == .uint8 && pixels.bytes() == [0, 255])
  }

  /// Other writers order and space the dictionary in their own way.
  @Test(arguments: [
    "{'shape': (2, 1), 'fortran_order': False, 'descr': '|u1'}",
    "{\"descr\":\"<u1\",\"fortran_order\":False,\"shape\":(2,1)}\n",
    "{ 'descr' : '|u1' , 'fortran_order' : True , 'shape' : ( 2L , 1L , ) , }   \n",
  ])
  func dictionariesOfOtherWritersAreRead(header: String) throws {
    let array = try NPYArray(npy(header) + [3, 4], path: "a.npy")
    #expect(try array.shape == [2, 1] && array.bytes() == [3, 4])
  }

  // MARK: - Refusals

  @Test(arguments: ArrayFixtures.all.refused)
  func elementsThatAreNoNumbersAreRefused(fixture: ArrayFixtures.Refused) {
    expectMalformed(fixture.file, naming: fixture.words)
  }

  @Test(arguments: [
    ("(3,)", "expected 3 bytes for uint8 of the shape [3], found 2"),
    ("(1,)", "expected 1 bytes for uint8 of the shape [1], found 2"),
    ("()", "expected 1 bytes for uint8 of the shape [], found 2"),
    ("(0, 2)", "expected 0 bytes for uint8 of the shape [0, 2], found 2"),
    ("(-2, -1)", "expected sizes of 0 or more, found the shape [-2, -1]"),
    ("(4294967296, 4294967296)", "expected a size that can be addressed"),
    ("(0, 4294967296, 4294967296)", "expected a size that can be addressed"),
    ("(9223372036854775807, 2)", "expected a size that can be addressed"),
    (
      "(1099511627776,)",
      "expected at most 536870912 elements of uint8, found 1099511627776, of the shape [1099511627776]"
    ),
    ("(536870913, 1)", "expected at most 536870912 elements of uint8"),
    ("(536870912, 1)", "expected 536870912 bytes for uint8 of the shape [536870912, 1], found 2"),
    ("(" + String(repeating: "1, ", count: 65) + ")", "expected at most 64 dimensions, found 65"),
  ])
  func aShapeThatLiesIsRefused(shape: String, sentence: String) {
    let header = "{'descr': '|u1', 'fortran_order': True, 'shape': \(shape), }"
    expectMalformed(npy(header) + [1, 2], naming: sentence)
  }

  /// Numbers take 8 bytes each when they are read.
  @Test(arguments: ["f2", "f4", "f8", "i8", "u2", "i1"])
  func moreNumbersThanCanBeUsedAreRefused(element: String) {
    for (count, sentence) in [
      (120_000_001, "expected at most 120000000 elements of "),
      (120_000_000, "of the shape [120000000, 1], found 0"),
    ] {
      let header = "{'descr': '<\(element)', 'fortran_order': False, 'shape': (\(count), 1), }"
      expectMalformed(npy(header), naming: sentence)
    }
  }

  @Test func aFileOfAnotherKindIsNamed() {
    expectMalformed(Data("<!DOCTYPE html>".utf8), naming: "found a web page")
    expectMalformed(
      Data([0x89] + "HDF\r\n\u{1a}\n".utf8),
      naming: "found an HDF5 file, as Keras and MATLAB write them; save")
  }

  /// All versions and both orders, three axes: what cannot be seen in a square.
  @Test func theFirstIndexFastest() throws {
    let header = "{'descr': '>u2', 'fortran_order': True, 'shape': (2, 3, 4), }"
    // Element [i, j, k] stands at i + 2 j + 6 k.
    let content = (0..<24).flatMap { [UInt8(0), UInt8($0)] }
    let expected = (0..<2).flatMap { i in (0..<3).flatMap { j in (0..<4).map { k in i + 2 * j + 6 * k } } }
    for version in [1, 2, 3] as [UInt8] {
      let array = try NPYArray(npy(header, version: [version, 0]) + content, path: "a.npy")
      #expect(try array.integers() == expected)
      #expect(try array.doubles() == expected.map { Double($0) })
    }
    let empty = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 0, 4), }"
    #expect(try NPYArray(npy(empty), path: "a.npy").floats().isEmpty)
    let single = "{'descr': '|u1', 'fortran_order': True, 'shape': (), }"
    #expect(try NPYArray(npy(single) + [9], path: "a.npy").bytes() == [9])
  }

  @Test func anArrayComesThroughAPipe() throws {
    let values = (0..<100_000).map { Float($0) }
    let data = NPY.data(values, shape: [1000, 100])
    try withPipe(writing: { try? AtomicFile.write(data, to: $0) }) { (path) throws in
      #expect(try NPYArray(contentsOf: path).floats() == values)
    }
    for (data, part) in [(data + [0], "found more"), (data.dropLast(), "found 399999")] {
      try withPipe(writing: { try? AtomicFile.write(data, to: $0) }) { (path) throws in
        let error = #expect(throws: FileError.self) { try NPYArray(contentsOf: path) }
        #expect(error?.description.hasSuffix(part) == true, "\(error as Any)")
      }
    }
  }

  /// A size that only the width of the elements lets overflow.
  @Test func theSizeInBytesMustFitToo() {
    expectMalformed(
      npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693952,), }"),
      naming: "a size that can be addressed")
  }

  @Test(arguments: [
    "", "gar\u{1B}[31m\nbage", "{", "}", "{}", "garbage", "{'descr': '|u1'}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': 2, }",
    "{'descr': '|u1', 'fortran_order': 0, 'shape': (2,), }",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2 1), }",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (,), }",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2,",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,), }",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2.0,), }",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), 'more': 1}",
    "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (2,), }",
    "{'descr': '|u1' 'fortran_order': False, 'shape': (2,), }",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), } more", "{'descr': '|u1",
  ])
  func aDictionaryOfAnotherFormIsRefused(header: String) {
    expectMalformed(npy(header) + [1, 2], naming: "expected a header with descr, fortran_order and shape")
  }

  @Test(arguments: ["", "<", "u1", "=u1", "|u2", "<u3", "<f", "float32", "<i1<i1", "<🙂", "<\u{1B}\n"])
  func anUnknownTypeIsRefused(descr: String) {
    expectMalformed(
      npy("{'descr': '\(descr)', 'fortran_order': False, 'shape': (2,), }") + [1, 2],
      naming:
        "expected integers of 8 to 64 bits or floating-point numbers of 16 to 64, found elements of type")
  }

  @Test(arguments: [(0, 1), (4, 0), (1, 1), (255, 255)] as [(UInt8, UInt8)])
  func anUnknownVersionIsRefused(major: UInt8, minor: UInt8) {
    expectMalformed(
      npy("{'descr': '|u1', 'fortran_order': False, 'shape': (0,), }", version: [major, minor]),
      naming: "expected NumPy's format 1.0, 2.0 or 3.0, found version \(major).\(minor)")
  }

  @Test func aHeaderLongerThanTheFileIsRefused() {
    let start = Data([0x93] + Array("NUMPY".utf8))
    expectMalformed(
      start + [1, 0, 255, 255, 0, 0], naming: "expected a header of at most 2 bytes, found one of 65535")
    expectMalformed(
      start + [2, 0, 255, 255, 255, 255],
      naming: "expected a header of at most 0 bytes, found one of 4294967295")
    expectMalformed(
      start + [3, 0, 0, 0, 1, 0] + Data(count: 70_000),
      naming: "expected a header of at most 65535 bytes, found one of 65536")
  }

  /// No beginning of a file is taken for the whole, and none is a trap.
  @Test func everyTruncationIsRefused() throws {
    let file = NPY.data([1, 2, 3], shape: [3])
    for length in 0..<file.count { expectMalformed(file.prefix(length), naming: "a.npy: expected ") }
  }

  /// Whatever byte of the header is damaged: an array or an error.
  @Test func noDamageIsATrap() {
    let file = NPY.data([1, 2, 3, 4], shape: [2, 2])
    for position in 0..<80 {
      for value in [0, 1, 9, 32, 39, 40, 41, 45, 57, 91, 125, 128, 255] as [UInt8] {
        var damaged = file
        damaged[position] = value
        let array = try? NPYArray(damaged, path: "a.npy")
        _ = try? array?.doubles()
      }
    }
  }

  @Test func aMissingFileAndAFolderAreNamed() throws {
    try withTemporaryFolder { folder in
      #expect(throws: FileError.missing(path: "\(folder)/a.npy", remedy: "check the path")) {
        try NPYArray(contentsOf: "\(folder)/a.npy")
      }
      #expect(throws: FileError.unreadable(path: folder, reason: "it is a folder")) {
        try NPYArray(contentsOf: folder)
      }
    }
  }

  /// The bytes of a file with this dictionary, and no elements yet.
  private func npy(_ header: String, version: [UInt8] = [1, 0]) -> Data {
    let length = UInt16(header.utf8.count)
    let bytes = [UInt8(length & 0xFF), UInt8(length >> 8)] + (version[0] == 1 ? [] : [0, 0])
    return Data([0x93] + Array("NUMPY".utf8) + version + bytes + header.utf8)
  }

  private func expectMalformed(
    _ data: Data, naming part: String, _ location: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: FileError.self, sourceLocation: location) {
      try NPYArray(data, path: "a.npy")
    }
    #expect(error?.exitCode == 65, sourceLocation: location)
    let sentence = error?.description ?? ""
    #expect(sentence.contains(part), "\(sentence)", sourceLocation: location)
    #expect(!sentence.contains { $0.isNewline || $0 == "\u{1B}" }, sourceLocation: location)
  }
}
