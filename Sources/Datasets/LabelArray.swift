import Files

/// The labels in an array of whatever form people save them in.
///
/// | elements | shape | meaning |
/// |---|---|---|
/// | integers | `[N]` or `[N, 1]` | the label |
/// | truth values | the same | 0 and 1 |
/// | text | the same | the label's name, else its number |
/// | numbers or truth values | `[N, labels]` | one-hot: a single 1 in each row |
package struct LabelArray {
  private enum Content {
    case numbers(NPYArray)
    case truths([Bool])
    case texts([String])
  }

  package let path: String
  private let shape: [Int]
  private let content: Content

  package init(_ array: NPYArray) { (path, shape, content) = (array.path, array.shape, .numbers(array)) }

  private init(_ text: NPYText) {
    (path, shape) = (text.path, text.shape)
    content =
      switch text.elements {
      case .texts(let texts): .texts(texts)
      case .truths(let truths): .truths(truths)
      }
  }

  /// The array in the `.npy` file at `path`.
  package init(contentsOf path: String) throws(FileError) { try self.init(InputFile(path)) }

  /// The array in an open `.npy` file.
  package init(_ file: InputFile) throws(FileError) {
    let (path, data) = (file.path, try file.rest(limit: AtomicFile.largestFile))
    if let text = try NPYText(data, path: path) {
      self.init(text)
    } else {
      self.init(try NPYArray(data, path: path))
    }
  }

  /// The array called `name`.
  package init(_ name: String, in archive: NPZArchive) throws(FileError) {
    if archive.names.contains(name), let text = try NPYText(name, in: archive) {
      self.init(text)
    } else {
      self.init(try archive.array(name))
    }
  }

  /// - Parameters:
  ///   - imageCount: how many there must be, where that is known.
  ///   - labelCount: every label is below it; nil where any that is a byte will do.
  ///   - names: what they are called, for text.
  /// - Throws: ``FileError/malformed(path:expected:found:)`` with the first label that is none.
  package func labels(
    imageCount: Int?, labelCount: Int?, names: [String]? = nil
  ) throws(FileError) -> [Int] {
    let isColumn = shape.count == 1 || shape.count == 2 && shape[1] == 1
    var isOneHot =
      shape.count == 2 && shape[1] > 1 && (labelCount.map { shape[1] == $0 } ?? (shape[1] <= 256))
    if case .texts = content { isOneHot = false }
    guard isColumn || isOneHot else {
      throw .malformed(
        path: path,
        expected:
          "labels of the shape [N] or [N, 1], or one-hot [N, \(labelCount.map(String.init) ?? "labels")]",
        found: "\(shape)")
    }
    guard imageCount == nil || shape[0] == imageCount else {
      throw .malformed(
        path: path, expected: "\(imageCount ?? 0) labels, one for each image", found: "\(shape[0])")
    }
    let limit = labelCount ?? LabelNames.largestCount
    let labels: [Int] =
      switch content {
      case _ where isOneHot: try oneHot(columns: shape[1])
      case .texts(let texts): try named(texts, names ?? (0..<limit).map(String.init))
      case .truths(let truths): truths.map { $0 ? 1 : 0 }
      case .numbers(let array): try array.integers()
      }
    if let index = labels.firstIndex(where: { !(0..<limit).contains($0) }) {
      throw .malformed(
        path: path, expected: "labels from 0 to \(limit - 1)", found: "\(labels[index]) at position \(index)")
    }
    return labels
  }

  private func named(_ texts: [String], _ names: [String]) throws(FileError) -> [Int] {
    // The same few names come again and again.
    var known: [String: Int] = [:]
    var labels: [Int] = []
    for (position, text) in texts.enumerated() {
      guard let label = known[text] ?? LabelName.index(of: text, in: names) else {
        throw .malformed(
          path: path,
          expected:
            "labels called \(names.joined(separator: ", ").visible(limit: 300)) or 0 to \(names.count - 1)",
          found: "\"\(text.visible(limit: 60))\" at position \(position)")
      }
      known[text] = label
      labels.append(label)
    }
    return labels
  }

  private func oneHot(columns: Int) throws(FileError) -> [Int] {
    let values: [Double] =
      switch content {
      case .texts: []
      case .truths(let truths): truths.map { $0 ? 1 : 0 }
      case .numbers(let array) where array.element.isFloatingPoint: try array.doubles()
      case .numbers(let array): try array.integers().map { Double($0) }
      }
    var labels: [Int] = []
    for row in 0..<values.count / columns {
      let found = values[row * columns..<(row + 1) * columns]
      let ones = found.count { $0 == 1 }
      let other = found.first { $0 != 0 && $0 != 1 }
      guard ones == 1, other == nil, let place = found.firstIndex(of: 1) else {
        throw .malformed(
          path: path, expected: "one-hot labels, in each row a single 1 and else 0",
          found: "\(other.map { "the value \($0)" } ?? "\(ones) ones") in row \(row)")
      }
      labels.append(place - found.startIndex)
    }
    return labels
  }
}

extension SampleImages {
  /// The labels in an array of numbers, checked; see `LabelArray`.
  ///
  /// - Throws: `FileError.malformed(path:expected:found:)` for all but `imageCount` labels below
  ///   `labelCount`.
  public static func labels(
    _ array: NPYArray, imageCount: Int, labelCount: Int
  ) throws(FileError) -> [Int] {
    try LabelArray(array).labels(imageCount: imageCount, labelCount: labelCount)
  }
}
