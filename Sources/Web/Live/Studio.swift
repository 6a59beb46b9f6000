import Autograd
import Classifier
import Datasets
import Experiments
import Files
import FoundationEssentials
import Generators
import Kernels
import Network
import Pictures
import Reports

/// What draws, attacks and compares for the live pages: one request at a time, with the models that were
/// asked for last in memory.
///
/// The same request gives the same bytes. Knows nothing of HTTP.
actor Studio {
  private var generators = ModelShelf<Generator>()
  private var trained = ModelShelf<any StoredClassifier>()
  private var judges = LiveJudges()
  /// Those that ship with the program.
  private var references: [String: any StoredClassifier] = [:]
  private var images: LabeledImages?
  private let loadImages: @Sendable () throws -> LabeledImages

  /// - Parameter images: reads the images that attacks begin with, once.
  init(images: @escaping @Sendable () throws -> LabeledImages) { loadImages = images }

  // MARK: - Draw

  /// The page.
  func draw(_ query: LiveQuery, _ offer: Offer) -> (page: WebPage, status: Int) {
    var labelNames: [String] = []
    func page(_ result: Markup) -> WebPage {
      DrawPage(generators: offer.generatorNames, labelNames: labelNames, query: query).page(result)
    }
    return answered(page) {
      let asked = try DrawRequest(query, generators: offer.generatorNames)
      let (generator, path) = try generator(asked.generator, offer)
      labelNames = generator.labelNames
      let drawn = try images(asked, generator)
      let opinions = try judges.opinions(Tensor(drawn.pixels, shape: drawn.shape))
      return try DrawPage.result(asked, drawn, opinions, path: path)
    }
  }

  /// The same as a file: `png` or `npy`.
  func file(_ kind: String, _ query: LiveQuery, _ offer: Offer) throws -> Data {
    do {
      let asked = try DrawRequest(query, generators: offer.generatorNames)
      return try images(asked, try generator(asked.generator, offer).generator).data(kind)
    } catch {
      throw Self.refusal(error)
    }
  }

  private func generator(_ name: String, _ offer: Offer) throws -> (generator: Generator, path: String) {
    guard let path = offer.generators.first(where: { $0.name == name })?.path else {
      throw LiveRefusal.gone(name, "there is no such generator")
    }
    return (try generators.model(name, at: path) { try Generator(contentsOf: path) }, path)
  }

  private func images(_ request: DrawRequest, _ generator: Generator) throws -> DrawnImages {
    let drawn = try request.drawing(generator).images(of: generator)
    guard drawn.pixels.allSatisfy(\.isFinite) else {
      throw LiveRefusal(status: 422, description: "\(request.generator) draws pixels that are no numbers")
    }
    return drawn
  }

  // MARK: - Compare

  func compare(_ query: LiveQuery, _ offer: Offer) -> (page: WebPage, status: Int) {
    let names = offer.generatorNames
    var (first, second) = (names.first, names.dropFirst().first ?? names.first)
    var (seed, truncation): (UInt64, Double) = (1, 1)
    func page(_ result: Markup) -> WebPage {
      ComparePage(generators: names, first: first, second: second, seed: seed, truncation: truncation).page(
        result)
    }
    return answered(page) {
      first = try query.choice("a", of: names)
      second = query["b"] == nil ? second : try query.choice("b", of: names)
      guard let first, let second else {
        throw LiveRefusal.gone("generator", "there is no trained generator in this folder")
      }
      seed = try query.seed("seed") ?? 1
      truncation = try query.number("truncation", in: DrawRequest.truncations, default: 1)
      let sides = try [first, second].map { name in
        try side(try generator(name, offer).generator, name, seed: seed, truncation: Float(truncation))
      }
      let labels = Text.distinct(sides.flatMap { side in side.labels })
      return ComparePage.result(sides.map(\.side), labels: labels)
    }
  }

  private func side(
    _ generator: Generator, _ name: String, seed: UInt64, truncation: Float
  ) throws -> (side: ComparePage.Side, labels: [String]) {
    let isAsked = generator.recipe.knowsLabels && !generator.labelNames.isEmpty
    var images: [String: [Markup]] = [:]
    guard isAsked else {
      let drawn = GeneratorDrawing(count: ComparePage.drawn, seed: seed, truncation: truncation)
        .images(of: generator)
      let opinions = try judges.opinions(Tensor(drawn.pixels, shape: drawn.shape))
      for (index, seen) in opinions.enumerated() {
        let label = seen.first?.label ?? "all"
        guard images[label, default: []].count < ComparePage.perLabel else { continue }
        images[label, default: []].append(
          try LiveImage.item(drawn.bitmap(at: index), "Image \(index) of \(name)", Array(seen.prefix(1))))
      }
      let labels = try labelNames().filter { images[$0] != nil } + (images["all"] == nil ? [] : ["all"])
      let judge = opinions.first?.first?.judge ?? "no judge"
      return (
        .init(
          generator: name, images: images,
          note:
            "\(name) draws what it likes: of \(ComparePage.drawn) images those that \(judge) takes for each label."
        ),
        labels
      )
    }
    for (label, title) in generator.labelNames.enumerated() {
      let drawn = GeneratorDrawing(
        count: ComparePage.perLabel, seed: seed, label: label, truncation: truncation
      ).images(of: generator)
      let opinions = try judges.opinions(Tensor(drawn.pixels, shape: drawn.shape))
      images[title] = try opinions.enumerated().map { index, seen in
        try LiveImage.item(
          drawn.bitmap(at: index), "\(title) \(index) of \(name)", Array(seen.prefix(1)))
      }
    }
    return (
      .init(generator: name, images: images, note: "\(name) was asked for each label."), generator.labelNames
    )
  }

  /// Of the shipped classifiers, in their order.
  private func labelNames() throws -> [String] { try ReferenceWeights.classifier(.dense).labelNames }

  // MARK: - Attack

  func attack(_ query: LiveQuery, _ offer: Offer) -> (page: WebPage, status: Int) {
    func page(_ result: Markup) -> WebPage {
      AttackPage(
        classifiers: offer.classifierNames, labelNames: images?.labelNames ?? [],
        imageCount: images?.count ?? 1, query: query
      ).page(result)
    }
    return answered(page) {
      let images = try loadedImages()
      let asked = try AttackRequest(query, classifiers: offer.classifierNames, images: images)
      let classifier = try classifier(asked.classifier, offer, for: images)
      let one = subject(asked, images, classifier)
      let experiment = ConfusionExperiment(
        attack: asked.attack, region: asked.region, epsilon: asked.epsilon, seed: asked.seed)
      return try AttackPage.result(asked, experiment.examples(classifier, on: one))
    }
  }

  /// The address of the attack on a picture that somebody brought.
  func upload(_ picture: Data) throws -> String {
    let images = try loadedImages()
    guard images.valuesPerImage <= Self.longestAddress else {
      throw LiveRefusal(
        status: 400, description: "the images of this data set are too large to stand in an address")
    }
    guard images.height == images.width else {
      throw LiveRefusal(status: 400, description: "the images of this data set are no squares")
    }
    let bitmap: Bitmap
    do throws(FileError) {
      bitmap = try Picture(picture, path: "the picture").bitmap
    } catch {
      throw LiveRefusal(status: 400, description: error.description)
    }
    let fitting = PictureFitting(size: images.height, isGrey: images.channels == 1)
    return "\(AttackPage.address)?pixels=\(AttackRequest.text(fitting(bitmap)))"
  }

  private func subject(
    _ request: AttackRequest, _ images: LabeledImages, _ classifier: any StoredClassifier
  ) -> LabeledImages {
    switch request.subject {
    case .test(let index): return images.at([index])
    case .own(let pixels, let label):
      func image(_ label: Int) -> LabeledImages {
        LabeledImages(
          name: "own", split: .test, height: images.height, width: images.width, channels: images.channels,
          pixels: pixels, labels: [UInt8(label)], labelNames: images.labelNames)
      }
      return image(label ?? classifier.predictions(image(0).tensor([0]))[0])
    }
  }

  private func classifier(
    _ name: String, _ offer: Offer, for images: LabeledImages
  ) throws -> any StoredClassifier {
    if let own = offer.classifiers.first(where: { $0.name == name }) {
      return try trained.model(name, at: own.path) { try ClassifierSource.load(own.path, for: images) }
    }
    if let known = references[name] { return known }
    let loaded = try ClassifierSource.load(name, for: images)
    references[name] = loaded
    return loaded
  }

  /// Values of an image that an address holds in base64 within what the server reads of it.
  private static let longestAddress = 6000

  private func loadedImages() throws -> LabeledImages {
    if let images { return images }
    let loaded = try loadImages()
    images = loaded
    return loaded
  }

  // MARK: - Refusals

  /// The page with what the work came to, or with the sentence why it came to nothing.
  private func answered(
    _ page: (Markup) -> WebPage, _ work: () throws -> Markup
  ) -> (page: WebPage, status: Int) {
    do {
      let result = try work()
      return (page(result), 200)
    } catch {
      let refusal = Self.refusal(error)
      return (page(FormFields.refusal(refusal)), refusal.status)
    }
  }

  private static func refusal(_ error: any Error) -> LiveRefusal {
    switch error {
    case let refusal as LiveRefusal: refusal
    case let error as FileError: LiveRefusal(status: 422, description: error.description)
    default: LiveRefusal(status: 500, description: "\(error)".visible(limit: 400))
    }
  }
}
