import Datasets
import Eval
import Files

/// Whether judges can be trusted: every check of `Eval.JudgeCheckCatalog`.
public enum JudgeChecks {
  /// Images drawn with each generator: as many as the reference has; more would only be slower.
  private static let count = 5000

  /// Runs all checks on the judges; those on what generators draw only where there is a generator, or a
  /// folder of checkpoints.
  ///
  /// - Parameters:
  ///   - judges: with different names.
  ///   - heldOut: real images, square and grey; `Eval/JudgeTrial/fewestImages` or more.
  ///   - training: what the judges have learnt from.
  ///   - generator: a file of a generator whose images have to become more typical with less noise.
  ///   - checkpoints: a folder of a training over which the distance has to fall.
  ///   - version: of the judges, for the result.
  ///   - observer: hears of each kind of check before it is made.
  /// - Throws: `FileError` for what is no generator; `NotFinite`; what the observer throws.
  public static func run(
    _ judges: [Judge], heldOut: LabeledImages, training: LabeledImages, generator: String? = nil,
    checkpoints: String? = nil, version: String, observer: Observer = .init()
  ) throws -> JudgeCheckResult {
    func report(_ done: Int, _ next: String) throws {
      try observer.progress(
        WorkProgress("checking", done, of: JudgeCheckCatalog.all.count, unit: "kinds", detail: next))
    }
    try report(0, "features of the real images")
    let size = heldOut.height
    func draw(_ samples: GeneratorSamples, truncation: Float = 1) throws -> JudgedCheckpoints.Images {
      let images = try samples.images(count: count, size: size, seed: 1, truncation: truncation)
      return (images.pixels, images.labels)
    }
    // What is no generator is refused before the checks, which take minutes.
    let truncation = try generator.map { path in
      let samples = try GeneratorSamples(contentsOf: path)
      return JudgedTruncation(name: path) { try draw(samples, truncation: $0) }
    }
    var trial = try JudgeTrial(judges, heldOut: heldOut, training: training)
    trial.truncation = truncation
    trial.checkpoints = checkpoints.map { folder in
      JudgedCheckpoints(
        name: folder,
        draw: ScoreItem.items(folder).compactMap { item in
          guard case .checkpoint(let path, _, _) = item else { return nil }
          return { try draw(try GeneratorSamples(contentsOf: path)) }
        })
    }
    let result = JudgeCheckResult(try trial.run(progress: report), version: version, count: heldOut.count)
    try JSON.check(result)
    return result
  }
}

/// `assay/judge-check/1`: the outcome of every check of the judges.
public struct JudgeCheckResult: Codable, Sendable {
  /// One check: what has to hold, and what was found.
  public struct OfCheck: Codable, Sendable {
    /// As the documents number it, such as `T3`.
    public let number: String
    /// What has to hold.
    public let claim: String
    /// What was found, with its figures.
    public let found: String
    /// Whether the check passed.
    public let passed: Bool
  }

  /// The name and version of the JSON's form.
  public static let schema = "assay/judge-check/1"
  /// The format of the file and its version.
  public private(set) var schema = Self.schema
  /// Version of the judges.
  public let judge: String
  /// Of held-out images.
  public let count: Int
  /// Whether all checks passed.
  public let passed: Bool
  /// Every check, in the order of the catalogue; one of each judge where it is about single judges.
  public let checks: [OfCheck]

  /// The result of checks that were made.
  ///
  /// - Parameters:
  ///   - checks: in the order of the result.
  ///   - version: of the judges.
  ///   - count: of held-out images.
  public init(_ checks: [Check], version: String, count: Int) {
    judge = version
    self.count = count
    passed = checks.allSatisfy(\.passed)
    self.checks = checks.map {
      .init(number: $0.number, claim: $0.claim, found: $0.found, passed: $0.passed)
    }
  }

  /// How many checks did not pass.
  public var failedCount: Int { checks.count { !$0.passed } }
}
