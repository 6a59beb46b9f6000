import FoundationEssentials

/// What a file is, told by its first bytes: for the sentence that is shown where another kind was wanted.
///
/// A guess of a person's kind, not a check: what is recognised here may still be damaged. The ending of the
/// name decides only between kinds that begin alike, such as the archives of PyTorch and Keras.
public enum FileKind: String, Sendable, CaseIterable {
  /// No bytes at all.
  case empty = "an empty file"
  /// At least 16 bytes, of which all that were looked at are 0.
  case zeros = "nothing but zeros, as a download leaves that stopped early"
  /// HTML, as servers send it in the place of a file that they do not give.
  case webPage = "a web page, such as a server's error or sign-in page saved under this name"
  /// The few lines that stand for a file in a repository with Git LFS.
  case lfsPointer = "a Git LFS pointer, which stands for the file and is not it"
  /// Named tensors: the form in which weights are read here.
  case safetensors = "weights in the safetensors form"
  /// One array, which ``NPYArray`` reads.
  case numPyArray = "a NumPy array (.npy)"
  /// Several arrays in a zip archive, which ``NPZArchive`` reads.
  case numPyArchive = "an archive of NumPy arrays (.npz)"
  /// An array in the format of MNIST, of whatever type.
  case idx = "an IDX file"
  /// What `torch.save` writes, as an archive or in its older form.
  case pyTorch = "a PyTorch checkpoint"
  /// Pickled objects of Python under a name that is not PyTorch's.
  case pickle = "a Python pickle"
  /// What Keras saves, a zip archive (`.keras`).
  case keras = "a Keras model"
  /// A container of arrays: older models of Keras, newer files of MATLAB and others.
  case hdf5 = "an HDF5 file, as Keras and MATLAB write them"
  /// A network in the ONNX format.
  case onnx = "an ONNX network"
  /// A network in the format of TensorFlow Lite.
  case tensorFlowLite = "a TensorFlow Lite network"
  /// Weights of a language model in the GGUF format.
  case gguf = "a GGUF file of a language model"
  /// A file of MATLAB that is not HDF5 from its first byte on.
  case matlab = "a MATLAB file"
  /// A picture of a kind that is read here.
  case png = "a PNG picture"
  /// A picture of a kind that is read here.
  case jpeg = "a JPEG picture"
  /// A picture, perhaps animated, that must be converted to PNG.
  case gif = "a GIF picture"
  /// A picture that must be converted to PNG.
  case webP = "a WebP picture"
  /// A picture that must be converted to PNG.
  case bmp = "a BMP picture"
  /// A picture that must be converted to PNG.
  case tiff = "a TIFF picture"
  /// A document; pictures in it are not looked for.
  case pdf = "a PDF document"
  /// A table of columns in Parquet's format.
  case parquet = "a Parquet table"
  /// An archive of files that are not those of NumPy, PyTorch or Keras.
  case zip = "a zip archive"
  /// One file, packed by gzip. IDX files may stay as they are.
  case gzip = "a gzip file"
  /// One file, packed by bzip2.
  case bzip2 = "a bzip2 file"
  /// One file, packed by xz.
  case xz = "an xz file"
  /// One file, packed by Zstandard.
  case zstandard = "a Zstandard file"
  /// An archive of 7-Zip.
  case sevenZip = "a 7z archive"
  /// Files one after another, not packed.
  case tar = "a tar archive"
  /// Text that begins with `{` or `[`.
  case json = "JSON text"
  /// Text that begins with an XML declaration, a document type or a comment, and is not HTML.
  case xml = "XML text"
  /// Any other text in UTF-8.
  case text = "plain text"

  /// What somebody wanted to read.
  public enum Wanted: Sendable {
    /// The weights of a network.
    case weights
    /// Images, labels or features as an array of NumPy.
    case array
    /// A file of a data set, such as IDX.
    case dataset
    /// A picture, PNG or JPEG.
    case picture
  }

  /// So many first bytes are enough.
  public static let startSize = 512

  /// Recognises a file by its first bytes.
  ///
  /// - Parameters:
  ///   - start: the first bytes, ``startSize`` of them where there are as many.
  ///   - path: the file's name, of which only the ending is looked at.
  /// - Returns: nil for a kind that is not known.
  public init?(start: Data, path: String) {
    let bytes = [UInt8](start.prefix(Self.startSize))
    let ending = path.pathExtension.lowercased()
    guard let kind = Self.byMagic(bytes, ending: ending) ?? Self.byText(bytes) else { return nil }
    self = kind
  }

  /// What it is, and what can be done to get what was wanted.
  public func sentence(wanted: Wanted) -> String {
    remedy(wanted).map { "\(rawValue); \($0)" } ?? rawValue
  }

  /// What to say of a file that begins like this, for the `found` of a ``FileError``; `other` where its kind
  /// is not known.
  public static func found(_ start: Data, path: String, wanted: Wanted, other: String = "other bytes")
    -> String
  {
    FileKind(start: start, path: path)?.sentence(wanted: wanted) ?? other
  }

