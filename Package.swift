// swift-tools-version: 6.2

import Foundation
import PackageDescription

// Assay is built for the processor it is compiled on: its loops rely on the compiler's vectorisation, and
// the x86-64 baseline knows SSE2 only. ASSAY_PROCESSOR names another, as the compiler does: x86-64-v3 for
// any with AVX2, x86-64-v4 for any with AVX-512, x86-64 for all.
let processor = ProcessInfo.processInfo.environment["ASSAY_PROCESSOR"] ?? "native"
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error), .enableUpcomingFeature("MemberImportVisibility"),
  .unsafeFlags(["-Xcc", "-march=\(processor)"]),
]

func library(
  _ name: String, _ dependencies: [Target.Dependency], excluded: [String] = [], resources: [Resource] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, exclude: excluded, resources: resources, swiftSettings: settings)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: [.target(name: name), "TestSupport"] + dependencies,
    resources: resources,
    swiftSettings: settings)
}

func system(_ name: String, pkgConfig: String, debianPackage: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([debianPackage])])
}

let subjects: [Target.Dependency] = ["Adversary", "Classifier", "Eval", "Generators"]

let commandDependencies: [Target.Dependency] = [
  "Adversary", "Autograd", "Classifier", "Cluster", "Corruptions", "Datasets", "Eval", "Experiments",
  "Figures", "Files", "Generators", "Kernels", "Network", "ONNX", "Pictures", "Reports", "Web",
  .product(name: "ArgumentParser", package: "swift-argument-parser"),
]

// The harness of `make fuzz` has no entry point of its own: it links only with `--sanitize=fuzzer`, so it is
// there only when asked for.
let fuzzing: [Target] =
  ProcessInfo.processInfo.environment["ASSAY_FUZZ"] != "1"
  ? []
  : [
    .executableTarget(
      name: "EvalFuzz",
      dependencies: [
        "Autograd", "Classifier", "Cluster", "Datasets", "Eval", "Experiments", "Figures", "Files",
        "Generators", "Network", "ONNX", "Pictures", "Reports", "Web",
      ],
      path: "Tests/Fuzz",
      exclude: ["Corpus"],
      swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])])
  ]

// A product for each module that others may import: whoever wants attacks need not build drawings.
let libraries = [
  "Adversary", "Autograd", "Classifier", "Cluster", "Corruptions", "Datasets", "Eval", "Experiments",
  "Figures", "Files", "Generators", "Kernels", "Network", "ONNX", "Pictures", "Reports", "Web",
]

