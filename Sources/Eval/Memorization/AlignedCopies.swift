import Glibc
import Kernels

/// For each image whether another set has nearly the same one, even moved by a pixel or two or mirrored.
///
/// The magnitude |F(u, v)| of the discrete Fourier transform
///
///     F(u, v) = Σ x[r][c] exp(-2πi (u r / H + v c / W))
///
/// does not change where an image is moved around a torus, and |F(u, v)| + |F(-u, v)| neither where it is
/// mirrored. The image of the other set that is most like in the lowest of these is laid over this one in
/// every place within ``reach`` pixels, both ways round; it is a copy where the pixels that both have differ
/// by at most ``Memorization/nearDuplicateDifference`` in the root of the mean square.
///
/// One candidate an image is looked at: of copies moved to the edge some are missed. What is found says
/// something only beside what is found for real images.
public struct AlignedCopies: Codable, Equatable, Sendable {
  /// Of each image whether it is a copy.
  public let isCopy: [Bool]
  /// Of each image the most similar one of the other set.
  public let indices: [Int]

  /// Pixels that a copy may be moved by, each way.
  public static let reach = 2

  /// Images that are copies.
  public var count: Int { isCopy.count { $0 } }

  /// Looks for each query among the images of another set.
  ///
  /// - Parameters:
  ///   - queries: `[N, height, width, channels]`
  ///   - images: `[M, …]`, likewise, M of at least 1.
  ///   - height: rows of an image.
  ///   - width: columns of an image.
  ///   - channels: values of a pixel.
  public init(of queries: [UInt8], in images: [UInt8], height: Int, width: Int, channels: Int = 1) {
    self.init(queries, images, ImageShape(height, width, channels), isOneSet: false)
  }

  /// Of each image of a set, another one; of a set of one image there is none.
  public init(among images: [UInt8], height: Int, width: Int, channels: Int = 1) {
    self.init(images, images, ImageShape(height, width, channels), isOneSet: true)
  }

  private init(_ queries: [UInt8], _ images: [UInt8], _ shape: ImageShape, isOneSet: Bool) {
    precondition(
      queries.count % shape.size == 0 && images.count % shape.size == 0,
      "AlignedCopies: \(queries.count) and \(images.count) pixels in images \(shape)")
    let count = queries.count / shape.size
    guard images.count / shape.size > (isOneSet ? 1 : 0) else {
      (isCopy, indices) = ([Bool](repeating: false, count: count), [Int](repeating: 0, count: count))
      return
    }
    let magnitudes = shape.magnitudes(of: queries)
    let nearest = NearestImages(
      of: magnitudes[...], in: isOneSet ? magnitudes : shape.magnitudes(of: images),
      size: ImageShape.magnitudeCount, own: isOneSet ? 0 : nil)
    indices = nearest.indices
    var found = [UInt8](repeating: 0, count: count)
    found.withUnsafeMutableBufferPointer { found in
      queries.withUnsafeBufferPointer { queries in
        images.withUnsafeBufferPointer { images in
          let (found, queries, images) = (found, queries, images)
          Parallel.forEach(count: count, chunkSize: 16) { range in
            for index in range {
              let own = UnsafeBufferPointer(rebasing: queries[index * shape.size..<(index + 1) * shape.size])
              let start = nearest.indices[index] * shape.size
              let other = UnsafeBufferPointer(rebasing: images[start..<start + shape.size])
              found[index] = shape.isCopy(own, of: other) ? 1 : 0
            }
          }
        }
      }
    }
    isCopy = found.map { $0 == 1 }
  }

  private init(isCopy: [Bool], indices: [Int]) { (self.isCopy, self.indices) = (isCopy, indices) }

  /// Those of parts of a set, as those of the set.
  init(_ parts: [AlignedCopies]) {
    self.init(isCopy: parts.flatMap(\.isCopy), indices: parts.flatMap(\.indices))
  }

  /// Of some of the images.
  func selecting(_ selected: [Int]) -> AlignedCopies {
    AlignedCopies(isCopy: selected.map { isCopy[$0] }, indices: selected.map { indices[$0] })
  }
}

/// Images of one size as bytes.
private struct ImageShape: CustomStringConvertible {
  let height, width, channels: Int

