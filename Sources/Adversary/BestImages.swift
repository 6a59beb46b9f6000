import Autograd

/// For each image of a task the best attacked version so far: one that fools if there is any, else that of
/// the highest loss.
///
/// A class: an attack hands it down through its restarts. The clean image counts only where it is offered;
/// that images which are mistaken as they are stay so is the harness's business (``EpsilonSweep``).
public final class BestImages {
  /// `[N, H, W, C]`, all of the whole task.
  public private(set) var images: Tensor
  /// What is still to be attacked.
  public private(set) var task: AttackTask
  private let whole: AttackTask
  private var losses: [Float]
  private var isFooled: [Bool]
  /// Where in the whole task the images still to be attacked stand.
  private var places: [Int]
  private let note: ([Bool]) -> Void

  /// Starts with the clean images, all of which are still to be attacked.
  ///
  /// - Parameters:
  ///   - task: decides what fools, and whether an image that does is finished.
  ///   - note: is told which of the images still to be attacked each offer fools.
  public init(_ task: AttackTask, note: @escaping ([Bool]) -> Void = { _ in }) {
    self.note = note
    whole = task
    self.task = task
    images = task.images
    losses = [Float](repeating: -.infinity, count: task.count)
    isFooled = [Bool](repeating: false, count: task.count)
    places = Array(0..<task.count)
  }

  /// Whether every image is finished.
  public var isDone: Bool { places.isEmpty }

  /// Takes a version of each image still to be attacked, in the order of ``task``.
  ///
  /// - Parameters:
  ///   - x: `[n, H, W, C]`.
  ///   - values: of the loss that the attack raises, n of them.
  ///   - logits: `[n, labels]` of `x`.
  /// - Returns: which of them (their rows) are left, where some are finished; nil where all go on.
  @discardableResult
  public func offer(_ x: Tensor, _ values: [Float], _ logits: Tensor) -> [Int]? {
    let fooled = task.isFooled(logits)
    note(fooled)
    var taken: [Int] = []
    for (row, place) in places.enumerated() {
      let isBetter = fooled[row] == isFooled[place] ? values[row] > losses[place] : fooled[row]
      guard isBetter else { continue }
      (losses[place], isFooled[place]) = (values[row], fooled[row])
      taken.append(row)
    }
    images.writeRows(taken.map { places[$0] }, of: x, from: taken)
    guard whole.stopsAtSuccess, fooled.contains(true) else { return nil }
    let left = fooled.indices.filter { !fooled[$0] }
    places = left.map { places[$0] }
    if !left.isEmpty { task = whole.at(places) }
    return left
  }
}
