import FoundationEssentials
import Kernels

/// What a panel sees of images one by one: all that takes long and depends on no other image of the set.
///
/// Parts of a set can be looked at apart, by several processes too, and put together again.
public struct SeenImages: Sendable {
  /// By the judges' names.
  let views: [String: JudgeView]
  /// The training image nearest to each.
  let nearest: NearestImages?
  /// The training images that they are copies of.
  let aligned: AlignedCopies?

  init(views: [String: JudgeView], nearest: NearestImages?, aligned: AlignedCopies?) {
    (self.views, self.nearest, self.aligned) = (views, nearest, aligned)
  }

  /// A whole set, of its parts in their order; of no parts nothing that was seen.
  ///
  /// - Precondition: all were looked at by the same panel.
  public init(_ parts: [SeenImages]) {
    guard parts.count != 1 else {
      self = parts[0]
      return
    }
    var views: [String: JudgeView] = [:]
    for name in parts.first?.views.keys.sorted() ?? [] {
      views[name] = JudgeView(parts.compactMap { $0.views[name] })
    }
    self.init(
      views: views, nearest: NearestImages(parts.compactMap(\.nearest)),
      aligned: AlignedCopies(parts.compactMap(\.aligned)))
  }
}

extension SeenImages: Codable {
  private enum CodingKeys: CodingKey { case views, nearest, aligned }

  /// Features and logits in single precision, in which judges compute: nothing is lost.
  private struct Numbers: Codable {
    let rows, columns: Int
    let values: Data

    init(_ matrix: Matrix) {
      (rows, columns) = (matrix.rows, matrix.columns)
      values = matrix.elements.map(Float.init).withUnsafeBytes { Data($0) }
    }

    func matrix(_ decoder: any Decoder) throws -> Matrix {
      let (count, overflows) = rows.multipliedReportingOverflow(by: columns)
      guard !overflows, min(rows, columns) >= 0, values.count == count * MemoryLayout<Float>.size else {
        throw DecodingError.dataCorrupted(
          .init(
            codingPath: decoder.codingPath, debugDescription: "\(values.count) bytes of \(rows)×\(columns)"))
      }
      let numbers = values.withUnsafeBytes { bytes in
        (0..<count).map { Double(bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self)) }
      }
      return Matrix(rows: rows, columns: columns, numbers)
    }
  }

  private struct View: Codable {
    let features, logits: Numbers
  }

  /// Reads what ``encode(to:)`` writes.
  ///
  /// - Throws: `DecodingError`, for views of different numbers of images too.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let found = try container.decode([String: View].self, forKey: .views)
    let nearest = try container.decodeIfPresent(NearestImages.self, forKey: .nearest)
    let aligned = try container.decodeIfPresent(AlignedCopies.self, forKey: .aligned)
    var counts = Set([nearest?.indices.count, aligned?.indices.count].compactMap { $0 })
    var views: [String: JudgeView] = [:]
    for (name, view) in found {
      let (features, logits) = (try view.features.matrix(decoder), try view.logits.matrix(decoder))
      counts.formUnion([features.rows, logits.rows])
      guard counts.count == 1, logits.columns >= 1 else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "\(counts.sorted()) images"))
      }
      views[name] = JudgeView(features: features, logits: logits)
    }
    self.init(views: views, nearest: nearest, aligned: aligned)
  }

  /// Writes the numbers as bytes.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(
      views.mapValues { View(features: Numbers($0.features), logits: Numbers($0.logits)) }, forKey: .views)
    try container.encodeIfPresent(nearest, forKey: .nearest)
    try container.encodeIfPresent(aligned, forKey: .aligned)
  }
}

extension JudgeView {
  /// The views of parts of a set, as one of the set.
  fileprivate init(_ parts: [JudgeView]) {
    func joined(_ part: (JudgeView) -> Matrix) -> Matrix {
      let matrices = parts.map(part).filter { $0.rows > 0 }
      return Matrix(
        rows: matrices.reduce(0) { $0 + $1.rows }, columns: matrices.first?.columns ?? 0,
        matrices.flatMap(\.elements))
    }
    self.init(features: joined(\.features), logits: joined(\.logits))
  }
}