  init(_ height: Int, _ width: Int, _ channels: Int) {
    precondition(height > 0 && width > 0 && channels > 0, "AlignedCopies: \(height)×\(width)×\(channels)")
    (self.height, self.width, self.channels) = (height, width, channels)
  }

  var size: Int { height * width * channels }
  var description: String { "\(height)×\(width)×\(channels)" }

  /// Frequencies each way.
  private static let frequencies = SIMD8<Float>.scalarCount
  static let magnitudeCount = frequencies * frequencies

  /// The lowest magnitudes of each image, `[N, magnitudeCount]`; their roots, so that the finer ones count.
  func magnitudes(of images: [UInt8]) -> [UInt8] {
    let count = images.count / size
    func waves(_ length: Int, _ wave: (Double) -> Double) -> [SIMD8<Float>] {
      (0..<length).map { place in
        var values = SIMD8<Float>.zero
        for k in 0..<Self.frequencies {
          values[k] = Float(wave(2 * .pi * Double(k * place) / Double(length)))
        }
        return values
      }
    }
    let (cosRows, sinRows) = (waves(height) { cos($0) }, waves(height) { sin($0) })
    let (cosColumns, sinColumns) = (waves(width) { cos($0) }, waves(width) { sin($0) })
    var result = [UInt8](repeating: 0, count: count * Self.magnitudeCount)
    result.withUnsafeMutableBufferPointer { result in
      images.withUnsafeBufferPointer { images in
        let (result, images) = (result, images)
        Parallel.forEach(count: count, chunkSize: 64) { range in
          for image in range {
            // Over each row the frequencies across, then over the rows those down.
            var real = [SIMD8<Float>](repeating: .zero, count: Self.frequencies)
            var (crossed, imaginary, swapped) = (real, real, real)
            for row in 0..<height {
              var (even, odd) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
              let start = image * size + row * width * channels
              for column in 0..<width {
                var value = 0
                for channel in 0..<channels { value += Int(images[start + column * channels + channel]) }
                even += Float(value) * cosColumns[column]
                odd -= Float(value) * sinColumns[column]
              }
              for u in 0..<Self.frequencies {
                real[u] += even * cosRows[row][u]
                crossed[u] += odd * sinRows[row][u]
                imaginary[u] += odd * cosRows[row][u]
                swapped[u] += even * sinRows[row][u]
              }
            }
            for u in 0..<Self.frequencies {
              let (a, b) = (real[u] + crossed[u], imaginary[u] - swapped[u])
              let (c, d) = (real[u] - crossed[u], imaginary[u] + swapped[u])
              let sum = (a * a + b * b).squareRoot() + (c * c + d * d).squareRoot()
              let roots = (sum * (255 / (2 * Float(size)))).squareRoot()
              for v in 0..<Self.frequencies {
                result[(image * Self.frequencies + u) * Self.frequencies + v] = UInt8(min(255, roots[v]))
              }
            }
          }
        }
      }
    }
    return result
  }

  /// Whether two images are nearly the same in some place, one way round or the other.
  func isCopy(_ image: UnsafeBufferPointer<UInt8>, of other: UnsafeBufferPointer<UInt8>) -> Bool {
    let reach = AlignedCopies.reach
    for isMirrored in [false, true] {
      for down in -reach...reach {
        for right in -reach...reach
        where isNear(image, other, down: down, right: right, isMirrored: isMirrored) { return true }
      }
    }
    return false
  }

  private func isNear(
    _ image: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>, down: Int, right: Int,
    isMirrored: Bool
  ) -> Bool {
    guard down.magnitude < height, right.magnitude < width else { return false }
    let rows = max(0, down)..<min(height, height + down)
    let columns = max(0, right)..<min(width, width + right)
    let difference = Memorization.nearDuplicateDifference
    let bound = difference * difference * rows.count * columns.count * channels
    var sum = 0
    for row in rows {
      for column in columns {
        let from = isMirrored ? width - 1 - (column - right) : column - right
        let (a, b) = ((row * width + column) * channels, ((row - down) * width + from) * channels)
        for channel in 0..<channels {
          let step = Int(image[a + channel]) - Int(other[b + channel])
          sum += step * step
        }
      }
      if sum > bound { return false }
    }
    return true
  }
}
