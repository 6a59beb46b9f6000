import Datasets
import Eval
import Kernels
import Testing

/// What can be wrong with a set, and sets drawn of it.
@Suite struct SetDamageTests {
  private static let images = SetDamage.Images(
    pixels: TinyWorld.images(400, seed: 1).pixels, labels: (0..<400).map { $0 % 4 }, side: TinyWorld.side,
    labelCount: 4)

  private func drawn(_ name: String, _ count: Int = 200) throws -> (SetDamage.Images, SetDamage.Draw) {
    let damage = try #require(SetDamage.all.first { $0.name == name })
    let spoilt = damage.spoilt(Self.images, key: Key(seed: 1))
    return (spoilt, damage.draw(count, from: spoilt, key: Key(seed: 2)))
  }

  @Test(arguments: SetDamage.all.map(\.name)) func everyDamageIsRepeatableAndDoesSomething(_ name: String)
    throws
  {
    let (spoilt, draw) = try drawn(name)
    let (again, same) = try drawn(name)
    #expect(spoilt.pixels == again.pixels && draw.indices == same.indices && draw.labels == same.labels)
    #expect(draw.indices.count == 200 && draw.labels.count == 200)
    let isOrdinary =
      spoilt.pixels == Self.images.pixels && Set(draw.indices).count == 200
      && draw.labels == draw.indices.map { spoilt.labels[$0] }
      && Set(draw.labels).count == 4 && (0..<4).allSatisfy { label in draw.labels.count { $0 == label } > 25 }
    #expect(isOrdinary == (name == "training images"))
  }

  @Test func labelsAreLeftOut() throws {
    #expect(Set(try drawn("without 1 label").1.labels).count == 3)
    #expect(Set(try drawn("without 5 labels").1.labels).count == 2)
    let rare = try drawn("a label a quarter as often", 325).1.labels
    #expect((0..<4).map { label in rare.count { $0 == label } }.sorted() == [25, 100, 100, 100])
    #expect(Set(try drawn("100 images over and over").1.indices).count <= 100)
  }

  @Test func aRolledImageHasTheSamePixelsElsewhere() throws {
    let spoilt = try drawn("rolled by 6 pixels").0
    #expect(spoilt.pixels != Self.images.pixels)
    #expect(spoilt.pixels.prefix(144).sorted() == Self.images.pixels.prefix(144).sorted())
    // By half of twelve pixels, twice, it is as it was.
    let damage = try #require(SetDamage.all.first { $0.name == "rolled by 6 pixels" })
    #expect(damage.spoilt(spoilt, key: Key(seed: 1)).pixels == Self.images.pixels)
  }

  /// What a trial finds in a draw is what a panel says of those images.
  @Test func aDrawIsJudgedAsItsImagesAre() throws {
    let fresh = TinyWorld.images(300, seed: 7)
    let panel = JudgePanel(
      TinyWorld.judges, heldOut: TinyWorld.images(200, seed: 1),
      training: TinyWorld.images(240, seed: 2, split: .train))
    let neighbors = panel.neighbors()
    let trial = VerdictTrial(panel, neighbors: neighbors)
    let pool = trial.pool(trial.images(fresh), findsCopies: true)
    let indices = (0..<100).map { $0 * 2 }
    let labels = indices.map { $0 % 4 }
    let found = try trial.of(count: 100).findings(
      on: pool, .init(indices: indices, labels: labels), areLabelsKnown: true)
    let statistics = try panel.statistics(count: 100)
    let score = try panel.score(
      indices.flatMap { fresh.image(at: $0) }, labels: labels, statistics, neighbors)
    let evidence = try #require(
      VerdictEvidence(
        score, statistics, judges: ["sharp", "soft"], labelNames: TinyWorld.labelNames, clampedShare: 0))
    #expect(found == VerdictCatalog.findings(on: evidence))
    // Every second image: two labels of four.
    #expect(found.given.map(\.name).contains(.collapsed))
  }
}
