import Kernels

/// For each image the one of another set that differs least from it, pixel by pixel: all pairs, and exact.
///
/// Values are shifted to -128...127, so that the dot product of up to 1024 of them is a whole number of at
/// most 2²⁴ at every step of its sum, which single precision holds exactly: fast matrix products of parts of
/// the images give the exact squared distance ‖a‖² + ‖b‖² - 2·a·b.
public struct NearestImages: Codable, Equatable, Sendable {
  /// Of each image: which one of the other set is nearest, the first of equals.
  public let indices: [Int]
  /// The sum of the squared differences of all pixels, in steps of 1/255.
  public let squaredDistances: [Int]

  /// Values of an image in one product; of more, sums could be rounded.
  package static let valuesPerProduct = 1024
  private static let queriesPerBlock = 512
  private static let imagesPerBlock = 4096

  /// Finds the nearest image of each query, on all threads.
  ///
  /// - Parameters:
  ///   - queries: `[N, size]`
  ///   - images: `[M, size]` with M of at least 1.
  ///   - size: values of an image, 1 or more.
  ///   - own: the place of the first query in `images`, where the queries are a run of them: an image is no
  ///     neighbour of itself, but an equal one elsewhere is.
  public init(of queries: ArraySlice<UInt8>, in images: [UInt8], size: Int, own: Int? = nil) {
    precondition(
      size > 0 && queries.count % size == 0 && images.count % size == 0,
      "NearestImages: \(queries.count) and \(images.count) values in images of \(size)")
    let (n, m) = (queries.count / size, images.count / size)
    precondition(m > (own == nil ? 0 : 1), "NearestImages: no image to be near to")
    let (a, b) = (ShiftedImages(queries, size: size), ShiftedImages(images[...], size: size))
    var best = [Int](repeating: 0, count: n)
    var distances = [Int](repeating: .max, count: n)
    let blockSize = Self.queriesPerBlock * Self.imagesPerBlock
    let products = Buffer(count: blockSize * a.parts.count)
    best.withUnsafeMutableBufferPointer { best in
      distances.withUnsafeMutableBufferPointer { distances in
        let (best, distances) = (best, distances)
        for start in stride(from: 0, to: n, by: Self.queriesPerBlock) {
          let rows = min(Self.queriesPerBlock, n - start)
          for first in stride(from: 0, to: m, by: Self.imagesPerBlock) {
            let columns = min(Self.imagesPerBlock, m - first)
            for (part, (own, other)) in zip(a.parts, b.parts).enumerated() {
              MatrixMultiply.run(
                own.values.pointer + start * own.size, transA: false,
                other.values.pointer + first * other.size, transB: true,
                into: products.pointer + part * blockSize, m: rows, n: columns, k: own.size)
            }
            Parallel.forEach(count: rows, chunkSize: 16) { range in
              for row in range {
                let query = start + row
                let line = products.pointer + row * columns
                var (index, least) = (best[query], distances[query])
                for column in 0..<columns {
                  var product = Int(line[column])
                  for part in 1..<max(1, a.parts.count) { product += Int(line[part * blockSize + column]) }
                  let distance = a.squares[query] + b.squares[first + column] - 2 * product
                  if distance < least, own.map({ $0 + query != first + column }) ?? true {
                    (index, least) = (first + column, distance)
                  }
                }
                (best[query], distances[query]) = (index, least)
              }
            }
          }
        }
      }
    }
    indices = best
    squaredDistances = distances
  }

  private init(indices: [Int], squaredDistances: [Int]) {
    (self.indices, self.squaredDistances) = (indices, squaredDistances)
  }

  /// Those of parts of a set, as those of the set.
  init(_ parts: [NearestImages]) {
    self.init(indices: parts.flatMap(\.indices), squaredDistances: parts.flatMap(\.squaredDistances))
  }

  /// Of some of the images.
  func selecting(_ selected: [Int]) -> NearestImages {
    NearestImages(
      indices: selected.map { indices[$0] }, squaredDistances: selected.map { squaredDistances[$0] })
  }
}

/// Images `[N, size]` shifted by -128, in parts of so many values as one product takes, and the sums of their
/// squares.
private struct ShiftedImages {
  /// `[N, size]` each.
  let parts: [(values: Buffer, size: Int)]
  let squares: [Int]

  init(_ images: ArraySlice<UInt8>, size: Int) {
    let count = images.count / size
    var parts: [(values: Buffer, size: Int)] = []
    var squares = [Int](repeating: 0, count: count)
    for first in stride(from: 0, to: size, by: NearestImages.valuesPerProduct) {
      let width = min(NearestImages.valuesPerProduct, size - first)
      let buffer = Buffer(count: max(1, count * width))
      images.withUnsafeBufferPointer { images in
        squares.withUnsafeMutableBufferPointer { squares in
          let (images, squares) = (images, squares)
          Parallel.forEach(count: count, chunkSize: 64) { range in
            for image in range {
              var sum = 0
              for i in 0..<width {
                let value = Float(images[image * size + first + i]) - 128
                buffer.pointer[image * width + i] = value
                sum += Int(value * value)
              }
              squares[image] += sum
            }
          }
        }
      }
      parts.append((buffer, width))
    }
    (self.parts, self.squares) = (parts, squares)
  }
}
