import Adversary
import Autograd
import Classifier
import Datasets
import Experiments
import Figures
import Files
import Foundation
import Generators
import Kernels
import Network
import Pictures
import Reports
import TestSupport
import Testing
import Web

@Suite struct LiveSiteTests {
  /// A folder of runs with an untrained generator that can be asked for labels, and one that cannot.
  static func withRuns(_ body: (String, LiveSite) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString)")
      .path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["cgan-x", "gan"] { try write(name, to: "\(folder)/\(name)", seed: 1) }
    try await body(folder, try LiveSite(folder, images: images))
  }

  static func write(_ name: String, to run: String, seed: UInt64) throws {
    var recipe = try #require(RecipeCatalog.named(name)).adapted(toLabels: 10)
    recipe.batchSize = 10
    for (name, file) in try GeneratorTrainer(recipe, on: try images(), seed: seed).results() {
      try file.write(to: "\(run)/\(name)")
    }
    let manifest = """
      {"schema": "assay/run/1", "version": "0", "command": ["eval", "train", "generator"],
       "files": {"train generator": ["generator.safetensors"]}}
      """
    try Data(manifest.utf8).write(to: URL(fileURLWithPath: "\(run)/manifest.json"))
  }

  /// Stripes: images that need no data set.
  @Sendable static func images() throws -> LabeledImages {
    let pixels = (0..<20 * 784).map { UInt8(truncatingIfNeeded: ($0 % 784) * (3 + $0 / 784)) }
    return LabeledImages(
      name: "stripes", split: .test, height: 28, width: 28, pixels: pixels,
      labels: (0..<20).map { UInt8($0 % 10) }, labelNames: try ReferenceWeights.classifier(.dense).labelNames)
  }

  private static func get(_ site: LiveSite, _ target: String) async throws -> (
    status: Int, text: String, body: Data
  ) {
    let answer = await site.respond(try HTTPRequest(.get, target))
    return (answer.status, String(decoding: answer.body, as: UTF8.self), answer.body)
  }

  @Test func drawnBytesAreThoseOfGenerate() async throws {
    try await Self.withRuns { folder, site in
      let query = "generator=cgan-x&label=Bag&seed=7&count=12&truncation=0.5"
      let generator = try Generator(contentsOf: "\(folder)/cgan-x/generator.safetensors")
      let bag = try #require(generator.labelNames.firstIndex(of: "Bag"))
      let drawn = GeneratorDrawing(count: 12, seed: 7, label: bag, truncation: 0.5).images(of: generator)
      for kind in ["png", "npy"] {
        let path = "\(folder)/file.\(kind)"
        try drawn.write(to: path)
        let answer = try await Self.get(site, "/draw.\(kind)?\(query)")
        #expect(answer.status == 200 && answer.body == FileManager.default.contents(atPath: path), "\(kind)")
      }
      let page = try await Self.get(site, "/draw.html?\(query)")
      let check = PageCheck(page.text)
      #expect(page.status == 200 && check.faults.isEmpty && check.pictures.count == 12)
      #expect(check.links.contains("draw.png?\(query)") && check.links.contains("draw.npy?\(query)"))
      #expect(page.text.contains("--label Bag --count 12 --seed 7 --truncation 0.5 --output images.png"))
      // The first picture is the first image, pixel for pixel.
      let data = try #require(
        Data(base64Encoded: String(check.pictures[0].dropFirst("data:image/png;base64,".count))))
      #expect(try PNG.decode(data, path: "picture") == drawn.bitmap(at: 0))
    }
  }

  @Test func interpolationGoesFromSeedToSeed() async throws {
    try await Self.withRuns { _, site in
      let ends = try await Self.get(site, "/draw.npy?generator=gan&seed=1&count=1")
      let way = try await Self.get(site, "/draw.npy?generator=gan&seed=1&count=5&interpolate=2")
      #expect(way.status == 200 && way.body.suffix(5 * 784 * 4).prefix(784 * 4) == ends.body.suffix(784 * 4))
    }
  }

  @Test(arguments: [
    ("/draw.html?count=1000000000", 400, "count: expected a number from 1 to 100, found 1000000000"),
    ("/draw.html?count=0", 400, "found 0"), ("/draw.html?count=-1", 400, "found -1"),
    ("/draw.html?count=1e3", 400, "found 1e3"), ("/draw.html?seed=-4", 400, "seed: expected a whole number"),
    ("/draw.html?seed=99999999999999999999", 400, "found 99999999999999999999"),
    ("/draw.html?generator=nothere", 400, "generator: expected cgan-x, gan, found nothere"),
    ("/draw.html?generator=..%2F..%2Fetc", 400, "generator: expected cgan-x, gan"),
    ("/draw.html?generator=cgan-x&label=Hat", 400, "label: expected T-shirt/top"),
    ("/draw.html?generator=gan&label=Bag", 400, "label: expected none"),
    ("/draw.html?truncation=nan", 400, "truncation: expected a number from 0 to 10"),
    ("/draw.html?truncation=inf", 400, "truncation"), ("/draw.png?count=101", 400, "count"),
    ("/compare.html?a=nothere", 400, "a: expected cgan-x, gan"),
    ("/attack.html?image=20", 400, "image: expected a number from 0 to 19, found 20"),
    ("/attack.html?attack=tea", 400, "attack: expected fgsm"),
    ("/attack.html?epsilon=2", 400, "epsilon: expected a number from 0 to 1"),
    ("/attack.html?region=sky", 400, "region"), ("/attack.html?classifier=nobody", 400, "classifier"),
    ("/attack.html?pixels=AAAA", 400, "pixels: expected 784 bytes"),
    ("/attack.html?pixels=%3Cscript%3E", 400, "found &lt;script&gt;"),
    ("/nothing.html", 404, "nothing.html: not found"), ("/files/nothing.png", 404, "not found"),
    ("/files/cgan-x/generator.safetensors", 404, "not found"), ("/draw.gif", 404, "not found"),
  ])
  func whatCannotBeIsRefusedByName(target: String, status: Int, sentence: String) async throws {
    try await Self.withRuns { _, site in
      let answer = try await Self.get(site, target)
      #expect(answer.status == status)
      #expect(answer.text.contains(sentence), "\(answer.text.suffix(900))")
      if answer.text.hasPrefix("<!DOCTYPE") { #expect(PageCheck(answer.text).faults.isEmpty) }
    }
  }

  @Test func aGeneratorThatIsDeletedWhileOpenIsSaidToBeGone() async throws {
    try await Self.withRuns { folder, site in
      let open = try await Self.get(site, "/draw.html?generator=gan&count=1")
      #expect(open.status == 200)
      try FileManager.default.removeItem(atPath: "\(folder)/gan/generator.safetensors")
      let gone = try await Self.get(site, "/draw.html?generator=gan&count=1")
      #expect([400, 404].contains(gone.status) && gone.text.contains("gan"))
      let other = try await Self.get(site, "/draw.html?generator=cgan-x&count=1")
      #expect(other.status == 200)
    }
  }

  @Test func aGeneratorThatIsReplacedIsReadAnew() async throws {
    try await Self.withRuns { folder, site in
      let first = try await Self.get(site, "/draw.npy?generator=gan&count=1")
      try Self.write("gan", to: "\(folder)/gan", seed: 2)
      let second = try await Self.get(site, "/draw.npy?generator=gan&count=1")
      #expect(first.status == 200 && second.status == 200 && first.body != second.body)
    }
  }

  @Test func aLinkInThePlaceOfAFileIsNotFollowed() async throws {
    try await Self.withRuns { folder, site in
      let picture = "\(folder)/gan/grids/step-0000001.png"
      try Bitmap(width: 2, height: 2, filledWith: .white).write(to: picture)
      let fresh = try LiveSite(folder, images: Self.images)
      let statuses = { (name: String) in try await Self.get(fresh, "/files/gan/grids/\(name)").status }
      let before = try await statuses("step-0000001.png")
      #expect(before == 200)
      try FileManager.default.removeItem(atPath: picture)
      try FileManager.default.createSymbolicLink(atPath: picture, withDestinationPath: "/etc/passwd")
      let after = try await statuses("step-0000001.png")
      #expect(after == 404)
      // Nor where a folder on the way has become one.
      try FileManager.default.removeItem(atPath: "\(folder)/gan/grids")
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/gan/grids", withDestinationPath: "/etc")
      let beyond = try await statuses("passwd")
      #expect(beyond == 404)
    }
  }

  @Test func anAttackIsThatOfTheLibrary() async throws {
    try await Self.withRuns { _, site in
      let answer = try await Self.get(
        site, "/attack.html?image=3&classifier=dense&attack=pgd&region=everywhere&epsilon=0.2&seed=5")
      let check = PageCheck(answer.text)
      #expect(answer.status == 200 && check.faults.isEmpty && check.pictures.count == 3)
      let images = try Self.images().at([3])
      let classifier = try ReferenceWeights.classifier(.dense)
      let attack = try #require(AttackCatalog.named("pgd"))
      let outcome = try attack.run(on: classifier, images, epsilons: [0.2], region: .everywhere, seed: 5)[0]
      let after = Bitmap(width: 28, height: 28, channels: 1, values: outcome.images.elements)
      let bytes = try #require(
        Data(base64Encoded: String(check.pictures[2].dropFirst("data:image/png;base64,".count))))
      #expect(try PNG.decode(bytes, path: "after") == after)
    }
  }

  @Test func everyAttackThatIsOfferedAnswers() async throws {
    try await Self.withRuns { _, site in
      let page = try await Self.get(site, "/attack.html")
      let names = page.text.matches(of: /<option value="([a-z0-9-]+)"[^>]*>\1<\/option>/).map {
        String($0.output.1)
      }
      #expect(names.contains("fgsm") && names.contains("pgd"))
      for name in names where AttackCatalog.named(name) != nil {
        let answer = try await Self.get(site, "/attack.html?image=1&classifier=dense&attack=\(name)")
        #expect(answer.status == 200 && PageCheck(answer.text).pictures.count == 3, "\(name)")
      }
    }
  }

  // MARK: - Uploads

  private static func form(_ file: Data, boundary: String = "x7") -> Data {
    Data(
      "--\(boundary)\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
        .utf8)
      + file + Data("\r\n--\(boundary)--\r\n".utf8)
  }

  private static func post(_ site: LiveSite, _ body: Data, type: String) async throws -> HTTPResponse {
    var request = try HTTPRequest(.post, "/attack-upload")
    request.headers = ["Content-Type": type]
    request.body = body
    return await site.respond(request)
  }

  @Test func anUploadedPictureIsAttacked() async throws {
    try await Self.withRuns { _, site in
      let png = try PNG.encode(
        Bitmap(width: 60, height: 40, filledWith: Color(red: 200, green: 200, blue: 200)))
      let answer = try await Self.post(site, Self.form(png), type: "multipart/form-data; boundary=x7")
      #expect(answer.status == 303)
      let target = try #require(answer.headers["Location"])
      let page = try await Self.get(site, "/\(target)")
      #expect(page.status == 200 && PageCheck(page.text).pictures.count == 3)
    }
  }

  @Test(arguments: [
    (Data("no picture".utf8), "multipart/form-data; boundary=x7", true),
    (Data(), "multipart/form-data; boundary=x7", true),
    (Data("x".utf8), "text/plain", false), (Data("x".utf8), "multipart/form-data", false),
    (Data("x".utf8), "multipart/form-data; boundary=\"\"", false),
    (Data("--x7\r\n\r\n".utf8), "multipart/form-data; boundary=x7", false),
  ])
  func whatIsNoPictureIsRefused(body: Data, type: String, isForm: Bool) async throws {
    try await Self.withRuns { _, site in
      let answer = try await Self.post(site, isForm ? Self.form(body) : body, type: type)
      #expect(answer.status == 400)
      #expect(String(decoding: answer.body, as: UTF8.self).contains("expected"))
    }
  }

  @Test func aPictureThatPromisesTooMuchIsRefused() async throws {
    try await Self.withRuns { _, site in
      // A header that says 60,000 × 60,000, with a right checksum.
      var header = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13])
      header += Data("IHDR".utf8) + Data([0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 8, 0, 0, 0, 0])
      let answer = try await Self.post(
        site, Self.form(header + Data(count: 4)), type: "multipart/form-data; boundary=x7")
      #expect(answer.status == 400)
    }
  }

  @Test func onlyTheUploadTakesAPost() async throws {
    try await Self.withRuns { _, site in
      let request = try HTTPRequest(.post, "/draw.html")
      #expect(await site.respond(request).status == 405)
    }
  }

  @Test func comparedAreLabelsByLabel() async throws {
    try await Self.withRuns { _, site in
      let answer = try await Self.get(site, "/compare.html?a=cgan-x&b=gan&seed=3")
      #expect(answer.status == 200 && PageCheck(answer.text).faults.isEmpty)
      #expect(
        answer.text.contains("Ankle boot by cgan-x")
          && answer.text.contains("cgan-x was asked for each label."))
      #expect(answer.text.contains("gan draws what it likes"))
    }
  }

  @Test func aFormKeepsWhatWasAskedFor() async throws {
    try await Self.withRuns { _, site in
      let draw = try await Self.get(site, "/draw.html?generator=gan&seed=77&count=1000")
      #expect(
        draw.status == 400 && draw.text.contains("value=\"77\"") && draw.text.contains("value=\"1000\""))
      #expect(draw.text.contains("<option value=\"gan\" selected>"))
      let pixels = String(repeating: "A", count: 1046)
      let attack = try await Self.get(site, "/attack.html?pixels=\(pixels)&epsilon=7")
      #expect(attack.status == 400 && attack.text.contains("name=\"pixels\" value=\"AAAA"))
    }
  }

  @Test func aPageHasNoSlashAtItsEnd() async throws {
    try await Self.withRuns { _, site in
      let answer = try await Self.get(site, "/draw.html/")
      #expect(answer.status == 404)
    }
  }

  @Test func aResultThatIsWrittenAnewIsShownAnew() async throws {
    try await Self.withRuns { folder, _ in
      let document = URL(fileURLWithPath: "\(folder)/notes.md")
      try Data("# First".utf8).write(to: document)
      let site = try LiveSite(folder, images: Self.images)
      let before = try await Self.get(site, "/document-notes.html")
      #expect(before.text.contains("<h1>First</h1>"))
      try Data("# Other".utf8).write(to: document)
      try await Task.sleep(for: .seconds(1.1))
      let after = try await Self.get(site, "/document-notes.html")
      #expect(after.text.contains("<h1>Other</h1>"))
    }
  }

  @Test func aTrainingUnderWayIsFollowed() async throws {
    try await Self.withRuns { folder, _ in
      let run = "\(folder)/new"
      try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: true)
      try Data().write(to: URL(fileURLWithPath: "\(run)/training-state.safetensors"))
      let site = try LiveSite(folder, images: Self.images)
      let page = try await Self.get(site, "/training-new.html")
      #expect(page.status == 200 && page.text.contains("No losses yet") && page.text.contains("live.js"))
      try Data("step,generator,warning\n100,0.5,\n200,0.25,\n".utf8).write(
        to: URL(fileURLWithPath: "\(run)/losses.csv"))
      try Bitmap(width: 2, height: 2, filledWith: .white).write(to: "\(run)/grids/step-0000200.png")
      try await Task.sleep(for: .seconds(1.1))
      let later = try await Self.get(site, "/training-new.html")
      #expect(later.text.contains("After 200 steps the losses are: generator 0.25"))
      #expect(PageCheck(later.text).pictures == ["files/new/grids/step-0000200.png"])
    }
  }
}
