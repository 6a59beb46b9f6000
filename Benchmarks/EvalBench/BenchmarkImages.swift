// The images that the cases work on: Fashion-MNIST, read when the first case asks for it.
//
// Downloads nothing: a benchmark must not depend on the network.

import Datasets
import Files

final class BenchmarkImages {
  private let folder: String?
  private var loaded: [Split: LabeledImages] = [:]

  /// - Parameter folder: where the four files are; nil to search as `eval` does.
  init(folder: String?) { self.folder = folder }

  /// The 60,000 images to learn from, or the 10,000 to be judged on.
  ///
  /// - Throws: ``FileError``, also for a set of another size: its times would pass for those of the case.
  func images(_ split: Split) throws(FileError) -> LabeledImages {
    if let images = loaded[split] { return images }
    let dataset = DatasetCatalog.fashionMNIST
    guard let location = try DatasetLocator().find(dataset, in: folder) else {
      let install = dataset.debianPackage.map { "install it with `apt-get install \($0)`, or " } ?? ""
      throw .missing(
        path: dataset.name, remedy: "\(install)pass the folder of its four IDX files with --data DIR")
    }
    let images = try dataset.load(split, from: location.folder)
    let expected = [split == .train ? 60_000 : 10_000, 28, 28, 1]
    guard images.shape == expected else {
      throw .malformed(
        path: location.folder, expected: "\(split.rawValue) images \(expected)", found: "\(images.shape)")
    }
    loaded[split] = images
    return images
  }
}
