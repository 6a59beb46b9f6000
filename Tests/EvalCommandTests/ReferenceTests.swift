import Datasets
import Foundation
import Testing

/// The main job with everything that it is meant for: the reference weights and the real data.
@Suite struct ReferenceTests {
  private static let folder = "/usr/share/datasets/fashion-mnist"
  private static let isReady =
    DatasetFile.allCases.allSatisfy { $0.path(in: folder) != nil }
    && ["dense", "conv"].allSatisfy { name in
      let build = Bundle.module.bundleURL.deletingLastPathComponent()
      return FileManager.default.fileExists(
        atPath: build.appendingPathComponent("assay_Classifier.resources/Resources/\(name).safetensors").path)
    }

  /// On the first 500 test images, where the promised 89 % and 92.5 % of all leave room for chance.
  @Test(.enabled(if: isReady))
  func theReferenceClassifiersFallUnderAttack() throws {
    let outcome = try Workbench().eval(
      "accuracy-vs-epsilon --data \(Self.folder) --limit 500 --epsilons 0,0.05,0.3 --format json")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let curves = try Dictionary(json: outcome.output).objects("curves")
    #expect(try curves.map { try $0.text("classifier") } == ["conv", "dense"])
    for curve in curves {
      let accuracies = try curve.objects("points").map { try $0.number("accuracy") }
      #expect(accuracies[0] > 0.86)
      #expect(accuracies[1] < accuracies[0] - 0.1 && accuracies[2] < accuracies[1])
    }
  }

  /// FGSM in double precision on the `dense` weights, with 1 - p summed from the other labels, counts the
  /// same (NumPy 2.4; ε in units of [0, 1]). With p - 1 in single precision it would be 562, 147 and 52.
  @Test(.enabled(if: isReady))
  func theCurveIsThatOfExactGradients() throws {
    let outcome = try Workbench().eval(
      "accuracy-vs-epsilon --classifier dense --data \(Self.folder) --epsilons 0,0.1,0.2,0.3,0.5,1 --format json"
    )
    try #require(outcome.status == 0, "\(outcome.errors)")
    let curve = try #require(try Dictionary(json: outcome.output).objects("curves").first)
    let counts = try curve.objects("points").map { Int(try $0.number("correct")) }
    #expect(counts == [8939, 2820, 522, 54, 0, 0])
  }

  @Test(.enabled(if: isReady))
  func theDoctorFindsEverythingInOrder() throws {
    let outcome = try Workbench().eval("doctor --data \(Self.folder) --format json")
    #expect(outcome.status == 0, "\(outcome.output)")
    let result = try Dictionary(json: outcome.output)
    #expect(result["ok"] as? Bool == true)
    #expect(try result.object("dataset")["sha256_ok"] as? Bool == true)
    #expect(try result.objects("judges").allSatisfy { $0["ok"] as? Bool == true })
  }
}
