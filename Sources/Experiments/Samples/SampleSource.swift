import Datasets
import Files

/// Where images to be judged are read from, and in which form they are wanted.
///
/// | path | images | labels |
/// |---|---|---|
/// | `.npy` | the array | – |
/// | `.npz` | the array `images`, else a single unnamed one (`arr_0`) | the array `labels`, where there is one |
/// | folder | the PNG or JPEG pictures in it, by name | – |
/// | folder of folders | the PNG or JPEG pictures in those, by name | each folder's name: a label's, or its number |
///
/// A file of labels goes with any but the last, and before the labels in an archive. Grids are cut into their
/// images, with a label each; images of another size are resized or cropped (`SampleFitting`). Says nothing
/// about whether the images are good: that is for those who judge.
public struct SampleSource {
  /// What the labels 0, 1, … are called.
  public var labelNames: [String]
  /// Rows and columns of the images wanted.
  public var size = 28
  /// 1 for grey images, which colour becomes; 3 for RGB, which grey becomes.
  public var channels = 1
  /// Black and white in arrays of floating-point numbers.
  public var pixelRange = 0.0...1.0
  /// How many images each picture holds; nil for one.
  public var grid: SampleGrid?
  /// Whether the middle of larger images is taken instead of all, resized.
  public var crops = false

  /// How notes call these settings, where they name another that may be meant.
  public var settingNames = SettingNames()

  /// What notes call the settings that a reader may have to change: the names of the properties, or others in
  /// their place, such as those of a program's options.
  public struct SettingNames: Sendable {
    /// The name of ``SampleSource/pixelRange``.
    public var pixelRange = "pixelRange"
    /// The name of ``SampleSource/grid``.
    public var grid = "grid"
    /// The name of ``SampleSource/crops``.
    public var crops = "crops"

    /// The names of the properties.
    public init() {}
  }

  /// A source of grey images of 28×28; the other settings are properties.
  public init(labelNames: [String]) { self.labelNames = labelNames }

  /// Reads the images at a path, in the size and channels that are wanted.
  ///
  /// - Parameters:
  ///   - path: a `.npy` or `.npz` file, or a folder of PNG or JPEG pictures.
  ///   - labels: a `.npy` array of labels in any form of `LabelArray`, or an `.npz` archive with one called
  ///     `labels`.
  /// - Throws: `FileError` where something is missing or is not what the table says.
  public func load(_ path: String, labels: String? = nil) throws(FileError) -> SampleImages {
    let isFolder = try AtomicFile.isFolder(
      path, remedy: "pass a .npy or .npz file or a folder of PNG or JPEG pictures")
    let labels = try labels.map(labelArray)
    return try isFolder
      ? SampleFolder(path, labelNames: labelNames).load(labels: labels, channels: channels, fitting(path))
      : arrays(
        InputFile(path), labels: labels, expected: "a .npy or .npz file or a folder of PNG or JPEG pictures")
  }

  /// The images in a file of arrays, of which nothing was taken.
  func arrays(
    _ file: InputFile, labels given: LabelArray?, expected: String
  ) throws(FileError) -> SampleImages {
    let path = file.path
    let images: NPYArray
    var stored: LabelArray?
    switch try ArrayFile(file, expected: expected) {
    case .array(let file): images = try NPYArray(file)
    case .archive(let archive):
      images = try archive.array(Self.name("images", in: archive))
      if given == nil, archive.names.contains("labels") { stored = try LabelArray("labels", in: archive) }
    }
    let labels = given ?? stored
    let samples = try SampleImages(
      images, labels: grid == nil ? labels : nil, names: labelNames, pixelRange: pixelRange,
      channels: channels, source: path)
    return try fitted(samples, labels: labels)
  }

  /// Images of the size that is wanted.
  ///
  /// - Parameter labels: for those out of a grid.
  private func fitted(_ samples: SampleImages, labels: LabelArray?) throws(FileError) -> SampleImages {
    var fit = try fitting(samples.source)(samples.height, samples.width)
    var pixels = samples.pixels
    if !fit.isIdentity {
      let length = samples.valuesPerImage
      pixels = []
      for start in stride(from: 0, to: samples.pixels.count, by: length) {
        pixels += fit(Array(samples.pixels[start..<start + length]))
      }
    }
    let count = pixels.count / (size * size * channels)
    let own =
      grid == nil
      ? samples.labels
      : try labels.map { array throws(FileError) in
        try array.labels(imageCount: count, labelCount: labelNames.count, names: labelNames)
      }
    return SampleImages(
      source: samples.source, height: size, width: size, channels: channels, pixels: pixels, labels: own,
      range: samples.range,
      notes: samples.notes
        + [PixelRangeHint.note(samples.range, setting: settingNames.pixelRange)].compactMap { $0 } + fit.notes
    )
  }

  /// What makes images of pictures of some height and width.
  private func fitting(_ path: String) -> (Int, Int) throws(FileError) -> SampleFitting {
    { height, width throws(FileError) in
      try SampleFitting(
        height: height, width: width, channels: channels, to: size, grid: grid, crops: crops, path: path,
        names: settingNames)
    }
  }

  func labelArray(_ path: String) throws(FileError) -> LabelArray {
    try AtomicFile.checkIsFile(path)
    switch try ArrayFile(path, expected: "labels in a .npy or .npz file") {
    case .array(let file): return try LabelArray(file)
    case .archive(let archive): return try LabelArray(Self.name("labels", in: archive), in: archive)
    }
  }

  /// The array called `name`, or the one that was saved without a name.
  private static func name(_ name: String, in archive: NPZArchive) -> String {
    let isUnnamed = !archive.names.contains(name) && archive.names.filter { $0 != "labels" } == ["arr_0"]
    return isUnnamed ? "arr_0" : name
  }
}
