import Files
import FoundationEssentials
import Kernels
import Pictures

/// How the pictures of a folder become images, and who hears of it.
public struct PictureReading {
  /// How a picture becomes an image of one size.
  public var fitting: PictureFitting
  /// Which pictures are held out, where the folder does not say it.
  public var splitSeed: Int
  /// Where images are kept for the next time; nil for the user's cache.
  public var cacheFolder: String?
  /// The pictures that have been decoded, and all of them.
  public var progress: (_ done: Int, _ total: Int) -> Void
  /// What was left out, and why.
  public var note: (String) -> Void

  /// By default square crops of 28×28 RGB pixels, kept in the user's cache, of which nobody hears.
  public init(
    _ fitting: PictureFitting = PictureFitting(), splitSeed: Int = 1, cacheFolder: String? = nil,
    progress: @escaping (Int, Int) -> Void = { _, _ in },
    note: @escaping (String) -> Void = { _ in }
  ) {
    self.fitting = fitting
    self.splitSeed = splitSeed
    self.cacheFolder = cacheFolder
    self.progress = progress
    self.note = note
  }
}

/// The images of a ``PictureFolder``, and which of them are held out.
///
/// Where the folder does not say it, a fifth of each label's pictures is: those whose digest, taken with the
/// seed, has the smallest SHA-256. So a picture stays on its side when others come or go (but for those at
/// the border), and copies of one are on the same side.
struct PictureSet {
  /// The share of a label's pictures that is held out: one at least, where there are two.
  private static let heldOutShare = 0.2
  /// More pictures that cannot be read than this share are no accident.
  private static let unreadableShare = 0.05

  private let folder: PictureFolder
  private let fitting: PictureFitting
  /// The files that could be read, and the images of them all, `[N, H, W, C]`.
  private let files: [PictureFolder.File]
  private let pixels: [UInt8]
  private let splits: [Split]

  /// - Throws: ``FileError/malformed(path:expected:found:)`` where more than a twentieth of the pictures
  ///   cannot be read, or a label has none that can.
  init(_ folder: PictureFolder, _ reading: PictureReading) throws(FileError) {
    (self.folder, fitting) = (folder, reading.fitting)
    folder.notes.forEach(reading.note)
    let digests = Self.digests(of: folder)
    let cache = PictureCache(folder, digests, reading)
    let images: PictureImages
    if let kept = cache.read() {
      images = kept
    } else {
      images = Self.decoded(folder, reading)
      cache.write(images)
    }
    try Self.check(images.refusals, in: folder, reading)
    files = images.kept.map { folder.files[$0] }
    pixels = images.pixels
    splits = Self.splits(of: files, images.kept.map { digests[$0] }, seed: reading.splitSeed)
    let readable = Set(files.map(\.label))
    if let label = folder.labelNames.indices.first(where: { !readable.contains($0) }) {
      throw .malformed(
        path: "\(folder.path)/\(folder.labelNames[label])", expected: "a picture that can be read",
        found: "none")
    }
  }

  /// The images of one split, in the order of their paths.
  func stored(_ split: Split) throws(FileError) -> StoredSplit {
    let chosen = files.indices.filter { splits[$0] == split }
    guard !chosen.isEmpty else {
      throw .malformed(
        path: folder.path, expected: "pictures of the \(split.rawValue) split: two or more of a label",
        found: "\(files.count) pictures of \(folder.labelNames.count) labels")
    }
    let size = fitting.valuesPerImage
    var own: [UInt8] = []
    own.reserveCapacity(chosen.count * size)
    for index in chosen { own += pixels[index * size..<(index + 1) * size] }
    return StoredSplit(
      height: fitting.size, width: fitting.size, channels: fitting.channels, pixels: own,
      labels: chosen.map { UInt8(files[$0].label) }, labelsPath: folder.path)
  }

  // MARK: - Reading

