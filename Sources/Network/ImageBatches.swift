import Autograd
import Datasets
import Kernels

extension LabeledImages {
  /// The images at `indices`, all of them from 0 to below `count`, as `[n, H, W, C]` with pixels in [0, 1].
  public func tensor(_ indices: [Int]) -> Tensor {
    precondition(
      indices.allSatisfy { (0..<count).contains($0) },
      "LabeledImages.tensor: an index beyond the \(count) images of \(shape.dropFirst())")
    let size = valuesPerImage
    return Tensor(shape: [indices.count, height, width, channels]) { target in
      pixels.withUnsafeBufferPointer { pixels in
        let source = pixels.baseAddress.unsafelyUnwrapped
        Parallel.forEach(count: indices.count, chunkSize: max(1, Parallel.elementsPerChunk / size)) { range in
          for i in range {
            let from = source + indices[i] * size
            let to = target + i * size
            for p in 0..<size { to[p] = Float(from[p]) / 255 }
          }
        }
      }
    }
  }

  /// The labels at `indices`.
  public func labels(_ indices: [Int]) -> [Int] { indices.map { Int(labels[$0]) } }

  /// Consecutive ranges of at most `size` that cover all images, or those of `range`.
  public func batches(of size: Int, in range: Range<Int>? = nil) -> [[Int]] {
    let range = range ?? 0..<count
    return stride(from: range.lowerBound, to: range.upperBound, by: size).map {
      Array($0..<min(range.upperBound, $0 + size))
    }
  }
}