  private func remedy(_ wanted: Wanted) -> String? {
    switch (self, wanted) {
    case (.webPage, _), (.zeros, _): "download it again"
    case (.lfsPointer, _): "fetch the file itself with git lfs pull"
    case (.gzip, .weights), (.gzip, .array), (.gzip, .picture), (.bzip2, _), (.xz, _), (.zstandard, _),
      (.zip, _),
      (.sevenZip, _), (.tar, _):
      "unpack it first"
    case (.pyTorch, .weights), (.pickle, .weights):
      "save its tensors with safetensors.torch.save_file, named and described as the guide says"
    case (.keras, .weights), (.hdf5, .weights), (.matlab, .weights), (.onnx, .weights),
      (.tensorFlowLite, .weights):
      "it cannot be converted here: save its arrays as safetensors, named and described as the guide says"
    case (.numPyArray, .weights), (.numPyArchive, .weights):
      "save its arrays with safetensors.numpy.save_file, named and described as the guide says"
    case (.pyTorch, .array), (.pickle, .array), (.hdf5, .array), (.matlab, .array): "save it with numpy.save"
    case (.gif, .picture), (.webP, .picture), (.bmp, .picture), (.tiff, .picture):
      "convert it to PNG"
    default: nil
    }
  }

  // MARK: - Recognising

  private static let magics: [(FileKind, [UInt8])] = [
    (.numPyArray, [0x93] + Array("NUMPY".utf8)), (.hdf5, [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A]),
    (.png, [0x89] + Array("PNG\r\n".utf8) + [0x1A, 0x0A]), (.jpeg, [0xFF, 0xD8, 0xFF]),
    (.gif, Array("GIF8".utf8)),
    (.bmp, Array("BM".utf8)), (.tiff, [0x49, 0x49, 0x2A, 0]), (.tiff, [0x4D, 0x4D, 0, 0x2A]),
    (.pdf, Array("%PDF-".utf8)), (.gguf, Array("GGUF".utf8)), (.parquet, Array("PAR1".utf8)),
    (.matlab, Array("MATLAB ".utf8)), (.gzip, [0x1F, 0x8B]), (.bzip2, Array("BZh".utf8)),
    (.xz, [0xFD] + Array("7zXZ".utf8) + [0]), (.zstandard, [0x28, 0xB5, 0x2F, 0xFD]),
    (.sevenZip, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
    // What torch.save began with before it made archives: the pickled number 0x1950a86a20f9469cfc6c.
    (.pyTorch, [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20]),
  ]

  private static func byMagic(_ bytes: [UInt8], ending: String) -> FileKind? {
    func has(_ text: String, at position: Int) -> Bool { bytes.dropFirst(position).starts(with: text.utf8) }
    if bytes.isEmpty { return .empty }
    if has("PK\u{3}\u{4}", at: 0) || has("PK\u{5}\u{6}", at: 0) { return archive(bytes, ending: ending) }
    if bytes.count > 8, bytes[8] == UInt8(ascii: "{"), bytes[5..<8].allSatisfy({ $0 == 0 }) {
      return .safetensors
    }
    if let magic = magics.first(where: { bytes.starts(with: $0.1) }) { return magic.0 }
    if has("TFL3", at: 4) { return .tensorFlowLite }
    if has("RIFF", at: 0), has("WEBP", at: 8) { return .webP }
    if has("ustar", at: 257) { return .tar }
    // The protocol's number, and what can follow it in a pickle of any size.
    if bytes.count > 2, bytes[0] == 0x80, (2...5).contains(bytes[1]) {
      return ["pt", "pth", "ckpt", "bin"].contains(ending) ? .pyTorch : .pickle
    }
    // Protocol buffers of a ModelProto: its version, and then the field of a text, a number or a graph.
    if bytes.count > 2, bytes[0] == 8, (1...31).contains(bytes[1]),
      [0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42].contains(bytes[2])
    {
      return .onnx
    }
    if bytes.count >= 16, bytes.allSatisfy({ $0 == 0 }) { return .zeros }
    if bytes.count >= 8, bytes[0] == 0, bytes[1] == 0, [8, 9, 11, 12, 13, 14].contains(bytes[2]),
      (1...4).contains(bytes[3])
    {
      return .idx
    }
    return nil
  }

  /// Whose archive it is, by the name of its first entry.
  private static func archive(_ bytes: [UInt8], ending: String) -> FileKind {
    let length = bytes.count > 30 ? Int(bytes[26]) | Int(bytes[27]) << 8 : 0
    let name = String(decoding: bytes.dropFirst(30).prefix(length), as: UTF8.self)
    let torchEntries = [
      "data.pkl", ".format_version", "/byteorder", "constants.pkl", "/version", ".storage_alignment",
    ]
    if name.hasSuffix(".npy") || ending == "npz" { return .numPyArchive }
    if torchEntries.contains(where: name.hasSuffix) { return .pyTorch }
    if ["metadata.json", "config.json", "model.weights.h5"].contains(name) { return .keras }
    if ["pt", "pth", "ckpt", "bin"].contains(ending) { return .pyTorch }
    return ending == "keras" ? .keras : .zip
  }

  private static func byText(_ bytes: [UInt8]) -> FileKind? {
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    // The last character may be cut off.
    let isText = content.allSatisfy { $0 >= 32 && $0 != 127 || (9...13).contains($0) }
    guard isText, (0...3).contains(where: { String(validating: content.dropLast($0), as: UTF8.self) != nil })
    else { return nil }
    let text = String(decoding: content, as: UTF8.self).trimmed()
      .lowercased()
    if text.hasPrefix("version https://git-lfs") { return .lfsPointer }
    if ["<!doctype html", "<html", "<head", "<body", "<script", "<title"].contains(where: text.hasPrefix) {
      return .webPage
    }
    if text.hasPrefix("<?xml") || text.hasPrefix("<!doctype") || text.hasPrefix("<!--") {
      return text.contains("<html") ? .webPage : .xml
    }
    return text.hasPrefix("{") || text.hasPrefix("[") ? .json : .text
  }
}
