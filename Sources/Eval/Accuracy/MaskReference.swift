import Datasets

/// Which mask of a user's own said where pixels may change, as a file of results holds it.
public struct MaskReference: Codable, Equatable, Sendable {
  /// The name of its file, without the folder.
  public let file: String
  /// SHA-256 of the file; empty for a mask that was not read from a file.
  public let sha256: String

  /// Names the mask by what identifies it.
  public init(_ mask: PixelMask) { (file, sha256) = (mask.name, mask.sha256) }
}
