import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// Which files of a folder are a data set.
struct DatasetFilesTests {
  /// Writes six images a split, 2×3, with `labels` in turn, under `names`: train images, train labels, test
  /// images, test labels.
  private func write(
    _ folder: String, _ names: [String], labels: [UInt8] = [0, 1, 2], type: UInt8 = 8
  ) throws {
    for (index, name) in names.enumerated() {
      let content =
        index % 2 == 0
        ? idx([6, 2, 3], (0..<36).map { UInt8($0) })
        : idx([6], (0..<6).map { labels[$0 % labels.count] }, type: type)
      try AtomicFile.write(name.hasSuffix(".gz") ? gzip(content) : Data(content), to: "\(folder)/\(name)")
    }
  }

  private static let standard = DatasetFile.allCases.map(\.rawValue)

  static let spellings: [(names: [String], set: String?)] = [
    (standard, nil),
    (
      [
        "train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte",
        "t10k-labels.idx1-ubyte",
      ], nil
    ),
    (
      [
        "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "test-images-idx3-ubyte",
        "test-labels-idx1-ubyte",
      ], nil
    ),
    (
      [
        "emnist-letters-train-images-idx3-ubyte.gz", "emnist-letters-train-labels-idx1-ubyte.gz",
        "emnist-letters-test-images-idx3-ubyte", "emnist-letters-test-labels-idx1-ubyte",
      ], "emnist-letters"
    ),
    (
      [
        "qmnist-train-images-idx3-ubyte", "qmnist-train-labels-idx2-int", "qmnist-test-images-idx3-ubyte",
        "qmnist-test-labels-idx2-int.gz",
      ], "qmnist"
    ),
    (standard.map { "raw/\($0)" }, nil), (standard.map { "FashionMNIST/raw/\($0)" }, "fashion-mnist"),
    (standard.map { "MNIST/raw/\($0).gz" }, "mnist"),
  ]

  @Test(arguments: spellings.indices)
  func filesAreFoundUnderTheirNames(index: Int) throws {
    let (names, set) = Self.spellings[index]
    try withTemporaryFolder { folder in
      try write(folder, names)
      let files = try DatasetFiles(at: folder, remedy: "")
      #expect(files.splits == [.train, .test])
      #expect(files.name == set)
      for split in Split.allCases {
        #expect(try Dataset(name: "mine").load(split, from: files).labels == [0, 1, 2, 0, 1, 2])
      }
    }
  }

