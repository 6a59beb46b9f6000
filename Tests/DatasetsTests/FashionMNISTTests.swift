import Datasets
import Files
import Foundation
import Testing

/// The real data, where Debian's package `dataset-fashion-mnist` is installed.
struct FashionMNISTTests {
  private static let folder = "/usr/share/datasets/fashion-mnist"
  private static let isInstalled = DatasetFile.allCases.allSatisfy { $0.path(in: folder) != nil }

  @Test(.enabled(if: isInstalled), arguments: [(Split.train, 60_000), (.test, 10_000)])
  func isWhatItsAuthorsDescribe(split: Split, count: Int) throws {
    let images = try DatasetCatalog.fashionMNIST.load(split, from: Self.folder)
    #expect(images.shape == [count, 28, 28, 1])
    #expect(images.countPerLabel == [Int](repeating: count / 10, count: 10))
    #expect(images.isVerified)
    // The first training image is the ankle boot of the README; the first of the test split is one, too.
    #expect(images.labelNames[Int(images.labels[0])] == "Ankle boot")
    // The mean that is published for normalising the training images is 0.2860.
    let mean = images.pixels.reduce(0.0) { $0 + Double($1) } / Double(images.pixels.count) / 255
    #expect(abs(mean - 0.2860) < (split == .train ? 0.00005 : 0.005))
  }
}
