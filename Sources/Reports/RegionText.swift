import Eval
import Files

/// What the regions of a result mean, in words.
enum RegionText {
  /// The rule of the mask, or of a foreground that is not what is brighter than black; else nil.
  static func rule(threshold: Double?, mask: MaskReference?) -> String? {
    if let mask {
      let digest = mask.sha256.isEmpty ? "" : " (SHA-256 \(mask.sha256.visible().prefix(12))…)"
      return "mask: the pixels where \(mask.file.isEmpty ? "a mask" : mask.file.visible())\(digest) is 1"
    }
    return threshold.map { "foreground: the pixels above \(Text.short($0)) of [0, 1] in the clean image" }
  }
}
