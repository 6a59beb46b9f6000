import Datasets
import Files
import Foundation
import Testing

/// What the judges know of the real images, kept between runs: used only as it was put there, made anew
/// otherwise.
@Suite(.serialized) struct JudgeCacheTests {
  private let bench: Workbench
  /// What a run says that finds its cache whole.
  private let expected: String

  private static let command = "score images.npy --data data --cache kept --format json"

  init() throws {
    bench = try Workbench()
    let pixels = TinySet.content(of: .testImages).dropFirst(16).map { Float($0) / 255 * 0.9 }
    try AtomicFile.write(NPY.data(pixels, shape: [20, 28, 28]), to: bench.path("images.npy"))
    let first = try bench.eval(Self.command)
    try #require(first.status == 0 && first.messages.isEmpty, "\(first.errors)")
    expected = first.output
    let again = try bench.eval(Self.command)
    try #require(again.output == expected && again.messages.isEmpty, "\(again.errors)")
  }

  private func path(_ kind: String, in folder: String = "kept") throws -> String {
    let names = try bench.files(below: folder).filter { name in
      String(decoding: try AtomicFile.read(bench.path("\(folder)/\(name)")), as: UTF8.self)
        .contains("\"kind\":\"\(kind)\"")
    }
    return bench.path("\(folder)/\(try #require(names.first))")
  }

  /// The same result, a note, and a cache that is whole again.
  private func expectAnew(_ words: String, _ location: SourceLocation = #_sourceLocation) throws {
    let outcome = try bench.eval(Self.command)
    #expect(outcome.status == 0 && outcome.output == expected, "\(outcome.errors)", sourceLocation: location)
    let notes = outcome.messages.filter {
      $0.hasPrefix("eval: note: kept/") && $0.hasSuffix("it is made anew")
    }
    #expect(notes.count == 1 && notes[0].contains(words), "\(outcome.errors)", sourceLocation: location)
    let again = try bench.eval(Self.command)
    #expect(again.messages.isEmpty && again.output == expected, "\(again.errors)", sourceLocation: location)
  }

  static let kinds = ["statistics", "neighbors"]

  @Test(arguments: kinds) func aDamagedFileIsMadeAnew(_ kind: String) throws {
    let path = try path(kind)
    let whole = try AtomicFile.read(path)
    for content in [
      Data(), whole.prefix(whole.count / 2), Data("{}".utf8), Data("[1]".utf8), Data([0xFF, 0xFE, 0]),
    ] {
      try AtomicFile.write(content, to: path)
      try expectAnew("damaged, or of an older version")
    }
  }

  /// The cases that used to trap or to be used: an index of -1, an empty list, other numbers.
  @Test(arguments: kinds) func alteredContentIsMadeAnew(_ kind: String) throws {
    let path = try path(kind)
    let text = String(decoding: try AtomicFile.read(path), as: UTF8.self)
    let changes: [(String, String)] =
      kind == "neighbors"
      ? [
        ("\"indices\":\\[[0-9]+", "\"indices\":[-1"), ("\"indices\":\\[[0-9,]+\\]", "\"indices\":[]"),
        ("\"squaredDistances\":\\[[0-9]+", "\"squaredDistances\":[9223372036854775807"),
      ]
      : [
        ("\"frechetDistance\":[-0-9.e]+", "\"frechetDistance\":123"),
        ("\"squaredRadii\":\\[[^\\]]+\\]", "\"squaredRadii\":[]"),
        ("\"brightness\":[0-9.]+", "\"brightness\":0.9"),
        ("\"k\":5", "\"k\":0"),
      ]
    for (pattern, replacement) in changes {
      let changed = text.replacingOccurrences(of: pattern, with: replacement, options: .regularExpression)
      try #require(changed != text, "\(pattern)")
      try AtomicFile.write(changed, to: path)
      try expectAnew("its content is not what was put there")
    }
    // Without its seal, as older versions wrote it.
    let unsealed = text.replacingOccurrences(
      of: "\"sha256\":\"[0-9a-f]{64}\",?", with: "", options: .regularExpression)
    try #require(unsealed != text)
    try AtomicFile.write(unsealed, to: path)
    try expectAnew("older version")
  }

  @Test(arguments: kinds) func whatIsKnownOfOtherImagesIsMadeAnew(_ kind: String) throws {
    _ = try bench.eval("score images.npy --data data --limit 15 --cache other")
    try AtomicFile.write(try AtomicFile.read(try path(kind, in: "other")), to: try path(kind))
    try expectAnew("test 15")
  }

  /// The order of a file's fields, and its white space, are nobody's business.
  @Test(arguments: kinds) func anotherWritingOfTheSameIsUsed(_ kind: String) throws {
    let path = try path(kind)
    let text = String(decoding: try AtomicFile.read(path), as: UTF8.self)
    try AtomicFile.write(text.replacingOccurrences(of: ",\"", with: " ,\n \""), to: path)
    let outcome = try bench.eval(Self.command)
    #expect(outcome.output == expected && outcome.messages.isEmpty, "\(outcome.errors)")
  }

  @Test func whatIsNoFileIsPassedBy() throws {
    let path = try path("neighbors")
    unlink(path)
    try AtomicFile.createFolder(path)
    let outcome = try bench.eval(Self.command)
    #expect(outcome.status == 0 && outcome.output == expected)
    #expect(outcome.errors.contains("it is made anew"), "\(outcome.errors)")
    rmdir(path)
    try #require(mkfifo(path, 0o600) == 0)
    #expect(try bench.eval(Self.command).output == expected)
  }
}
