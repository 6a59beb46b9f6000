/// A classifier out of a file, of our own architectures or from elsewhere: attacks, certificates and judges
/// take it.
public protocol StoredClassifier: FeatureClassifier, BoundedClassifier {
  /// SHA-256 of the file the weights came from; empty for weights that were not read from one.
  var weightsSHA256: String { get }
}
