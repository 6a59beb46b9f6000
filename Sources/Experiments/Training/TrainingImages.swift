import Datasets

extension LabeledImages {
  /// What a training's state says of its images: their SHA-256 and number.
  var identity: String { "\(sha256) \(count)" }
}
