import Files
import FoundationEssentials

/// How long a training has taken, in all its sittings: seconds in a file beside its state, and not in it, so
/// that the states of equal trainings are equal bytes.
///
/// Work that a kill has undone does not count; it counts where it is done again.
struct TrainingTime {
  /// In the sittings before this one, up to the last state that each has written.
  private let before: Double
  private let start = ContinuousClock.now

  static let fileName = "training-seconds.txt"

  /// Of a training that begins.
  init() { before = 0 }

  /// Of the training in `folder`, whose next sitting begins; from nothing where an older version wrote no
  /// time.
  ///
  /// - Throws: `FileError` for a file that holds something else.
  init(of folder: String) throws(FileError) {
    let path = "\(folder)/\(Self.fileName)"
    guard FileManager.default.fileExists(atPath: path) else {
      before = 0
      return
    }
    let text = String(decoding: try AtomicFile.read(path), as: UTF8.self)
    guard text.hasSuffix("\n"), let seconds = Double(text.dropLast()), seconds.isFinite, seconds >= 0 else {
      throw .malformed(
        path: path, expected: "a number of seconds; remove the file to count anew",
        found: text.quoted)
    }
    before = seconds
  }

  /// Until now.
  var seconds: Double { before + (ContinuousClock.now - start) / .seconds(1) }

  /// Writes the time until now.
  func write(to folder: String) throws(FileError) {
    try AtomicFile.write("\(Text.fixed(seconds, 3))\n", to: "\(folder)/\(Self.fileName)")
  }
}
