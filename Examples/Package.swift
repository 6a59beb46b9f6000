// swift-tools-version: 6.2

import PackageDescription

/// An example: one file, and the modules that it imports.
func example(_ name: String, _ modules: [String]) -> Target {
  .executableTarget(
    name: name, dependencies: modules.map { .product(name: $0, package: "assay") },
    swiftSettings: [.treatAllWarnings(as: .error), .enableUpcomingFeature("MemberImportVisibility")])
}

let package = Package(
  name: "examples",
  // In a package of your own: .package(url: "…", branch: "main").
  dependencies: [.package(name: "assay", path: "..")],
  targets: [
    example("ReadmeExample", ["Adversary", "Datasets", "Eval", "Experiments", "Network"]),
    example(
      "AttackYourModel",
      ["Adversary", "Autograd", "Datasets", "Eval", "Experiments", "Kernels", "Network"]),
    example(
      "AddAnAttack", ["Adversary", "Autograd", "Datasets", "Eval", "Experiments", "Network"]),
    example("ScoreYourSamples", ["Autograd", "Datasets", "Eval", "Experiments", "Network"]),
    example(
      "BringAJudge", ["Autograd", "Datasets", "Eval", "Experiments", "Files", "Kernels", "Network"]),
    example(
      "AddARecipe", ["Autograd", "Datasets", "Experiments", "Files", "Generators", "Kernels", "Network"]),
  ],
  swiftLanguageModes: [.v6]
)
