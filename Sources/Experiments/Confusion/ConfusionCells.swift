import Datasets
import Eval
import Files

/// `assay/confusion-cells/1`: some of the images in each cell of a confusion matrix, so that somebody can
/// look at what was taken for what.
///
/// The images themselves are in a picture beside it: a row a cell, in the order of ``cells``, as they are in
/// the data set, also where an attack changed them before they were classified.
public struct ConfusionCells: Codable, Equatable, Sendable {
  /// One cell that has images.
  public struct Cell: Codable, Equatable, Sendable {
    /// Row and column of the matrix.
    public let label, prediction: Int
    /// The first of its images, as positions in the data set.
    public let images: [Int]
  }

  package static let schema = "assay/confusion-cells/1"
  /// Images of a cell at most.
  package static let mostImages = 12

  /// The format of the file and its version.
  public private(set) var schema = Self.schema
  /// The classifier of the matrix, and SHA-256 of its file.
  public let classifier, weightsSha256: String
  /// The names of the rows and columns of the matrix.
  public let labels: [String]
  /// Of one image, in pixels.
  public let height, width: Int
  /// Mistakes before hits, row by row, without those that have no images.
  public let cells: [Cell]

  /// - Parameters:
  ///   - predictions: `[N]`, one an image.
  ///   - groups: labels that are joined in the matrix.
  init(
    _ images: LabeledImages, predictions: [Int], matrix: ConfusionMatrix, groups: [[Int]],
    of result: ConfusionResult
  ) {
    let classes = ConfusionMatrix.classes(images.labelNames.count, merging: groups)
    var row = [Int](repeating: 0, count: images.labelNames.count)
    for (index, members) in classes.enumerated() { for label in members { row[label] = index } }
    var found = [[[Int]]](
      repeating: [[Int]](repeating: [], count: classes.count), count: classes.count)
    for (index, prediction) in predictions.enumerated() {
      let (truth, taken) = (row[Int(images.labels[index])], row[prediction])
      if found[truth][taken].count < Self.mostImages { found[truth][taken].append(index) }
    }
    (classifier, weightsSha256) = (result.classifier, result.weightsSha256)
    labels = matrix.labels
    (height, width) = (images.height, images.width)
    let all = found.enumerated().flatMap { label, row in
      row.enumerated().compactMap { $1.isEmpty ? nil : Cell(label: label, prediction: $0, images: $1) }
    }
    // Mistakes first, as many as one picture holds.
    let room =
      max(height, width) <= Self.largestSide ? Self.mostPixels / (Self.mostImages * height * width) : 0
    let isHit = { (cell: Cell) in cell.label == cell.prediction }
    cells = Array((all.filter { !isHit($0) } + all.filter(isHit)).prefix(room))
  }

  private static let mostPixels = 16 << 20
  private static let largestSide = 1024

  /// Whether these are images of that matrix.
  package func isOf(_ result: ConfusionResult) -> Bool {
    (classifier, weightsSha256, labels) == (result.classifier, result.weightsSha256, result.labels)
  }
}

extension ConfusionCells: StoredResult {
  package func check(_ require: FieldCheck) throws(FileError) {
    try require(
      (1...Self.largestSide).contains(height) && (1...Self.largestSide).contains(width), "height",
      "of a small image", found: height)
    for (index, cell) in cells.enumerated() {
      try require(
        labels.indices.contains(cell.label) && labels.indices.contains(cell.prediction)
          && (1...Self.mostImages).contains(cell.images.count), "cells[\(index)]",
        "of labels of the matrix, with 1 to \(Self.mostImages) images", found: cell.images.count)
    }
  }
}
