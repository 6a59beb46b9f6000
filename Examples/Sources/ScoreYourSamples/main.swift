// Images of one's own, scored beside real ones: test images as they are, and at half the resolution.

import Autograd
import Datasets
import Eval
import Experiments
import Network

try Computer.prepare()
let (train, test) = (try DataSource().load(.train).prefix(2000), try DataSource().load(.test).prefix(1000))

// `[N, 28, 28, 1]` with pixels in [0, 1], from wherever. `Score.of` takes bytes too, as `SampleImages`.
let own = test.at(Array(500..<1000))
let sharp = own.tensor(Array(0..<own.count))
let coarse = (sharp.blockSum(factor: 2) * 0.25).upsampledNearest(factor: 2)

// Real images that are not among those; a distance to oneself says nothing.
let heldOut = test.prefix(500)
// One judge is quick. Without the argument three look, of which not all are fooled by the same images.
let judges = try ReferenceJudges.all(["conv"], for: heldOut)

func rounded(_ number: Double?) -> Double { ((number ?? .nan) * 1000).rounded() / 1000 }

var scores: [ScoreResult] = []
for (name, images) in [("sharp", sharp), ("coarse", coarse)] {
  let score = try Score.of(
    images: images, labels: own.labels.map(Int.init), heldOut: heldOut, training: train, judges: judges,
    source: name)
  scores.append(score)

  print("\(score.source), \(score.count) images")
  if let accuracy = score.labelAccuracy?["conv"] {
    let interval = accuracy.interval.map { "\(rounded($0))" }.joined(separator: " to ")
    print("  \(rounded(accuracy.value)) of them show their label (95 %: \(interval))")
  }
  if let distance = score.judges["conv"]?[.frechetDistance] {
    print("  Fréchet distance \(rounded(distance.value)) ± \(rounded(distance.standardError)),")
    print("  of real images \(rounded(distance.floor)), of noise \(rounded(distance.ceiling))")
  }
  if score.verdicts.isEmpty { print("  nothing found amiss") }
  for verdict in score.verdicts { print("  \(verdict.name.rawValue): \(verdict.detail)") }
}

precondition(scores[0].verdicts.isEmpty, "something is found amiss in real images")
precondition(
  scores[1].verdicts.contains { $0.name == .unlikeTheReal }, "nobody sees that the pixels are coarse")
