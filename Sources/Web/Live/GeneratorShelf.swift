import Experiments
import Files
import FoundationEssentials
import Generators
import Glibc

/// The generators that were asked for last, with their weights in memory: ten at most, for which 1 GiB is
/// enough.
///
/// A file that was replaced is read anew; one that is gone is refused, whatever is in memory.
struct GeneratorShelf {
  private struct Kept {
    let name: String
    let stamp: Stamp
    let generator: Generator
  }

  /// What tells two states of a file apart.
  private struct Stamp: Equatable {
    let node, size, seconds, nanoseconds: Int

    /// nil where there is no file.
    init?(_ path: String) {
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
      node = Int(status.st_ino)
      size = Int(status.st_size)
      (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }
  }

  static let most = 10
  /// The last asked for last.
  private var kept: [Kept] = []

  /// - Parameters:
  ///   - name: as addresses have it.
  ///   - path: of the file.
  mutating func generator(_ name: String, at path: String) throws -> Generator {
    guard let stamp = Stamp(path) else {
      kept.removeAll { $0.name == name }
      throw LiveRefusal.gone(name, "its file is not there any more")
    }
    if let index = kept.firstIndex(where: { $0.name == name && $0.stamp == stamp }) {
      let found = kept.remove(at: index)
      kept.append(found)
      return found.generator
    }
    kept.removeAll { $0.name == name }
    let generator = try Generator(contentsOf: path)
    if kept.count == Self.most { kept.removeFirst() }
    kept.append(Kept(name: name, stamp: stamp, generator: generator))
    return generator
  }
}
