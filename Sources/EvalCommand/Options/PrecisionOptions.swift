import ArgumentParser
import Experiments

extension ComputePrecision: ExpressibleByArgument {}

/// How exactly a training computes.
struct PrecisionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The factors of products and convolutions in a training step: float32, or bfloat16, which is faster; sums, weights and "
        + "everything else stay float32. float32 by default."))
  var precision: ComputePrecision?
}

/// How exactly a network that is trained already computes.
struct InferencePrecisionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The factors of products and convolutions: float32, or bfloat16, which is faster."))
  var precision: ComputePrecision = .float32
}
