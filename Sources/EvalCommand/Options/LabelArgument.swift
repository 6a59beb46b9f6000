import ArgumentParser
import Datasets
import Files

/// A label by name, as it is written or else in any case, or by number.
enum LabelArgument {
  static func index(_ label: String, in names: [String], option: String) throws -> Int {
    if let index = LabelName.index(of: label, in: names) { return index }
    throw ValidationError(
      "\(option): expected \(names.joined(separator: ", ").visible(limit: 400)) or 0 to \(names.count - 1), found "
        + label.visible())
  }
}
