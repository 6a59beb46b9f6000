import Files
import FoundationEssentials

/// Fetches the files of a data set from its home, piece by piece.
///
/// A file grows as `NAME.gz.part` and is renamed to `NAME.gz` once it is complete, its content has the known
/// SHA-256, and it is flushed to the disk. An interrupted download goes on where it stopped, if the server
/// can send parts of a file, and from the start otherwise. A file with a wrong content is deleted. Files that
/// are already there are left alone. Blocks until it is done; does not retry.
public struct Download: Sendable {
  /// Called after each piece with the file's name, the bytes that are there, and its size.
  public typealias Progress = (_ file: String, _ bytes: Int, _ total: Int) -> Void

  private let transport: any DownloadTransport
  private let home: String?
  private let pieceSize: Int

  /// A download in pieces.
  ///
  /// - Parameters:
  ///   - transport: how a piece is brought.
  ///   - home: an address to use instead of the data set's own.
  ///   - pieceSize: how many bytes to ask for at once, and so the most that an interruption loses.
  public init(
    transport: any DownloadTransport = HTTPTransport(), home: String? = nil, pieceSize: Int = 1 << 20
  ) {
    self.transport = transport
    self.home = home
    self.pieceSize = pieceSize
  }

  /// Brings the four files of `dataset` to `folder`.
  ///
  /// - Throws: `FileError.missing(path:remedy:)` if the data set has no home or no known digests,
  ///   `FileError.unreadable(path:reason:)` with the address if the network fails (what has arrived is
  ///   kept), `FileError.malformed(path:expected:found:)` if something else arrived (nothing of it is
  ///   kept), or `FileError.unwritable(path:reason:)`.
  public func fetch(_ dataset: Dataset, to folder: String, progress: Progress) throws(FileError) {
    try AtomicFile.createFolder(folder)
    for file in DatasetFile.allCases where file.path(in: folder) == nil {
      guard let home = home ?? dataset.home, let base = URL(string: home), let digest = dataset.digests[file]
      else {
        throw .missing(path: dataset.name, remedy: dataset.remedy)
      }
      let url = base.appendingPathComponent(file.compressedName)
      let path = folder.appendingPathComponent(file.compressedName)
      let part = try PartialFile(path: "\(path).part")
      do {
        try receive(url, into: part) { progress(file.compressedName, $0, $1) }
      } catch {
        if part.count == 0 { part.delete() }
        throw error
      }
      do {
        try verify(part.read(), file, digest: digest, url: url)
      } catch {
        part.delete()
        throw error
      }
      try part.finish(as: path)
    }
  }

  private func receive(
    _ url: URL, into part: PartialFile, progress: (Int, Int) -> Void
  ) throws(FileError) {
    while true {
      let piece = try transport.fetch(url, range: part.count..<part.count + pieceSize)
      guard piece.total <= IDX.largestSize else {
        part.delete()
        throw .malformed(
          path: url.absoluteString, expected: "at most \(IDX.largestSize) bytes", found: "\(piece.total)")
      }
      if part.count > piece.total {
        // What is longer than the file was not a part of it.
        try part.write(Data(), at: 0)
        continue
      }
      // A server that cannot send parts sends all; one that sends another part would be asked for ever.
      let isWhole = piece.offset == 0 && piece.bytes.count == piece.total
      guard piece.offset == part.count || isWhole else {
        throw .unreadable(
          path: url.absoluteString, reason: "asked for byte \(part.count), the server sent \(piece.offset)")
      }
      try part.write(piece.bytes, at: piece.offset)
      progress(part.count, piece.total)
      if part.count >= piece.total { return }
      if piece.bytes.isEmpty {
        throw .unreadable(
          path: url.absoluteString, reason: "it ended after \(part.count) of \(piece.total) bytes")
      }
    }
  }

  private func verify(
    _ data: Data, _ file: DatasetFile, digest: String, url: URL
  ) throws(FileError) {
    let found = try IDX(file.kind, data: data, path: url.absoluteString).sha256
    guard found == digest else {
      throw .malformed(
        path: url.absoluteString, expected: "content with SHA-256 \(digest)",
        found: "\(found); nothing was kept")
    }
  }
}