  /// The SHA-256 of each file; empty for one that cannot be read.
  private static func digests(of folder: PictureFolder) -> [String] {
    var digests = [String](repeating: "", count: folder.files.count)
    digests.withUnsafeMutableBufferPointer { digests in
      let digests = digests
      Parallel.forEach(chunks: digests.count) { index in
        let data = try? AtomicFile.read("\(folder.path)/\(folder.files[index].path)", limit: largestFile)
        digests[index] = data.map(SHA256.hex) ?? ""
      }
    }
    return digests
  }

  /// Bytes of a picture's file.
  private static let largestFile = 256 << 20
  /// Pictures between two calls of the progress.
  private static let picturesPerStep = 64

  private static func decoded(_ folder: PictureFolder, _ reading: PictureReading) -> PictureImages {
    let (files, size) = (folder.files, reading.fitting.valuesPerImage)
    var pixels = [UInt8](repeating: 0, count: files.count * size)
    var refusals = [String?](repeating: nil, count: files.count)
    pixels.withUnsafeMutableBufferPointer { pixels in
      refusals.withUnsafeMutableBufferPointer { refusals in
        let (pixels, refusals) = (pixels, refusals)
        for first in stride(from: 0, to: files.count, by: picturesPerStep) {
          reading.progress(first, files.count)
          Parallel.forEach(chunks: min(picturesPerStep, files.count - first)) { offset in
            let index = first + offset
            let path = "\(folder.path)/\(files[index].path)"
            do throws(FileError) {
              let data = try AtomicFile.read(path, limit: largestFile)
              let picture = try Picture(data, path: path, background: reading.fitting.background)
              let image = reading.fitting(picture.bitmap)
              for place in 0..<size { pixels[index * size + place] = image[place] }
            } catch {
              refusals[index] = "\(error)"
            }
          }
        }
      }
    }
    reading.progress(files.count, files.count)
    return PictureImages(pixels: pixels, refusals: refusals, valuesPerImage: size)
  }

  private static func check(
    _ refusals: [String], in folder: PictureFolder, _ reading: PictureReading
  ) throws(FileError) {
    guard !refusals.isEmpty else { return }
    let count = folder.files.count
    guard Double(refusals.count) <= unreadableShare * Double(count) else {
      throw .malformed(
        path: folder.path, expected: "pictures of which nearly all can be read",
        found: "\(refusals.count) of \(count) that cannot: \(refusals.prefix(3).joined(separator: "; "))")
    }
    reading.note("pictures that cannot be read left out: \(refusals.count) of \(count)")
    refusals.forEach(reading.note)
  }

  // MARK: - Splits

  private static func splits(of files: [PictureFolder.File], _ digests: [String], seed: Int) -> [Split] {
    var splits = files.map { $0.split ?? .train }
    guard files.contains(where: { $0.split == nil }) else { return splits }
    let ranks = digests.map { SHA256.hex(of: Data("\(seed) \($0)".utf8)) }
    for own in Dictionary(grouping: files.indices, by: { files[$0].label }).values where own.count > 1 {
      let count = min(own.count - 1, max(1, Int((heldOutShare * Double(own.count)).rounded())))
      for index in own.sorted(by: { (ranks[$0], $0) < (ranks[$1], $1) }).prefix(count) {
        splits[index] = .test
      }
    }
    return splits
  }
}

/// What came of the files of a ``PictureFolder``.
struct PictureImages: Equatable {
  /// The files that could be read, by their places, in order.
  let kept: [Int]
  /// Their images, one after another.
  let pixels: [UInt8]
  /// Why the others could not.
  let refusals: [String]

  init(kept: [Int], pixels: [UInt8], refusals: [String]) {
    (self.kept, self.pixels, self.refusals) = (kept, pixels, refusals)
  }

  /// - Parameters:
  ///   - pixels: of all files, whatever those of the refused are.
  ///   - refusals: of each file, nil for one that could be read.
  init(pixels: [UInt8], refusals: [String?], valuesPerImage size: Int) {
    kept = refusals.indices.filter { refusals[$0] == nil }
    self.refusals = refusals.compactMap { $0 }
    self.pixels =
      kept.count == refusals.count ? pixels : kept.flatMap { pixels[$0 * size..<($0 + 1) * size] }
  }
}
