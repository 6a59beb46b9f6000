import Datasets
import Files
import Foundation
import TestSupport
import Testing

struct DatasetLocatorTests {
  /// Folders `option`, `environment`, `home/.cache/assay/tiny-set` and `system/tiny-set` below `root`, those
  /// of `filled` with files.
  private func locator(
    in root: String, filled: Set<DatasetLocation.Source>, environment: [String: String] = [:]
  ) throws -> DatasetLocator {
    for source in filled { try TinySet.write(to: folder(source, in: root)) }
    return DatasetLocator(environment: environment, home: "\(root)/home", systemFolder: "\(root)/system")
  }

  private func folder(_ source: DatasetLocation.Source, in root: String) -> String {
    switch source {
    case .cache, .download: "\(root)/home/.cache/assay/tiny-set"
    case .system: "\(root)/system/tiny-set"
    case .option, .environment: "\(root)/\(source.rawValue)"
    }
  }

  @Test func orderIsOptionEnvironmentCacheSystem() throws {
    let order: [DatasetLocation.Source] = [.option, .environment, .cache, .system]
    for (index, source) in order.enumerated() {
      try withTemporaryFolder { root in
        let present = Set(order[index...])
        let environment = present.contains(.environment) ? ["TINY_SET_DIR": "\(root)/environment"] : [:]
        let locator = try locator(in: root, filled: present, environment: environment)
        let option = source == .option ? "\(root)/option" : nil
        let found = try locator.find(TinySet.dataset, in: option)
        #expect(found == DatasetLocation(folder: folder(source, in: root), source: source))
      }
    }
  }

  @Test func nowhereIsNil() throws {
    try withTemporaryFolder { root in
      let locator = try locator(in: root, filled: [])
      #expect(try locator.find(TinySet.dataset) == nil)
    }
  }

  @Test func namedFolderThatLacksAFileIsAnError() throws {
    try withTemporaryFolder { root in
      try TinySet.write(to: "\(root)/option")
      let path = "\(root)/option/t10k-labels-idx1-ubyte.gz"
      try FileManager.default.removeItem(atPath: path)
      let byOption = try locator(in: root, filled: [.cache, .system])
      let error = failure { _ = try byOption.find(TinySet.dataset, in: "\(root)/option") }
      #expect(error?.path == path)
      #expect(error?.description.contains("the path given must name") == true)

      let byVariable = try locator(in: root, filled: [], environment: ["TINY_SET_DIR": "\(root)/option"])
      let other = failure { _ = try byVariable.find(TinySet.dataset) }
      #expect(other?.path == path)
      #expect(other?.description.contains("$TINY_SET_DIR") == true)
    }
  }

  @Test func emptyVariableIsNotSet() throws {
    try withTemporaryFolder { root in
      let locator = try locator(in: root, filled: [.system], environment: ["TINY_SET_DIR": ""])
      #expect(try locator.find(TinySet.dataset)?.source == .system)
    }
  }

  @Test func incompleteCacheIsPassedOver() throws {
    try withTemporaryFolder { root in
      let locator = try locator(in: root, filled: [.cache, .system])
      try FileManager.default.removeItem(
        atPath: folder(.cache, in: root) + "/train-images-idx3-ubyte.gz")
      #expect(try locator.find(TinySet.dataset)?.source == .system)
    }
  }

  @Test func cacheFollowsTheXDGVariable() {
    func cache(_ environment: [String: String]) -> String {
      DatasetLocator(environment: environment, home: "/home/u").cacheFolder(for: DatasetCatalog.fashionMNIST)
    }
    #expect(cache([:]) == "/home/u/.cache/assay/fashion-mnist")
    #expect(cache(["XDG_CACHE_HOME": "/c"]) == "/c/assay/fashion-mnist")
    #expect(cache(["XDG_CACHE_HOME": "relative"]) == "/home/u/.cache/assay/fashion-mnist")
  }

  @Test func variableOfFashionMNIST() {
    #expect(DatasetLocator.variable(for: DatasetCatalog.fashionMNIST) == "FASHION_MNIST_DIR")
  }

  @Test func downloadsIntoTheCacheWhatIsNowhere() throws {
    try withTemporaryFolder { root in
      let locator = try locator(in: root, filled: [])
      let download = Download(transport: StubTransport(files: try TinySet.files()))
      let cache = folder(.cache, in: root)
      #expect(
        try locator.findOrDownload(TinySet.dataset, with: download)
          == DatasetLocation(folder: cache, source: .download))
      #expect(try locator.find(TinySet.dataset) == DatasetLocation(folder: cache, source: .cache))
    }
  }

  @Test func whatIsHereIsNotDownloaded() throws {
    try withTemporaryFolder { root in
      let locator = try locator(in: root, filled: [.system])
      let found = try locator.findOrDownload(
        TinySet.dataset, with: Download(transport: StubTransport(files: [:])))
      #expect(found.source == .system)
    }
  }

  @Test func nowhereAndNoNetworkIsOneSentenceWithTheRemedy() throws {
    try withTemporaryFolder { root in
      let locator = try locator(in: root, filled: [])
      let error = failure {
        _ = try locator.findOrDownload(
          TinySet.dataset, with: Download(transport: StubTransport(files: [:])))
      }
      #expect(
        error?.description
          == "tiny-set: not found; install it with `apt-get install dataset-tiny`, or name the folder of its four "
          + "IDX files (the download of http://tiny.invalid/data/train-images-idx3-ubyte.gz "
          + "failed: no such file)")
    }
  }

  @Test func setWithoutAHomeIsNotDownloaded() throws {
    try withTemporaryFolder { root in
      let locator = try locator(in: root, filled: [])
      let remedy = "name the folder of its four IDX files"
      #expect(throws: FileError.missing(path: "mnist", remedy: remedy)) {
        try locator.findOrDownload(DatasetCatalog.mnist)
      }
    }
  }
}
