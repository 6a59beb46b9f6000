import Autograd
import Network

/// The images of a task that no attack has fooled yet, while one attack after the other is tried.
///
/// Each image keeps the first attacked version that fools the classifier; an image that is mistaken as it is
/// keeps that. It is what makes an ensemble, and restarts, a worst case for each image rather than for the
/// set. Where images go on though they fool (``AttackTask/stopsAtSuccess``), each keeps the version of the
/// largest margin.
struct Standing {
  /// What is left.
  private(set) var task: AttackTask
  private let whole: AttackTask
  private var best: Tensor
  /// Of the versions kept, where images go on.
  private var margins: [Float]
  /// Where in the whole task the images that are left stand.
  private var places: [Int]

  var isEmpty: Bool { places.isEmpty }

  /// Images of the whole task after `body` has offered what it can.
  static func attacked(_ task: AttackTask, _ body: (inout Standing) -> Void) -> Tensor {
    var standing = Standing(task)
    standing.offer(task.images)
    body(&standing)
    return standing.best
  }

  private init(_ task: AttackTask) {
    whole = task
    self.task = task
    best = task.images
    margins = [Float](repeating: -.infinity, count: task.count)
    places = Array(0..<task.count)
  }

  /// Takes attacked images of those that are left, and keeps those that fool.
  mutating func offer(_ images: Tensor) {
    guard !places.isEmpty else { return }
    let logits = task.classifier.logits(images)
    guard whole.stopsAtSuccess else {
      let values = task.losses(logits, .margin)
      let higher = values.indices.filter { values[$0] > margins[$0] }
      best.writeRows(higher, of: images, from: higher)
      for index in higher { margins[index] = values[index] }
      return
    }
    let isFooled = task.isFooled(logits)
    let fooled = isFooled.indices.filter { isFooled[$0] }
    best.writeRows(fooled.map { places[$0] }, of: images, from: fooled)
    places = places.indices.filter { !isFooled[$0] }.map { places[$0] }
    if !fooled.isEmpty, !places.isEmpty { task = whole.at(places) }
  }
}
