import Cluster
import Datasets
import Eval
import Files
import FoundationEssentials
import Kernels

/// The part of a score that can be divided: drawing images, and looking at each.
extension Scorer {
  /// What was drawn and seen of some images.
  private struct Piece: Codable {
    /// `[n, H, W, C]` of images that were drawn; nil of those that whoever merges has.
    let pixels: Data?
    let seen: SeenImages
  }

  /// Images in a piece. What is known of the training images is found anew for each, so they are not small;
  /// and the judges' batches (500) do not cross them.
  private static var pieceSize: Int { 2500 }

  /// What the values of all pieces follow from; the source is in the title of its task.
  var inputs: [String: String] {
    var inputs = ["instructions": Processor.Code.compiled.rawValue, "judges": version]
    for (name, images) in [("test images", panel.heldOut), ("training images", panel.training)] {
      inputs[name] = "\(images.count) of \(images.sha256)"
    }
    for judge in panel.judges { inputs["weights of \(judge.name)"] = judge.sha256 }
    return inputs
  }

  /// All pixels, and what the judges see; of a part of the work nothing that could be used.
  func look(at source: ScoredSource, _ division: Division) throws -> (pixels: [UInt8], seen: SeenImages) {
    let title = "\(source.name.lastPathComponent) \(source.sha256.prefix(12))"
    let values = source.shape.reduce(1, *)
    let pieces = try division.pieces(
      title, count: source.count, size: Self.pieceSize,
      fits: { (piece: Piece, range) in
        panel.fits(piece.seen, count: range.count)
          && (source.isDrawn ? piece.pixels?.count == range.count * values : piece.pixels == nil)
      }
    ) { range in
      let pixels = try source.pixels(range)
      return Piece(pixels: source.isDrawn ? Data(pixels) : nil, seen: panel.look(at: pixels))
    }
    let known = pieces.compactMap { $0 }
    guard !division.isPart else { return ([], SeenImages([])) }
    let pixels = source.isDrawn ? known.flatMap { $0.pixels ?? Data() } : try source.pixels(0..<source.count)
    return (pixels, SeenImages(known.map(\.seen)))
  }
}
