import Experiments

/// The models of one kind that were asked for last, in memory: ten at most, for which 1 GiB is enough.
///
/// A file that was replaced is read anew; one that is gone is refused, whatever is in memory.
struct ModelShelf<Model> {
  private struct Kept {
    let name: String
    let stamp: FileStamp
    let model: Model
  }

  private let most = 10
  /// The last asked for last.
  private var kept: [Kept] = []

  /// - Parameters:
  ///   - name: as addresses have it.
  ///   - path: of the file.
  ///   - load: reads it.
  /// - Throws: ``LiveRefusal`` where the file is gone; what `load` throws.
  mutating func model(_ name: String, at path: String, load: () throws -> Model) throws -> Model {
    guard let stamp = FileStamp(path) else {
      kept.removeAll { $0.name == name }
      throw LiveRefusal.gone(name, "its file is not there any more")
    }
    if let index = kept.firstIndex(where: { $0.name == name && $0.stamp == stamp }) {
      let found = kept.remove(at: index)
      kept.append(found)
      return found.model
    }
    kept.removeAll { $0.name == name }
    let model = try load()
    if kept.count == most { kept.removeFirst() }
    kept.append(Kept(name: name, stamp: stamp, model: model))
    return model
  }
}
