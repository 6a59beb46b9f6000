import Classifier
import Datasets
import Eval
import Files
import Generators
import Pictures

/// Colours grey images, and says how well where their labels are known.
///
/// Each figure of `Eval.ColorAccuracy`, and the classifiers' accuracy on the coloured images made grey
/// again, stands beside that of three other ways to colour the same images: by their labels, which is right
/// by definition; by the labels that the first classifier sees in them; and all with the mean of their right
/// colours.
public struct ColorizationExperiment {
  /// The colorizer; its labels and their colours are what it is judged by.
  public var colorizer: Colorizer
  /// What the result calls it.
  public var name: String
  /// Classifiers of images like those of the colorizer.
  public var classifiers: [NeuralClassifier]

  /// An experiment with a colorizer that is loaded already.
  public init(_ colorizer: Colorizer, name: String, classifiers: [NeuralClassifier]) {
    (self.colorizer, self.name, self.classifiers) = (colorizer, name, classifiers)
  }

  /// Loads a colorizer, and the shipped classifiers where they know the same labels.
  ///
  /// - Parameter path: a file of weights, or the folder of the training.
  /// - Throws: `FileError`.
  public init(contentsOf path: String) throws(FileError) {
    let colorizer = try Colorizer(contentsOf: RunFolder.weights(path, Self.fileName))
    var classifiers: [NeuralClassifier] = []
    for architecture in ReferenceJudges.architectures {
      let classifier = try ReferenceWeights.classifier(architecture)
      if classifier.imageShape == [Colorizer.size, Colorizer.size, 1],
        classifier.labelNames == colorizer.labelNames
      {
        classifiers.append(classifier)
      }
    }
    self.init(colorizer, name: path, classifiers: classifiers)
  }

  /// What a training calls its weights.
  static let fileName = "colorizer.safetensors"

  /// What a result calls the images that all have the mean of the right colours.
  static let meanColour = "mean colour"

  private static let imagesAtOnce = 500

  /// Colours the images and, where their labels are known, measures how well.
  ///
  /// - Parameters:
  ///   - grey: of 28×28, with labels or without.
  ///   - observer: hears of the images that are coloured.
  /// - Throws: what the observer throws.
  public func run(on grey: GreyImages, observer: Observer = Observer()) throws -> ColorizationOutcome {
    let images = grey.images
    let size = Colorizer.size
    precondition(
      [images.height, images.width, images.channels] == [size, size, 1],
      "ColorizationExperiment: images \(images.shape)")
    var colored: [UInt8] = []
    colored.reserveCapacity(3 * images.pixels.count)
    for start in stride(from: 0, to: images.count, by: Self.imagesAtOnce) {
      let end = min(start + Self.imagesAtOnce, images.count)
      colored += colorizer(Array(images.pixels[start * size * size..<end * size * size]))
      try observer.progress(WorkProgress("colouring", end, of: images.count, unit: "images"))
    }
    let result = try images.labels.map { labels in
      let others = references(labels, images).map { way in
        self.figures(way.name, way.pixels, labels, images)
      }
      let result = ColorizationResult(
        source: images.source, count: images.count, weightsSHA256: colorizer.weightsSHA256,
        labels: colorizer.labelNames, colors: colorizer.colors,
        figures: [figures(name, colored, labels, images)] + others)
      try JSON.check(result)
      return result
    }
    return ColorizationOutcome(grey: grey, colored: colored, result: result)
  }

  /// Other ways to colour the same images.
  private func references(
    _ labels: [Int], _ images: SampleImages
  ) -> [(name: String, pixels: [UInt8])] {
    func painted(_ color: (Int) -> Color) -> [UInt8] {
      StaticColours.paint(images.pixels, count: images.count, color)
    }
    let colors = colorizer.colors
    func mean(_ channel: KeyPath<Color, UInt8>) -> UInt8 {
      let sum = labels.reduce(0) { $0 + Int(colors[$1][keyPath: channel]) }
      return UInt8((sum + labels.count / 2) / labels.count)
    }
    let average = Color(red: mean(\.red), green: mean(\.green), blue: mean(\.blue))
    let seen = classifiers.first.map { classifier in
      let predictions = predictions(of: classifier, on: images.pixels)
      return [("labels by \(classifier.name)", painted { colors[predictions[$0]] })]
    }
    return [(Self.meanColour, painted { _ in average })] + (seen ?? [])
      + [("right colours", painted { colors[labels[$0]] })]
  }

  private func figures(
    _ name: String, _ colored: [UInt8], _ labels: [Int], _ images: SampleImages
  ) -> ColorizationResult.Figures {
    let luminance = GreyConversion.luma(colored)
    return ColorizationResult.Figures(
      name, ColorAccuracy(colored, of: images.pixels, labels: labels, colors: colorizer.colors),
      labelNames: colorizer.labelNames,
      luminance: classifiers.map { classifier in
        let predictions = predictions(of: classifier, on: luminance)
        return (classifier.name, Proportion(right: zip(predictions, labels).map(==)))
      })
  }

  private func predictions(of classifier: NeuralClassifier, on pixels: [UInt8]) -> [Int] {
    Judge(classifier, sha256: classifier.weightsSHA256).view(pixels).distribution.predictions
  }
}

/// What became of grey images.
public struct ColorizationOutcome {
  /// The images as they were given.
  public let grey: GreyImages
  /// `[N, 28, 28, 3]`
  public let colored: [UInt8]
  /// nil of images whose labels are not known.
  public let result: ColorizationResult?
}
