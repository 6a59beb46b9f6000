import Files
import Foundation
import Testing

/// Files of other kinds are called by their name, and what helps is said.
@Suite struct FileKindTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let kind: FileKind?
    let name: String
    let start: [UInt8]
    var testDescription: String { name }

    init(_ kind: FileKind?, _ name: String, _ start: [UInt8]) {
      self.kind = kind
      self.name = name
      self.start = start
    }

    init(_ kind: FileKind?, _ name: String, _ start: String) { self.init(kind, name, Array(start.utf8)) }

    /// A zip archive that begins with an entry of this name.
    static func zip(_ kind: FileKind, _ name: String, entry: String) -> Example {
      let header =
        Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 22) + [UInt8(entry.utf8.count), 0, 0, 0]
      return Example(kind, name, header + entry.utf8 + [0x80, 2, 0x7D])
    }
  }

  static let examples = [
    Example(.empty, "a.safetensors", ""),
    Example(.zeros, "a.safetensors", [UInt8](repeating: 0, count: 512)),
    Example(.webPage, "a.safetensors", "<!DOCTYPE html><html>Sign in</html>"),
    Example(.webPage, "a.gz", "\u{FEFF}\n  <HTML lang=en>"),
    Example(.webPage, "a", "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC><html xmlns=''>"),
    Example(.xml, "a", "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"),
    Example(.lfsPointer, "a", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n"),
    Example(.safetensors, "a", [72, 1, 0, 0, 0, 0, 0, 0, 0x7B, 0x22]),
    Example(.numPyArray, "a", [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]),
    .zip(.numPyArchive, "a", entry: "images.npy"), .zip(.numPyArchive, "a.npz", entry: "x"),
    .zip(.pyTorch, "a", entry: "archive/data.pkl"), .zip(.pyTorch, "model.pt", entry: "model/x"),
    .zip(.pyTorch, "a", entry: "model/.format_version"), .zip(.keras, "a", entry: "metadata.json"),
    .zip(.keras, "m.keras", entry: "x"), .zip(.zip, "a.zip", entry: "photo.png"),
    Example(.pyTorch, "old.pth", [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A]),
    Example(.pyTorch, "a.ckpt", [0x80, 4, 0x95, 0]), Example(.pickle, "a.pkl", [0x80, 4, 0x95, 0, 0]),
    Example(.hdf5, "a.h5", [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]),
    Example(.onnx, "a", [8, 7, 0x12, 7] + Array("pytorch".utf8)),
    Example(.onnx, "a", [8, 10, 0x3A, 0x90, 1]),
    Example(.tensorFlowLite, "a.tflite", [0x1C, 0, 0, 0] + Array("TFL3".utf8)),
    Example(.gguf, "a", "GGUF\u{3}"),
    Example(.matlab, "a.mat", "MATLAB 5.0 MAT-file, Platform: GLNXA64"),
    Example(.idx, "train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0xEA, 0x60]),
    Example(.png, "a", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
    Example(.jpeg, "a.png", [0xFF, 0xD8, 0xFF, 0xE0]),
    Example(.gif, "a", "GIF89a"), Example(.webP, "a", "RIFF....WEBPVP8 "), Example(.bmp, "a", "BM...."),
    Example(.tiff, "a", [0x49, 0x49, 0x2A, 0]), Example(.pdf, "a", "%PDF-1.7"),
    Example(.parquet, "a", "PAR1"),
    Example(.gzip, "a", [0x1F, 0x8B, 8]), Example(.bzip2, "a", "BZh91AY"),
    Example(.xz, "a", [0xFD] + Array("7zXZ".utf8) + [0]),
    Example(.zstandard, "a", [0x28, 0xB5, 0x2F, 0xFD]),
    Example(.sevenZip, "a", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
    Example(.tar, "a", Array("a.txt".utf8) + [UInt8](repeating: 0, count: 252) + Array("ustar".utf8)),
    Example(.json, "a", " {\"error\": \"not found\"}"), Example(.text, "a", "label,pixel1,pixel2\n5,0,é\n"),
    Example(.text, "a", Array("cut off in the middle of é".utf8.dropLast())),
    Example(nil, "a", [0xC0, 0xFF, 0xEE, 0]), Example(nil, "a.pt", [1, 2, 3]),
    Example(nil, "a", "\u{1B}[31m"),
  ]

  @Test(arguments: examples)
  func isRecognised(example: Example) {
    #expect(FileKind(start: Data(example.start), path: example.name) == example.kind)
  }

  @Test func everyKindHasAnExample() {
    #expect(Set(Self.examples.compactMap(\.kind)) == Set(FileKind.allCases))
  }

  /// A sentence fits into an error, and says what to do where weights were wanted and something else is meant
  /// to hold them.
  @Test(arguments: FileKind.allCases)
  func saysWhatToDo(kind: FileKind) {
    for wanted in [FileKind.Wanted.weights, .array, .dataset, .picture] {
      #expect(kind.sentence(wanted: wanted).count <= 200)
    }
    let helped: [FileKind] = [
      .webPage, .lfsPointer, .pyTorch, .pickle, .keras, .hdf5, .onnx, .matlab, .numPyArray, .numPyArchive,
      .gzip, .zip,
    ]
    if helped.contains(kind) { #expect(kind.sentence(wanted: .weights).contains("; ")) }
  }

  /// Whatever bytes: a kind or none, never a trap.
  @Test func noBytesAreATrap() {
    for example in Self.examples {
      for length in 0..<min(64, example.start.count) {
        var bytes = Array(example.start.prefix(length + 1))
        _ = FileKind(start: Data(bytes), path: example.name)
        bytes[length] ^= 0xFF
        _ = FileKind(start: Data(bytes).dropFirst(1), path: "")
      }
    }
  }
}
