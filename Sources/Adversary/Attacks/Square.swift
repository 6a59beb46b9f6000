import Autograd
import Glibc
import Kernels
import Network

/// The square attack (Andriushchenko, Croce, Flammarion and Hein, ECCV 2020, alg. 1–3): random search by
/// squares, without gradients.
///
/// Each query changes a random square of the best image so far and is kept where the margin rises. In L∞
/// (alg. 2) the square moves by ±2ε and is clipped to the ball, so that its pixels stand at a corner of it;
/// in L2 (alg. 3) the square gets a bump and another square's share of the length. The side falls with the
/// queries: √p of the image's, p from 0.8 halved by a schedule. Starts from vertical stripes of ±ε, or a
/// mosaic of bumps. Under a mask, squares without a pixel that may change are drawn anew.
public struct Square: Attack {
  /// `square` or `square-l2`.
  public let name: String
  /// L∞ or L2.
  public let norm: Norm?
  /// It sees the logits, and no gradient.
  public let role = AttackRole.gradientFree
  /// AutoAttack's number.
  public var queries = 5000

  /// `square`: in L∞.
  public static let linf = Square("square", .linf)
  /// `square-l2`: in L2.
  public static let l2 = Square("square-l2", .l2)

  private init(_ name: String, _ norm: Norm) {
    self.name = name
    self.norm = norm
  }

  /// The number of queries.
  public var settings: String { "\(queries) queries" }
  /// 250 images.
  public var batchSize: Int { 250 }

  /// p at the first query, and the queries of 10,000 from which it is halved once more (§3.1, as in the
  /// authors' code).
  private static let (firstShare, halvings) = (0.8, [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000])

  /// The side of the square at a query, in an image of `pixels`.
  private func side(_ query: Int, pixels: Int, least: Int) -> Int {
    let position = query * 10_000 / max(1, queries)
    let share = Self.firstShare / pow(2, Double(Self.halvings.count { position > $0 }))
    return max(least, Int((share * Double(pixels)).squareRoot().rounded()))
  }

  /// A search for each ε: a version that fools, else that of the largest margin.
  public func perturbation(_ task: AttackTask) -> Perturbation {
    .images { epsilon in
      let best = BestImages(task)
      search(best, epsilon)
      return best.images
    }
  }

  private func search(_ best: BestImages, _ epsilon: Float) {
    let norm = norm ?? .linf
    let least = norm == .linf ? 1 : 3
    var task = best.task
    var change = start(task, epsilon)
    var margins = [Float](repeating: -.infinity, count: task.count)
    for query in 0...queries {
      // The start is the first image asked for.
      let tried = query == 0 ? change : changed(change, task, epsilon, query, least: least)
      let x = (task.images + tried).clamped(to: 0...1)
      let logits = task.classifier.logits(x)
      let found = task.losses(logits, .margin)
      let isBetter = zip(found, margins).map { $0 > $1 }
      // In L2 the next query spends again what was lost where the image was clipped.
      change = change.replacingRows(where: isBetter, with: norm == .l2 ? x - task.images : tried)
      margins = zip(found, margins).map { max($0, $1) }
      if let left = best.offer(x, found, logits) {
        guard !left.isEmpty else { return }
        (task, change, margins) = (best.task, change.rows(at: left), left.map { margins[$0] })
      }
    }
  }

  private func start(_ task: AttackTask, _ epsilon: Float) -> Tensor {
    let (height, width, channels) = (task.images.shape[1], task.images.shape[2], task.images.shape[3])
    var start = Tensor.zeros(task.images.shape)
    start.forEachImage { row, delta in
      var draw = Draws(task.keys[row].derived(0))
      if norm == .linf {
        let stripes = (0..<width * channels).map { _ in draw.sign() * epsilon }
        for index in 0..<height * width * channels { delta[index] = stripes[index % (width * channels)] }
      } else {
        let side = max(1, height / 5)
        let bump = Self.bump(side, isTurned: draw.sign() > 0)
        let (firstRow, firstColumn) = (height % side / 2, width % side / 2)
        for top in stride(from: firstRow, to: firstRow + height / side * side, by: side) {
          for left in stride(from: firstColumn, to: firstColumn + width / side * side, by: side) {
            let signs = (0..<channels).map { _ in draw.sign() }
            for v in 0..<side {
              for h in 0..<side {
                for channel in 0..<channels {
                  delta[((top + v) * width + left + h) * channels + channel] =
                    bump[v * side + h] * signs[channel]
                }
              }
            }
          }
        }
      }
    }
    let masked = task.masked(start)
    return norm == .linf ? masked : Norm.l2.steepest(masked) * epsilon
  }

