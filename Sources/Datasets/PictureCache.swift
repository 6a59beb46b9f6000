import Files
import FoundationEssentials
import Glibc

/// The images of folders of pictures, kept between runs: in the user's cache, a file for each content.
///
/// Decoding is what takes time, so all files are read each time and their digests name the content: whatever
/// changes in a folder, a cached image is never one of other bytes. A file is an .npz of the images `[N, H,
/// W, C]`, the places of the pictures that they are of, and why others could not be read. One that is damaged
/// is made anew. Nothing removes old ones: the folder `pictures` of the cache may be deleted at any time.
struct PictureCache {
  private static let format = "assay/pictures/1"

  private let path: String
  private let identity: String
  private let shape: [Int]
  private let fileCount: Int
  private let note: (String) -> Void

  /// - Parameter digests: of the folder's files, in order.
  init(_ folder: PictureFolder, _ digests: [String], _ reading: PictureReading) {
    let fitting = reading.fitting
    let lines = zip(folder.files, digests).map { "\($1) \($0.path)" }
    identity = SHA256.hex(of: Data(([Self.format, fitting.note] + lines).joined(separator: "\n").utf8))
    shape = [fitting.size, fitting.size, fitting.channels]
    fileCount = folder.files.count
    note = reading.note
    let place = reading.cacheFolder ?? DatasetLocator().cacheFolder(for: Dataset(name: "pictures"))
    path = "\(place)/\(identity.prefix(16)).npz"
  }

  /// nil where they are not there, or not whole.
  func read() -> PictureImages? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let images = try? contents() else {
      note("\(path.visible(limit: 400)): it is damaged, or of another set; it is made anew")
      return nil
    }
    return images
  }

  private func contents() throws -> PictureImages? {
    let archive = try NPZArchive(path)
    func text(_ name: String) throws -> String {
      String(decoding: try archive.array(name).bytes(), as: UTF8.self)
    }
    let (images, kept) = (try archive.array("images"), try archive.array("kept").integers())
    let refusals = try text("refusals").split(separator: "\n").map(String.init)
    let isWhole =
      try text("identity") == identity && images.shape == [kept.count] + shape
      && kept.count + refusals.count == fileCount && kept.allSatisfy((0..<fileCount).contains)
    return isWhole ? PictureImages(kept: kept, pixels: try images.bytes(), refusals: refusals) : nil
  }

  /// What cannot be kept is made anew the next time.
  func write(_ images: PictureImages) {
    func array(_ text: String) -> Data { NPY.data([UInt8](text.utf8), shape: [text.utf8.count]) }
    do throws(FileError) {
      try AtomicFile.createFolder(path.deletingLastPathComponent)
      try NPZ.write(
        [
          "images": NPY.data(images.pixels, shape: [images.kept.count] + shape),
          "kept": NPY.data(images.kept, shape: [images.kept.count]),
          // Errors are of one line.
          "refusals": array(images.refusals.joined(separator: "\n")), "identity": array(identity),
        ], to: path)
    } catch {
      note("\(error); the next run will decode the pictures again")
    }
  }
}
