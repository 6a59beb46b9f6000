import Datasets
import Files
import Pictures

/// Grey images that are to be coloured, and what their files were called.
public struct GreyImages {
  /// The images, with their labels where those are known.
  public let images: SampleImages
  /// The pictures' paths from their folder on, one an image; nil of images that are many in a file.
  public let names: [String]?

  /// Images that were read already, with the names of their pictures where each has one of its own.
  public init(_ images: SampleImages, names: [String]? = nil) { (self.images, self.names) = (images, names) }

  /// The images of a data set, with their labels.
  ///
  /// - Precondition: the images are grey.
  public init(_ images: LabeledImages) {
    precondition(images.channels == 1, "GreyImages: images \(images.shape)")
    let (least, greatest) = (images.pixels.min() ?? 0, images.pixels.max() ?? 0)
    self.init(
      SampleImages(
        source: "\(images.name), \(images.split.rawValue)", height: images.height, width: images.width,
        pixels: images.pixels, labels: images.labels.map(Int.init),
        range: .ofBytes(least...greatest, count: images.pixels.count)))
  }
}

/// Where grey images are read from.
///
/// | path | images | labels |
/// |---|---|---|
/// | a PNG or JPEG picture | it | – |
/// | a folder of pictures | each, by name | – |
/// | a folder of folders of pictures | those in them | each folder's name: a label's, or its number |
/// | `.npy`, `.npz` | as ``SampleSource`` reads them | those in the archive |
/// | IDX images, plain or packed | all | – |
///
/// Pictures may be of any size (`Datasets.PictureFitting`); those that cannot be read are named and left
/// out. Colour becomes grey. A file of labels goes with any but folders of folders.
public struct GreySource {
  /// What the labels 0, 1, … are called; folders of pictures may be named by them.
  public var labelNames: [String]
  /// How pictures become images; its size is that of all images.
  public var fitting: PictureFitting
  /// Black and white in arrays of floating-point numbers.
  public var pixelRange = 0.0...1.0
  /// How notes call these settings.
  public var settingNames = SampleSource.SettingNames()

  /// What is expected of a path.
  public static let expectation =
    "a PNG or JPEG picture, a folder of them, a .npy or .npz array, or IDX images"

  /// A source of grey images of `size` × `size`, of pictures their middle square (see ``fitting``).
  public init(labelNames: [String], size: Int = 28) {
    self.labelNames = labelNames
    fitting = PictureFitting(size: size, isGrey: true)
  }

  /// Reads the images at a path, all of one size, and their labels.
  ///
  /// - Parameters:
  ///   - path: one of those in the table.
  ///   - labels: a file of them, as ``SampleSource`` takes it.
  ///   - warning: hears of pictures that cannot be read.
  /// - Throws: `FileError`.
  public func load(
    _ path: String, labels: String? = nil, warning: (String) -> Void = { _ in }
  ) throws(FileError) -> GreyImages {
    let isFolder = try AtomicFile.isFolder(path, remedy: "expected \(Self.expectation)")
    let labels = try labels.map(labelArray)
    if isFolder { return try folder(path, labels, warning) }
    let file = try InputFile(path)
    switch FileKind(start: try file.peek(FileKind.startSize), path: path) {
    case .png?, .jpeg?:
      var pictures = FittedPictures(fitting)
      pictures.add(
        try Picture(file.rest(limit: AtomicFile.largestFile), path: path, background: fitting.background),
        name: path.lastPathComponent)
      return try GreyImages(labelled(pictures.images(path), labels), names: pictures.names)
    case .idx?, .gzip?: return GreyImages(try labelled(idx(file), labels))
    default:
      var source = SampleSource(labelNames: labelNames)
      (source.size, source.pixelRange) = (fitting.size, pixelRange)
      source.settingNames = settingNames
      return GreyImages(try source.arrays(file, labels: labels, expected: Self.expectation))
    }
  }

  private func folder(
    _ path: String, _ labels: LabelArray?, _ warning: (String) -> Void
  ) throws(FileError) -> GreyImages {
    let folder = try SampleFolder(path, labelNames: labelNames)
    if let labels { try folder.checkOrder(for: labels) }
    var pictures = FittedPictures(fitting)
    var failure: FileError?
    for file in folder.pictures {
      do throws(FileError) {
        let picture = try Picture(
          AtomicFile.read(file.path), path: file.path, background: fitting.background)
        pictures.add(
          picture, name: String(file.path.dropFirst(path.count).drop { $0 == "/" }), label: file.label)
      } catch {
        // Which label belongs to which picture is not known any more.
        if labels != nil { throw error }
        warning("left out: \(error)")
        failure = failure ?? error
      }
    }
    if pictures.names.isEmpty, let failure { throw failure }
    return try GreyImages(labelled(pictures.images(path), labels), names: pictures.names)
  }

  private func idx(_ file: InputFile) throws(FileError) -> SampleImages {
    let path = file.path
    let found = try IDX(.images, data: file.rest(limit: IDX.largestFile), path: path)
    let (height, width, channels) = (found.shape[1], found.shape[2], found.shape[3])
    guard channels == 1 || channels == 3 else {
      throw .malformed(path: path, expected: "grey or RGB images", found: "\(found.shape)")
    }
    return SampleImages(
      source: path, height: height, width: width,
      pixels: GreyConversion.pixels(found.values, from: channels, to: 1),
      range: .ofBytes((found.values.min() ?? 0)...(found.values.max() ?? 0), count: found.values.count)
    ).resized(height: fitting.size, width: fitting.size)
  }

  // MARK: - Labels

  private func labelArray(_ path: String) throws(FileError) -> LabelArray {
    try SampleSource(labelNames: labelNames).labelArray(path)
  }

  private func labelled(_ images: SampleImages, _ array: LabelArray?) throws(FileError) -> SampleImages {
    guard let array else { return images }
    let labels = try array.labels(imageCount: images.count, labelCount: labelNames.count, names: labelNames)
    return SampleImages(
      source: images.source, height: images.height, width: images.width, pixels: images.pixels,
      labels: labels, range: images.range, notes: images.notes)
  }
}

/// Pictures of any size as images of one, one after another.
private struct FittedPictures {
  private let fitting: PictureFitting
  private(set) var names: [String] = []
  private var traits: PictureTraits
  private var pixels: [UInt8] = []
  private var labels: [Int] = []
  private var areFitted = false

  init(_ fitting: PictureFitting) {
    self.fitting = fitting
    traits = PictureTraits(channels: 1, background: fitting.background)
  }

  mutating func add(_ picture: Picture, name: String, label: Int? = nil) {
    traits.add(picture)
    pixels += fitting(picture.bitmap)
    names.append(name)
    if let label { labels.append(label) }
    areFitted = areFitted || (picture.bitmap.height, picture.bitmap.width) != (fitting.size, fitting.size)
  }

  /// - Precondition: a picture was added.
  func images(_ path: String) -> SampleImages {
    SampleImages(
      source: path, height: fitting.size, width: fitting.size, pixels: pixels,
      labels: labels.count == names.count ? labels : nil, range: traits.range,
      notes: traits.notes + (areFitted ? [fitting.note] : []))
  }
}
