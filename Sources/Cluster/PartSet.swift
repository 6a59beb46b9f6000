import Files
import FoundationEssentials
import Glibc

/// All parts of a piece of work, checked to be of one configuration, complete and disjoint.
///
/// Values are read when they are asked for, so the memory does not grow with the parts.
public final class PartSet {
  /// The folder of the parts.
  public let folder: String
  /// What all of them have in common.
  public let configuration: PartConfiguration
  /// How many there are.
  public let count: Int
  /// What helps where there are no parts.
  public static let remedy = "make its parts first"

  /// In the order of their numbers.
  private let parts: [(content: PartContent, path: String)]

  /// Opens the parts in a folder.
  ///
  /// - Parameters:
  ///   - folder: of the parts, and whatever else.
  ///   - remedy: what makes a part that is missing, for the error.
  /// - Throws: `FileError.missing` for a folder without parts, and for a part that is missing;
  ///   `FileError.malformed` for parts of another configuration or number, for one that is not complete, and
  ///   for a file that is another part than its name says.
  public init(_ folder: String, remedy: (PartConfiguration, Shard) -> String) throws(FileError) {
    self.folder = folder
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    var found: [(content: PartContent, path: String)] = []
    for name in names where name.hasPrefix("part-") && name.hasSuffix(".assay") {
      let path = "\(folder)/\(name)"
      let content = try Self.reading(path) { descriptor throws(FileError) in
        try PartContent(descriptor, path: path)
      }
      found.append((content, path))
    }
    guard let first = found.first?.content.header else {
      throw names.first { $0.hasPrefix("part-") && $0.hasSuffix(".assay\(PartWriter.unfinished)") }.map {
        name in
        .missing(
          path: "\(folder)/\(name.dropLast(PartWriter.unfinished.count))",
          remedy: "\(name) is unfinished, and the command that began it goes on with it")
      } ?? .missing(path: "\(folder)/part-1-of-….assay", remedy: Self.remedy)
    }
    (configuration, count) = (first.configuration, first.count)
    var places: [Int: Int] = [:]
    for (place, (content, path)) in found.enumerated() {
      let header = content.header
      guard header.count == count else {
        throw .malformed(path: path, expected: "one of \(count) parts", found: "one of \(header.count)")
      }
      if let (expected, other) = configuration.difference(to: header.configuration) {
        throw .malformed(
          path: path, expected: "a part of the same work as \(found[0].path): \(expected)", found: other)
      }
      if let other = places.updateValue(place, forKey: header.index) {
        throw .malformed(
          path: path, expected: "a part of its own",
          found: "part \(header.index), which \(found[other].path) is")
      }
      guard content.isComplete else {
        throw .malformed(
          path: path, expected: "a complete part", found: "one that ends after \(content.values.count) pieces"
        )
      }
    }
    var ordered: [(content: PartContent, path: String)] = []
    for index in 1...count {
      guard let place = places[index] else {
        guard let shard = Shard(index, of: count) else { continue }
        throw .missing(path: "\(folder)/\(PartWriter.name(shard))", remedy: remedy(configuration, shard))
      }
      ordered.append(found[place])
    }
    parts = ordered
  }

  /// Opens a part for as long as `body` takes: there may be more parts than a process may hold open.
  private static func reading<Value>(
    _ path: String, _ body: (Int32) throws(FileError) -> Value
  ) throws(FileError) -> Value {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    return try body(descriptor)
  }

  func check(inputs: [String: String]) throws(FileError) {
    var own = configuration
    own.inputs = inputs
    guard let (expected, found) = configuration.difference(to: own) else { return }
    throw .malformed(path: folder, expected: "what the parts were made of: \(expected)", found: found)
  }

  /// The value of a piece.
  func value<Value: Decodable>(_ place: PartRecord.Place, _ title: String) throws(FileError) -> Value {
    let part = parts[Shard.owner(of: place, among: count) - 1]
    guard let value = part.content.values[place], value.record.title == title else {
      throw .malformed(
        path: part.path, expected: "piece \(place.piece) of \(title)",
        found: part.content.values[place]?.record.title ?? "none")
    }
    return try Self.reading(part.path) { descriptor throws(FileError) in
      try value.decoded(from: descriptor, path: part.path)
    }
  }
}
