/// A way to prove that a label stands.
public enum CertificationMethod: String, CaseIterable, Codable, Sendable {
  /// ``IntervalCertificate``, of the classifier itself.
  case ibp
  /// ``RandomizedSmoothing``, of the classifier that votes under noise.
  case smoothing

  /// What the size of a disturbance is measured in.
  public var norm: Norm {
    switch self {
    case .ibp: .linf
    case .smoothing: .l2
    }
  }
}
