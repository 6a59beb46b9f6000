// All benchmarks. A new one is one line here (and a file in Cases/ where it is of a new kind).
//
// The cases above the rule are also timed in PyTorch, or in numpy and scipy, under the same names:
// Benchmarks/pytorch_cases.py.

import Adversary
import Classifier
import Datasets
import Generators
import Kernels

enum CaseCatalog {
  static var all: [BenchmarkCase] {
    ProductPrecision.allCases.flatMap(trainings) + [
      .epsilonSweep("conv_fgsm_sweep17_10k", .conv),
      .epsilonSweep("dense_fgsm_sweep17_10k", .dense),
      .projectedGradient("conv_pgd40_10k", .conv),
      .attack("autoattack_conv_200", AutoAttack.linf, on: .conv, images: 200),
      .frechetDistance("fid_10k_1024", count: 10_000, dimension: 1024),
      .score("score_10k"),
      // ----
      .nearestImages("nearest_60k"),
      reference,
      .matrixProduct("product_1024", side: 1024, byOpenBLAS: false),
      .matrixProduct("bfloat16_product_1024", side: 1024, byOpenBLAS: false, precision: .bfloat16),
      .denseGradient("dense_gradient_bs64", inputs: 6272, outputs: 1024, batchSize: 64),
      .denseGradient("dense_gradient_bs128", inputs: 6272, outputs: 1024, batchSize: 128),
      .denseGradient("dense_gradient_wide_bs64", inputs: 1024, outputs: 6272, batchSize: 64),
      .convolution("conv1_forward_bs256", .conv1, .forward, batchSize: 256),
      .convolution("conv1_input_gradient_bs256", .conv1, .inputGradient, batchSize: 256),
      .convolution("conv1_weight_gradient_bs256", .conv1, .weightGradient, batchSize: 256),
      .convolution("conv2_forward_bs256", .conv2, .forward, batchSize: 256),
      .convolution("conv2_input_gradient_bs256", .conv2, .inputGradient, batchSize: 256),
      .convolution("conv2_weight_gradient_bs256", .conv2, .weightGradient, batchSize: 256),
    ]
  }

  /// What can be done in either precision: trainings, and inference.
  private static func trainings(_ precision: ProductPrecision) -> [BenchmarkCase] {
    let (named, labels) = (RecipeCatalog.named, DatasetCatalog.fashionMNIST.labelNames)
    return [
      .trainingEpoch("dense_epoch_bs256", .dense, batchSize: 256, learningRate: 1e-3, precision),
      .trainingEpoch("dense_epoch_bs32", .dense, batchSize: 32, learningRate: 1e-3, precision),
      .trainingEpoch("conv_epoch_bs256", .conv, batchSize: 256, learningRate: 1e-4, precision),
      .trainingEpoch(
        "resnet_6k_bs256", .resnet, batchSize: 256, learningRate: 1e-3, images: 6_000, precision),
      .inference("conv_infer_60k", .conv, precision),
      .generatorStep("gan_step_bs64", named("gan"), batchSize: 64, precision),
      .generatorStep("wgangp_step_bs64", CollectionRecipes.wganGPAsCollected, batchSize: 64, precision),
      .generatorStep("dcgan_step_bs256", named("dcgan"), batchSize: 256, precision),
      .generatorStep("cgan_x_step_bs32", named("cgan-x"), batchSize: 32, precision),
      .generatorStep("flower_gan_step_bs16", named("flower-gan"), batchSize: 16, precision),
      .generatorStep("colour_cgan_step_bs256", named("colour-cgan"), batchSize: 256, precision),
      .generatorStep("colorizer_step_bs64", .colorizer(labelNames: labels), batchSize: 64, precision),
    ]
  }

  /// What the rates of all others are a share of: the machine's own matrix multiplication.
  static var reference: BenchmarkCase { .matrixProduct("sgemm_1024", side: 1024, byOpenBLAS: true) }
}
