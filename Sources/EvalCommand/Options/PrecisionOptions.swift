import ArgumentParser
import Experiments
import Kernels

extension ComputePrecision: ExpressibleByArgument {}

/// How exactly a network that is trained already computes.
struct PrecisionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The factors of products and convolutions: float32, or bfloat16, which is faster."))
  var precision: ComputePrecision = .float32
}