  @Test func oneSplitIsEnough() throws {
    try withTemporaryFolder { folder in
      try write(folder, Self.standard)
      for name in Self.standard.prefix(2) { try FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
      let files = try DatasetFiles(at: folder, remedy: "")
      #expect(files.splits == [.test])
      #expect(try Dataset(name: "mine").load(.test, from: files).count == 6)
      #expect(failure { _ = try Dataset(name: "mine").load(.train, from: files) }?.exitCode == 66)
    }
  }

  @Test func ofSeveralSetsOneMustBeNamed() throws {
    try withTemporaryFolder { folder in
      for part in ["balanced", "letters"] {
        try write(
          folder,
          ["train-images-idx3", "train-labels-idx1", "test-images-idx3", "test-labels-idx1"].map {
            "emnist-\(part)-\($0)-ubyte"
          })
      }
      let error = failure { _ = try DatasetFiles(at: folder, remedy: "") }
      #expect(error?.exitCode == 65)
      #expect(error?.description.contains("found emnist-balanced, emnist-letters") == true)
      #expect(try DatasetFiles(at: folder, set: "emnist-letters", remedy: "").name == "emnist-letters")
      #expect(try DatasetFiles(at: folder, set: "EMNIST Letters", remedy: "").name == "emnist-letters")
    }
    try withTemporaryFolder { folder in
      try write(folder, Self.standard.map { "MNIST/raw/\($0)" })
      try write(folder, Self.standard.map { "FashionMNIST/raw/\($0)" })
      #expect(failure { _ = try DatasetFiles(at: folder, remedy: "") }?.exitCode == 65)
      #expect(try DatasetFiles(at: folder, set: "mnist", remedy: "").path == "\(folder)/MNIST/raw")
    }
    try withTemporaryFolder { folder in
      try write(folder, Self.standard + ["train-images.idx3-ubyte"])
      let error = failure { _ = try DatasetFiles(at: folder, remedy: "") }
      #expect(error?.description.contains("train-images.idx3-ubyte") == true)
    }
  }

  /// Kaggle's Fashion-MNIST has both forms in one folder.
  @Test func oneSetInTwoFormsIsOne() throws {
    try withTemporaryFolder { folder in
      try write(folder, Self.standard)
      try AtomicFile.write("1,1,2,3,4\n", to: "\(folder)/fashion-mnist_train.csv")
      let files = try DatasetFiles(at: folder, remedy: "")
      #expect(files.name == "fashion-mnist")
      #expect(try Dataset(name: "mine").load(.train, from: files).count == 6)
      try AtomicFile.write("1,1,2,3,4\n", to: "\(folder)/mnist_train.csv")
      #expect(failure { _ = try DatasetFiles(at: folder, remedy: "") }?.exitCode == 65)
    }
  }

  @Test func archivesOfKerasAreRead() throws {
    try withTemporaryFolder { folder in
      let pixels = (0..<8).map { UInt8($0) }
      try NPZ.write(
        [
          "x_train": NPY.data(pixels, shape: [2, 2, 2]), "y_train": NPY.data([UInt8(3), 1], shape: [2]),
          "x_test": NPY.data(pixels, shape: [2, 2, 2, 1]), "y_test": NPY.data([9, 0], shape: [2, 1]),
        ], to: "\(folder)/fashion_mnist.npz")
      for path in [folder, "\(folder)/fashion_mnist.npz"] {
        let files = try DatasetFiles(at: path, remedy: "")
        #expect(files.name == "fashion-mnist" && files.splits == [.train, .test])
        let train = try DatasetCatalog.fashionMNIST.load(.train, from: files)
        #expect(train.labels == [3, 1] && train.pixels == pixels && train.shape == [2, 2, 2, 1])
        #expect(try DatasetCatalog.fashionMNIST.load(.test, from: files).labels == [9, 0])
      }
      for (name, arrays) in [
        ("shape", ["x_test": NPY.data(pixels, shape: [8]), "y_test": NPY.data([9, 0], shape: [2])]),
        ("count", ["x_test": NPY.data(pixels, shape: [2, 2, 2]), "y_test": NPY.data([9], shape: [1])]),
        (
          "type",
          [
            "x_test": NPY.data([Float](repeating: 0, count: 8), shape: [2, 2, 2]),
            "y_test": NPY.data([9], shape: [1]),
          ]
        ),
        (
          "label", ["x_test": NPY.data(pixels, shape: [2, 2, 2]), "y_test": NPY.data([9, 256], shape: [2])]
        ),
        ("lack", ["x_test": NPY.data(pixels, shape: [2, 2, 2]), "z": NPY.data([9], shape: [1])]),
        ("others", ["a": NPY.data(pixels, shape: [8]), "b": NPY.data([9], shape: [1])]),
      ] {
        let path = "\(folder)/bad/\(name).npz"
        try AtomicFile.createFolder("\(folder)/bad")
        let (first, second) = (arrays.sorted { $0.key < $1.key }[0], arrays.sorted { $0.key < $1.key }[1])
        try NPZ.write([first.key: first.value, second.key: second.value], to: path)
        let error = failure { _ = try Dataset(name: "mine").load(.test, from: path) }
        #expect(
          error?.exitCode == 65 && error?.path.hasPrefix(path) == true,
          "\(name): \(String(describing: error))")
      }
    }
  }

  // MARK: - Labels

  @Test func labelsAreNumberedAsFarAsTheyGo() throws {
    func load(_ labels: [UInt8], _ dataset: Dataset = Dataset(name: "mine")) throws -> LabeledImages {
      try withTemporaryFolder { folder in
        try write(folder, Self.standard, labels: labels)
        return try dataset.load(.test, from: folder)
      }
    }
    #expect(try load([0, 46]).labelNames.count == 47)
    let letters = try load([1, 26])
    #expect(letters.labelNames.first == "1" && letters.labelNames.count == 26 && letters.labels[1] == 25)
    #expect(try load([0, 1]).labelNames.count == 10)
    let named = Dataset(name: "mine").with(
      try LabelNames(Data("a\nb\nc\n".utf8), path: "n"), isTransposed: false)
    #expect(try load([0, 2], named).labels.prefix(2) == [0, 2])
    #expect(try load([1, 3], named).labels.prefix(2) == [0, 2])
    #expect(
      failure { _ = try load([0, 3], named) }?.description.contains("labels from 0 to 2, found 3") == true)
    #expect(
      failure { _ = try load([1, 27], DatasetCatalog.emnist[4]) }?.description.contains("1 to 26") == true)
  }

  @Test func whatTheFilesSayOfTheSet() throws {
    try withTemporaryFolder { folder in
      try write(folder, Self.standard, labels: [0, 200])
      let assumed = DatasetCatalog.fashionMNIST
      #expect(
        try DatasetFiles(at: folder, remedy: "").dataset(assumed: assumed) == assumed, "a damaged label")
      try write(folder, Self.standard, labels: [0, 10, 20, 30])
      let other = try DatasetFiles(at: folder, remedy: "").dataset(assumed: assumed)
      #expect(other.isNumbered && folder.hasSuffix(other.name))
    }
  }

  @Test func transposedImagesAreTurned() throws {
    try withTemporaryFolder { folder in
      try write(folder, Self.standard)
      let plain = try Dataset(name: "mine").load(.test, from: folder)
      let turned = try Dataset(name: "mine", isTransposed: true).load(.test, from: folder)
      #expect(turned.shape == [6, 3, 2, 1])
      #expect(Array(turned.image(at: 1)) == [6, 9, 7, 10, 8, 11])
      #expect(turned.sha256 != plain.sha256, "another set")
    }
  }
}
