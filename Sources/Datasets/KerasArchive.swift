import Files

/// The data sets of Keras: an `.npz` archive of `x_train`, `y_train`, `x_test` and `y_test`; also those of
/// MedMNIST, which calls them `train_images`, `train_labels` and so on.
///
/// Images are bytes in any form of ``ImageForm``, labels numbers, truth values or one-hot.
struct KerasArchive {
  private let archive: NPZArchive
  private var names: [Split: (images: String, labels: String)] = [:]

  /// - Throws: what ``NPZArchive`` throws; says nothing about what is in it.
  init(_ path: String) throws(FileError) {
    archive = try NPZArchive(path)
    for split in Split.allCases {
      let found = [
        ("x_\(split.rawValue)", "y_\(split.rawValue)"),
        ("\(split.rawValue)_images", "\(split.rawValue)_labels"),
      ].first { archive.names.contains($0.0) || archive.names.contains($0.1) }
      names[split] = found.map { (images: $0.0, labels: $0.1) }
    }
  }

  /// Those with at least one of its arrays.
  var splits: [Split] { Split.allCases.filter { names[$0] != nil } }

  /// The labels alone.
  func labels(_ split: Split, imageCount: Int? = nil) throws(FileError) -> [UInt8] {
    let array = try LabelArray(names[split]?.labels ?? "y_\(split.rawValue)", in: archive)
    let labels = try array.labels(imageCount: imageCount, labelCount: nil)
    return labels.map { UInt8($0) }
  }

  func images(_ split: Split) throws(FileError) -> StoredSplit {
    let array = try archive.array(names[split]?.images ?? "x_\(split.rawValue)")
    let form = try ImageForm(of: array)
    guard array.element == .uint8 else {
      throw .malformed(
        path: array.path, expected: "pixels of uint8, from 0 to 255", found: "\(array.element)")
    }
    let labels = try labels(split, imageCount: array.shape[0])
    return StoredSplit(
      height: form.height, width: form.width, channels: form.isColor ? 3 : 1,
      pixels: form.interleaved(try array.bytes()), labels: labels, labelsPath: archive.path)
  }
}