let package = Package(
  name: "assay",
  products: [
    .executable(name: "eval", targets: ["EvalTool"]),
    .executable(name: "eval-bench", targets: ["EvalBench"]),
  ] + libraries.map { .library(name: $0, targets: [$0]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
  ],
  targets: [
    system("CZlib", pkgConfig: "zlib", debianPackage: "zlib1g-dev"),
    system("CPNG", pkgConfig: "libpng", debianPackage: "libpng-dev"),
    system("CTurboJPEG", pkgConfig: "libturbojpeg", debianPackage: "libturbojpeg0-dev"),
    system("CGIF", pkgConfig: "libgif", debianPackage: "libgif-dev"),
    system("CZip", pkgConfig: "libzip", debianPackage: "libzip-dev"),
    system("CCairo", pkgConfig: "cairo", debianPackage: "libcairo2-dev"),
    system("CCrypto", pkgConfig: "libcrypto", debianPackage: "libssl-dev"),

    library("Files", ["CCrypto", "CZip"]),
    library("Cluster", ["Files"]),
    .systemLibrary(name: "CProcessor"),
    .systemLibrary(name: "CCurl"),
    library("Kernels", ["CProcessor"]),
    library("Autograd", ["Kernels"]),
    library("Pictures", ["Files", "CPNG", "CTurboJPEG"]),
    library("Datasets", ["Files", "Kernels", "Pictures", "CCurl", "CZlib"]),
    library("Figures", ["Files", "Pictures", "CGIF", "CCairo"]),
    library("Network", ["Autograd", "Datasets", "Files", "Kernels"]),
    library(
      "Classifier", ["Network", "Autograd", "Datasets", "Files", "Kernels"], resources: [.copy("Resources")]),
    library("Adversary", ["Network", "Autograd", "Datasets", "Kernels"]),
    library("Generators", ["Network", "Autograd", "Datasets", "Files", "Kernels", "Pictures"]),
    library(
      "ONNX",
      [
        "Autograd", "Files", "Network",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ], excluded: ["Schema/onnx.proto"]),
    library("Corruptions", ["Datasets", "Kernels"]),
    library("Eval", ["Autograd", "Corruptions", "Datasets", "Files", "Kernels", "Network", "Pictures"]),
    library(
      "Experiments",
      subjects + [
        "Autograd", "Cluster", "Corruptions", "Datasets", "Figures", "Files", "Kernels", "Network", "ONNX",
        "Pictures",
      ]),
    library(
      "Reports",
      subjects + [
        "Corruptions", "Datasets", "Experiments", "Figures", "Files", "Kernels", "Network", "Pictures",
      ]),
    library(
      "Web",
      subjects + [
        "Autograd", "Datasets", "Experiments", "Figures", "Files", "Kernels", "Network", "Pictures",
        "Reports",
        .product(name: "FlyingSocks", package: "FlyingFox"),
      ],
      resources: [
        .embedInCode("Assets/assay.css"), .embedInCode("Assets/assay.js"), .embedInCode("Assets/live.js"),
      ]),
    library("EvalCommand", commandDependencies),
    .executableTarget(name: "EvalTool", dependencies: ["EvalCommand"], swiftSettings: settings),
    .executableTarget(
      name: "EvalBench",
      dependencies: commandDependencies,
      path: "Benchmarks/EvalBench",
      swiftSettings: settings),

    .target(
      name: "TestSupport", dependencies: ["CZlib", "Files", "Pictures"], path: "Tests/TestSupport",
      swiftSettings: settings),
    tests(of: "Files", ["CZip"], resources: [.copy("Fixtures")]),
    tests(of: "Cluster", ["Files"]),
    tests(of: "Kernels", resources: [.copy("Fixtures")]),
    tests(of: "Autograd", ["Kernels"], resources: [.copy("Fixtures")]),
    tests(of: "Pictures", ["Files"], resources: [.copy("Fixtures")]),
    tests(of: "Datasets", ["Files", "Pictures"], resources: [.copy("Fixtures")]),
    tests(of: "Figures", ["CGIF", "Files", "Pictures"]),
    tests(of: "Network", ["Autograd", "Datasets", "Files", "Kernels"], resources: [.copy("Fixtures")]),
    tests(
      of: "Classifier", ["Autograd", "Datasets", "Files", "Kernels", "Network"],
      resources: [.copy("Fixtures")]),
    tests(
      of: "Adversary", ["Autograd", "Datasets", "Kernels", "Network"], resources: [.copy("Fixtures")]),
    tests(
      of: "Generators", ["Autograd", "Datasets", "Files", "Kernels", "Network", "Pictures"],
      resources: [.copy("Fixtures")]),
    tests(
      of: "ONNX", ["Autograd", "Classifier", "Datasets", "Files", "Kernels", "Network"],
      resources: [.copy("Fixtures")]),
    tests(of: "Corruptions", ["Datasets", "Kernels"], resources: [.copy("Fixtures")]),
    tests(
      of: "Experiments",
      subjects + ["Autograd", "Corruptions", "Datasets", "Files", "Kernels", "Network", "ONNX"]),
    tests(of: "Reports", ["Experiments", "Files", "Pictures"]),
    tests(
      of: "Web",
      [
        "Adversary", "Autograd", "Classifier", "Datasets", "Experiments", "Figures", "Files", "Generators",
        "Kernels", "Network", "Pictures", "Reports", .product(name: "FlyingSocks", package: "FlyingFox"),
      ]),
    tests(
      of: "Eval", ["Autograd", "Corruptions", "Datasets", "Kernels", "Network", "Pictures"],
      resources: [.copy("Fixtures")]),
    tests(
      of: "EvalCommand",
      [
        "Classifier", "Datasets", "EvalTool", "Experiments", "Figures", "Files", "Generators", "Kernels",
        "Network", "ONNX", "Pictures", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: [.copy("Fixtures"), .copy("Snapshots")]),
  ] + fuzzing,
  swiftLanguageModes: [.v6]
)

// `make test-debug` tests the kernels alone: without this, the tests of every module would be built for it.
if ProcessInfo.processInfo.environment["ASSAY_KERNELS_ONLY"] == "1" {
  let kept = [
    "CProcessor", "Kernels", "KernelsTests", "TestSupport", "CZlib", "Files", "CCrypto", "CZip", "Pictures",
    "CPNG", "CTurboJPEG",
  ]
  package.products = []
  package.targets.removeAll { !kept.contains($0.name) }
}
