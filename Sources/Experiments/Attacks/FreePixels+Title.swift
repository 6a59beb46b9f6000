import Datasets
import Files
import Network

extension FreePixels {
  /// Their name, with what decides them where that is not the usual rule: `foreground above 0.1`,
  /// `mask hands.npy`.
  package var title: String {
    if let ownMask { return ownMask.name.isEmpty ? name : "\(name) \(ownMask.name.visible())" }
    return threshold.map { "\(name) above \(Text.short($0))" } ?? name
  }
}
