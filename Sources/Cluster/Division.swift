import Files
import FoundationEssentials

/// Who does which pieces of an experiment: one process all of them, or several processes a part each.
///
/// An experiment is a sequence of tasks, each a map over many items (images, say), and a conclusion from all
/// of their values. A task is cut into pieces of a fixed size, whatever the number of parts. Then
///
/// | division | a piece of its own | of another part | the conclusion |
/// |---|---|---|---|
/// | ``alone`` | is computed | | is drawn |
/// | a part (a `PartWriter`) | is computed, and written to a file | nil | ``endPart()`` throws before it |
/// | merged (a `PartSet`) | is read | is read | is drawn |
///
/// so that the conclusion is one piece of code, and its bytes are those of one process wherever the values of
/// an item depend on the item alone. The tasks of an experiment may not depend on the values of former ones.
public final class Division {
  private enum Role {
    case alone
    case part(PartWriter)
    case merged(PartSet)
  }

  private let role: Role
  private var tasks = 0

  private init(_ role: Role) { self.role = role }

  /// One process that does everything, and writes no parts.
  public static var alone: Division { Division(.alone) }

  /// One part, whose values `writer` keeps.
  public convenience init(_ writer: PartWriter) { self.init(.part(writer)) }

  /// All parts, as they were written.
  public convenience init(_ parts: PartSet) { self.init(.merged(parts)) }

  /// Whether one process does everything.
  public var isAlone: Bool { if case .alone = role { true } else { false } }

  /// Whether this is one part of several: there is no conclusion to draw.
  public var isPart: Bool { if case .part = role { true } else { false } }

  /// Says what the work is on, before the first task: what all parts must have in common.
  ///
  /// - Parameters:
  ///   - inputs: what the values follow from beside the arguments, such as the digests of files, by name.
  ///   - items: how many there are; no more parts than that make sense.
  ///   - unit: what they are, such as `images`.
  /// - Throws: `FileError` where a part's file cannot be written, or where parts are of other inputs.
  public func begin(inputs: [String: String], items: Int, unit: String) throws(FileError) {
    switch role {
    case .alone: break
    case .part(let writer): try writer.begin(inputs: inputs, items: items, unit: unit)
    case .merged(let parts): try parts.check(inputs: inputs)
    }
  }

  /// The values of a task, one a piece, in their order; nil for a piece of another part.
  ///
  /// - Parameters:
  ///   - task: what it is called.
  ///   - count: its items.
  ///   - size: items in a piece. A single process takes all of them at once.
  ///   - reuses: whether a part takes values that a former run has written; else it computes them anew.
  ///   - fits: whether a value that was read can be that of these items.
  ///   - value: of some of the items, which may depend on these alone.
  /// - Throws: what `value` throws; `FileError` for parts that cannot be written or read.
  public func pieces<Value: Codable>(
    _ task: String, count: Int, size: Int, reuses: Bool = true,
    fits: (Value, Range<Int>) -> Bool = { _, _ in true }, _ value: (Range<Int>) throws -> Value
  ) throws -> [Value?] {
    precondition(size >= 1, "Division: pieces of \(size) items")
    let number = tasks
    tasks += 1
    if case .alone = role { return count == 0 ? [] : [try value(0..<count)] }
    return try stride(from: 0, to: count, by: size).enumerated().map { piece, start in
      let range = start..<min(count, start + size)
      let place = PartRecord.Place(task: number, piece: piece)
      switch role {
      case .alone: return nil
      case .part(let writer):
        guard writer.shard.owns(place) else { return nil }
        if reuses, let known: Value = try writer.value(place, task), fits(known, range) { return known }
        let found = try value(range)
        try writer.add(found, place, task)
        return found
      case .merged(let parts):
        let found: Value = try parts.value(place, task)
        guard fits(found, range) else {
          throw FileError.malformed(
            path: parts.folder, expected: "values of \(range.count) items in piece \(piece) of \(task)",
            found: "others")
        }
        return found
      }
    }
  }

  /// The same of a task with a value for each item; `missing` stands for those of other parts.
  ///
  /// - Parameters:
  ///   - task: what it is called.
  ///   - count: its items.
  ///   - size: items in a piece.
  ///   - missing: the value of an item of another part.
  ///   - fits: whether a value that was read can be that of an item.
  ///   - values: of some of the items, as many as these.
  public func map<Value: Codable>(
    _ task: String, count: Int, size: Int, missing: Value, fits: (Value) -> Bool = { _ in true },
    _ values: (Range<Int>) throws -> [Value]
  ) throws -> [Value] {
    let pieces = try pieces(
      task, count: count, size: size, fits: { $0.count == $1.count && $0.allSatisfy(fits) }, values)
    return pieces.enumerated().flatMap { piece, found in
      found ?? [Value](repeating: missing, count: min(size, count - piece * size))
    }
  }

  /// Ends a part behind its last task; nothing else happens.
  ///
  /// - Throws: ``PartDone`` of a part, which has no conclusion to draw; `FileError` where its file cannot be
  ///   written.
  public func endPart() throws {
    guard case .part(let writer) = role else { return }
    throw try writer.end()
  }
}

/// Thrown where a part of the work is done: its values are in a file, and the rest is for whoever merges.
public struct PartDone: Error, Sendable {
  /// The file.
  public let path: String
  /// Which part it is.
  public let shard: Shard
  /// The pieces in it, and how many of them were there from a former run.
  public let pieces, known: Int
}