  /// The change with another square in it, in the ball and the mask.
  private func changed(
    _ change: Tensor, _ task: AttackTask, _ epsilon: Float, _ query: Int, least: Int
  ) -> Tensor {
    let (height, width, channels) = (task.images.shape[1], task.images.shape[2], task.images.shape[3])
    let side = min(side(query, pixels: height * width, least: least), min(height, width))
    let mask = task.mask?.elements
    let size = height * width * channels
    var tried = change
    tried.forEachImage { row, delta in
      var draw = Draws(task.keys[row].derived(query))
      func window() -> Window {
        // An image without any free pixel is not worth the draws.
        for _ in 0..<20 {
          let window = Window(
            top: draw.below(height - side + 1), left: draw.below(width - side + 1), side: side, width: width,
            channels: channels)
          guard let mask else { return window }
          if window.places.contains(where: { mask[row * size + $0] != 0 }) { return window }
        }
        return Window(top: 0, left: 0, side: side, width: width, channels: channels)
      }
      let first = window()
      if norm == .linf {
        let moves = (0..<channels).map { _ in draw.sign() * 2 * epsilon }
        for place in first.places {
          delta[place] = min(max(delta[place] + moves[place % channels], -epsilon), epsilon)
        }
      } else {
        Self.exchange(
          delta, size: size, first, window(), epsilon, bump: Self.bump(side, isTurned: draw.sign() > 0),
          signs: (0..<channels).map { _ in draw.sign() })
      }
      if let mask { for index in 0..<size { delta[index] *= mask[row * size + index] } }
    }
    return norm == .linf ? tried : Norm.l2.steepest(tried) * epsilon
  }

  /// Alg. 3: the length in the second window, and what the ball has left, go into the first.
  private static func exchange(
    _ delta: UnsafeMutableBufferPointer<Float>, size: Int, _ first: Window, _ second: Window,
    _ epsilon: Float,
    bump: [Float], signs: [Float]
  ) {
    func length(_ places: some Sequence<Int>) -> Float {
      places.reduce(Float(0)) { $0 + delta[$1] * delta[$1] }.squareRoot()
    }
    let (whole, own) = (length(0..<size), length(first.places))
    let both = length(Set(first.places).union(second.places).sorted())
    let left = max(epsilon * epsilon - whole * whole, 0) / Float(signs.count)
    var fresh = first.places.enumerated().map { index, place in
      bump[index / signs.count] * signs[place % signs.count] + delta[place] / max(own, 1e-12)
    }
    let freshLength = fresh.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
    let factor = (left + both * both).squareRoot() / max(freshLength, 1e-12)
    fresh = fresh.map { $0 * factor }
    for place in second.places { delta[place] = 0 }
    for (place, value) in zip(first.places, fresh) { delta[place] = value }
  }

  /// Two opposite halves that fall off from their middles, of length 1: `[side²]` (§3.3).
  private static func bump(_ side: Int, isTurned: Bool) -> [Float] {
    func half(_ rows: Int) -> [Float] {
      var values = [Float](repeating: 0, count: rows * side)
      let (row, column) = (rows / 2, side / 2)
      for ring in 0..<max(row, column) + 1 {
        for v in max(0, row - ring)..<min(rows, row + ring + 1) {
          for h in max(0, column - ring)..<min(side, column + ring + 1) {
            values[v * side + h] += 1 / Float((ring + 1) * (ring + 1))
          }
        }
      }
      let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return values.map { length > 0 ? $0 / length : 0 }
    }
    var values = half(side / 2) + half(side - side / 2).map { -$0 }
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    values = values.map { $0 / max(length, 1e-12) }
    return isTurned ? (0..<side * side).map { values[$0 % side * side + $0 / side] } : values
  }

  /// A square of an image and its places in `[H, W, C]`, row by row.
  private struct Window {
    let top, left, side, width, channels: Int

    var places: [Int] {
      (top..<top + side).flatMap { row -> Range<Int> in
        let start = (row * width + left) * channels
        return start..<start + side * channels
      }
    }
  }

  /// Random numbers one after the other.
  private struct Draws {
    private let key: Key
    private var index = 0

    init(_ key: Key) { self.key = key }

    mutating func sign() -> Float { Float(key.sign(next())) }
    mutating func below(_ bound: Int) -> Int { key.integer(next(), in: 0..<bound) }

    private mutating func next() -> Int {
      index += 1
      return index
    }
  }
}

extension Tensor {
  /// Calls `body` with each image's elements for writing, in order.
  fileprivate mutating func forEachImage(_ body: (Int, UnsafeMutableBufferPointer<Float>) -> Void) {
    let (images, size) = (shape[0], shape.dropFirst().reduce(1, *))
    withMutableElements { elements in
      for row in 0..<images {
        body(row, UnsafeMutableBufferPointer(rebasing: elements[row * size..<(row + 1) * size]))
      }
    }
  }
}
