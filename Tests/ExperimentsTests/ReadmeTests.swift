import Adversary
import Classifier
import Datasets
import Eval
import Experiments
import Files
import Foundation
import Generators
import Kernels
import Network
import Testing

/// The README's lines of Swift are these: they compile, with public names alone.
private func readme() throws {
  // README
  let (test, train) = (try DataSource().load(.test), try DataSource().load(.train))

  // Attack a classifier of yours (any `ImageClassifier`) or of ours.
  let conv = try ReferenceWeights.classifier(.conv)
  let attacked = try FGSM().run(on: conv, test.prefix(1000), epsilons: [0.05, 0.1], region: .foreground)
  print(attacked.map { "\($0.epsilon): \($0.robustAccuracy.value)" })

  // Draw images with a generator, and judge them.
  let generator = try Generator(contentsOf: "runs/w/generator.safetensors")
  let images = generator.images(count: 1000, key: Key(seed: 1))
  let score = try Score.of(images: images, heldOut: test, training: train)
  print(score.judges["conv"]?[.frechetDistance]?.value ?? .nan, score.verdicts.map(\.detail))
  // end
}

@Suite struct ReadmeTests {
  @Test func theReadmeShowsWhatCompiles() throws {
    let own = try AtomicFile.read(#filePath)
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let readme = String(decoding: try AtomicFile.read("\(root.path)/README.md"), as: UTF8.self)
    let lines = String(decoding: own, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex(of: "  // README"))
    let end = try #require(lines.firstIndex(of: "  // end"))
    let shown = lines[(start + 1)..<end].map { $0.hasPrefix("  ") ? String($0.dropFirst(2)) : String($0) }
    #expect(readme.contains(shown.joined(separator: "\n")))
  }
}
