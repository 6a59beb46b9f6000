import Kernels

/// For each image the one of another set that differs least from it, pixel by pixel: all pairs, and exact.
///
/// Pixels are shifted to -128...127, so that the dot product of two images of up to 1024 pixels is a whole
/// number of at most 2²⁴ at every step of its sum, which single precision holds exactly: the fast matrix
/// product gives the exact squared distance ‖a‖² + ‖b‖² - 2·a·b.
public struct NearestImages: Codable, Equatable, Sendable {
  /// Of each image: which one of the other set is nearest, the first of equals.
  public let indices: [Int]
  /// The sum of the squared differences of all pixels, in steps of 1/255.
  public let squaredDistances: [Int]

  /// Above this, sums could be rounded.
  public static let mostPixels = 1024
  private static let queriesPerBlock = 512
  private static let imagesPerBlock = 4096

  /// - Parameters:
  ///   - queries: `[N, size]`
  ///   - images: `[M, size]` with M of at least 1.
  ///   - own: the place of the first query in `images`, where the queries are a run of them: an image is no
  ///     neighbour of itself, but an equal one elsewhere is.
  public init(of queries: ArraySlice<UInt8>, in images: [UInt8], size: Int, own: Int? = nil) {
    precondition(
      size > 0 && size <= Self.mostPixels && queries.count % size == 0 && images.count % size == 0,
      "NearestImages: \(queries.count) and \(images.count) pixels in images of \(size)")
    let (n, m) = (queries.count / size, images.count / size)
    precondition(m > (own == nil ? 0 : 1), "NearestImages: no image to be near to")
    let (a, b) = (ShiftedImages(queries, size: size), ShiftedImages(images[...], size: size))
    var best = [Int](repeating: 0, count: n)
    var distances = [Int](repeating: .max, count: n)
    let products = Buffer(count: Self.queriesPerBlock * Self.imagesPerBlock)
    best.withUnsafeMutableBufferPointer { best in
      distances.withUnsafeMutableBufferPointer { distances in
        let (best, distances) = (best, distances)
        for start in stride(from: 0, to: n, by: Self.queriesPerBlock) {
          let rows = min(Self.queriesPerBlock, n - start)
          for first in stride(from: 0, to: m, by: Self.imagesPerBlock) {
            let columns = min(Self.imagesPerBlock, m - first)
            MatrixMultiply.run(
              a.pixels.pointer + start * size, transA: false, b.pixels.pointer + first * size, transB: true,
              into: products.pointer, m: rows, n: columns, k: size)
            Parallel.forEach(count: rows, chunkSize: 16) { range in
              for row in range {
                let query = start + row
                let line = products.pointer + row * columns
                var (index, least) = (best[query], distances[query])
                for column in 0..<columns {
                  let distance = a.squares[query] + b.squares[first + column] - 2 * Int(line[column])
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

  /// Of some of the images.
  func selecting(_ selected: [Int]) -> NearestImages {
    NearestImages(
      indices: selected.map { indices[$0] }, squaredDistances: selected.map { squaredDistances[$0] })
  }
}

/// Images `[N, size]` shifted by -128, and the sums of their squares.
private struct ShiftedImages {
  let pixels: Buffer
  let squares: [Int]

  init(_ images: ArraySlice<UInt8>, size: Int) {
    let buffer = Buffer(count: max(1, images.count))
    images.withUnsafeBufferPointer { images in
      let images = images
      Parallel.forEach(count: images.count, chunkSize: Parallel.elementsPerChunk) { range in
        for i in range { buffer.pointer[i] = Float(images[i]) - 128 }
      }
    }
    pixels = buffer
    squares = (0..<images.count / size).map { image in
      var sum = 0
      for i in image * size..<(image + 1) * size { sum += Int(buffer.pointer[i] * buffer.pointer[i]) }
      return sum
    }
  }
}
