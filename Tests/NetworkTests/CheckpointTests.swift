import Autograd
import Files
import Kernels
import Network
import Testing

/// Parameters to and from files: names, and what happens where a file does not fit.
@Suite struct CheckpointTests {
  private static func network(seed: UInt64) -> Sequential {
    Sequential([
      "dense": Dense(inputs: 2, outputs: 3, key: Key(seed: seed)),
      "norm": BatchNormalization(channels: 3),
    ])
  }

  private static let names = [
    "dense.bias", "dense.weight", "norm.offset", "norm.runningMean", "norm.runningVariance", "norm.scale",
  ]

  @Test(arguments: ["", "network.", "generator."])
  func whatIsStoredIsLoaded(prefix: String) throws {
    let source = Self.network(seed: 1)
    _ = source(.uniform([4, 2], key: Key(seed: 3)), .training(Key(seed: 4)))
    let file = Safetensors(entries: source.entries(prefix: prefix))
    #expect(file.entries.keys.sorted() == Self.names.map { prefix + $0 })
    let target = Self.network(seed: 2)
    #expect(target.weights != source.weights)
    try target.load(try Safetensors(file.encoded(), path: "file"), path: "file", prefix: prefix)
    #expect(target.weights == source.weights)
  }

  @Test func otherEntriesAreLeftAlone() throws {
    var file = Safetensors(entries: Self.network(seed: 1).entries())
    file.entries["optimizer.mean.0"] = .init(shape: [1], values: [7])
    try Self.network(seed: 2).load(file, path: "file")
  }

  @Test(arguments: names)
  func aMissingTensorChangesNothing(name: String) throws {
    var file = Safetensors(entries: Self.network(seed: 1).entries())
    let removed = file.entries.removeValue(forKey: name)
    let shape = try #require(removed).shape
    try expectRefusal(
      of: file,
      .malformed(
        path: "weights", expected: "a tensor \(name) of shape \(shape)",
        found: "only \(Self.names.filter { $0 != name }.joined(separator: ", "))"))
  }

  @Test(arguments: names)
  func aTensorOfAnotherShapeChangesNothing(name: String) throws {
    var file = Safetensors(entries: Self.network(seed: 1).entries())
    let old = try #require(file.entries[name])
    let shape = old.shape + [1]
    file.entries[name] = .init(shape: shape, values: old.values)
    try expectRefusal(
      of: file,
      .malformed(path: "weights", expected: "\(name) of shape \(old.shape)", found: "shape \(shape)"))
  }

  private func expectRefusal(
    of file: Safetensors, _ expected: FileError, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let target = Self.network(seed: 2)
    let before = target.weights
    #expect(throws: expected, sourceLocation: sourceLocation) { try target.load(file, path: "weights") }
    #expect(target.weights == before, sourceLocation: sourceLocation)
  }
}
