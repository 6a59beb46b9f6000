import Files
import Kernels
import Network

/// What is checked of a recipe that stands in a file: whether a training can follow it at all.
extension ClassifierRecipe {
  func check(_ check: FieldCheck) throws(FileError) {
    let counts = 1...Self.largestCount
    try check(counts.contains(epochs), "recipe.epochs", "from 1 to a million", found: epochs)
    try check(counts.contains(batchSize), "recipe.batchSize", "from 1 to a million", found: batchSize)
    try check(
      learningRate.isFinite && learningRate > 0, "recipe.learningRate", "above 0", found: learningRate)
    try check(
      weightDecay.isFinite && weightDecay >= 0, "recipe.weightDecay", "of 0 or more", found: weightDecay)
    try check(
      (0..<1).contains(labelSmoothing), "recipe.labelSmoothing", "from 0 to below 1", found: labelSmoothing)
    try check(
      (0...Augmentation.largestShift).contains(augmentation.shift), "recipe.augmentation.shift",
      "from 0 to \(Augmentation.largestShift)", found: augmentation.shift)
    try check((0..<1).contains(warmup ?? 0), "recipe.warmup", "from 0 to below 1", found: warmup ?? 0)
    try check(
      (0...1).contains(augmentation.erasing ?? 0), "recipe.augmentation.erasing", "from 0 to 1",
      found: augmentation.erasing ?? 0)
    try check(
      defence?.method != .ibp || architecture.hasTrainingBounds, "recipe.defence.method",
      "another than ibp for \(architecture.rawValue)", found: "ibp")
    try check(
      defence?.method != .ibp || precision != .bfloat16, "recipe.precision", "float32 for ibp",
      found: "bfloat16")
    try check(Lanes.counts.contains(lanes ?? 1), "recipe.lanes", "1, 2, 4 or 8", found: lanes ?? 1)
    try check(
      (lanes ?? 1) == 1 || !architecture.normalizesBatches, "recipe.lanes", "1 for \(architecture.rawValue)",
      found: lanes ?? 1)
    try defence?.check(check)
  }
}

extension DefenceRecipe {
  fileprivate func check(_ check: FieldCheck) throws(FileError) {
    let name = "recipe.defence"
    try check((0...1).contains(epsilon), "\(name).epsilon", "from 0 to 1", found: epsilon)
    try check((0...1).contains(cleanShare), "\(name).cleanShare", "from 0 to 1", found: cleanShare)
    try check((0...1).contains(rampEnd), "\(name).rampEnd", "from 0 to 1", found: rampEnd)
    try check((0...rampEnd).contains(rampStart), "\(name).rampStart", "from 0 to rampEnd", found: rampStart)
    let usual = DefenceRecipe.standard(method, epsilon: epsilon, region: region)
    try check(
      (steps == nil) == (usual.steps == nil) && (1...10_000).contains(steps ?? 1), "\(name).steps",
      usual.steps == nil ? "left out for \(method.rawValue)" : "from 1 to 10000",
      found: steps.map { "\($0)" } ?? "none")
    try check(
      (beta == nil) == (usual.beta == nil) && (0...1e6).contains(beta ?? 0), "\(name).beta",
      usual.beta == nil ? "left out for \(method.rawValue)" : "from 0 to a million",
      found: beta.map { "\($0)" } ?? "none")
  }
}
