import Autograd

/// A classifier that can be a judge: it tells what it sees, not only what it calls it.
public protocol FeatureClassifier: ImageClassifier {
  /// Features `[N, d]` and logits `[N, labels]` of images `[N, H, W, C]` with pixels in [0, 1], in inference
  /// mode.
  func featuresAndLogits(_ images: Tensor) -> (features: Tensor, logits: Tensor)
}
