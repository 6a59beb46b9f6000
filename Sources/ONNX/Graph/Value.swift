import Autograd

/// What a name in a graph stands for while the graph is read.
enum Value {
  /// Integers, which shapes and axes are computed of.
  case integers(IntegerArray)
  /// Numbers that the file holds, or that follow from them; axes in the order of the file.
  case numbers(Tensor)
  /// What depends on the images.
  case computed(ComputedValue)
}

/// Integers with a shape; the size of the batch among them has no value yet.
struct IntegerArray: Equatable {
  enum Element: Equatable {
    case known(Int)
    /// The number of images, or the number that the exporter's example had.
    case batch
  }

  let shape: [Int]
  let elements: [Element]

  init(shape: [Int], _ elements: [Element]) {
    self.shape = shape
    self.elements = elements
  }

  init(shape: [Int], _ values: [Int]) { self.init(shape: shape, values.map(Element.known)) }

  /// The elements at places along axes: entry i of the result stands at `place(i)`, an index an axis.
  func picked(shape: [Int], at place: ([Int]) -> [Int]) -> IntegerArray {
    func indices(_ number: Int, of shape: [Int]) -> [Int] {
      var (rest, indices) = (number, shape)
      for axis in shape.indices.reversed() {
        indices[axis] = rest % shape[axis]
        rest /= shape[axis]
      }
      return indices
    }
    let picked = (0..<shape.product).map { number in
      zip(place(indices(number, of: shape)), self.shape).reduce(0) { $0 * $1.1 + $1.0 }
    }
    return IntegerArray(shape: shape, picked.map { elements[$0] })
  }

  /// All of them, where none is the batch.
  var known: [Int]? {
    let values = elements.compactMap { element in
      if case .known(let value) = element { value } else { nil as Int? }
    }
    return values.count == elements.count ? values : nil
  }
}

/// A tensor that depends on the images: where the program has it, and how its axes lie in memory.
///
/// The file's axes are `[batch] + shape`, such as `[N, C, H, W]`. In memory the batch stays first, and behind
/// it axis i is the file's axis `order[i]` of `shape`: images of a file in NCHW lie as NHWC, the order
/// `[1, 2, 0]`, in which this package computes. A transposition changes the order alone, and nothing is moved
/// until an operation wants another.
struct ComputedValue: Equatable {
  let slot: Int
  let shape: [Int]
  let order: [Int]

  /// The axes as they lie in memory, without the batch.
  var stored: [Int] { order.map { shape[$0] } }
  /// The file's number of axes, with the batch.
  var rank: Int { shape.count + 1 }
  /// Whether the file's first axis behind the batch, the channels, is the last in memory: that of the outputs
  /// of products and convolutions.
  var hasChannelsLast: Bool { order.last == 0 }

  /// Where the file's axis lies in memory; both count the batch as axis 0.
  func memoryAxis(_ axis: Int) -> Int {
    axis == 0 ? 0 : 1 + (order.firstIndex(of: axis - 1) ?? 0)
  }

  /// The order of the file's axes themselves.
  static func inOrder(_ count: Int) -> [Int] { Array(0..<count) }
  /// Channels behind all others: the file has `[N, C, …]`, memory `[N, …, C]`.
  static func channelsLast(_ count: Int) -> [Int] { Array(1..<count) + [0] }
}
