import ArgumentParser

/// A label by name, in any case, or by number.
enum LabelArgument {
  static func index(_ label: String, in names: [String], option: String) throws -> Int {
    if let index = names.firstIndex(where: { $0.lowercased() == label.lowercased() }) { return index }
    if let index = Int(label), names.indices.contains(index) { return index }
    throw ValidationError(
      "\(option): expected \(names.joined(separator: ", ")) or 0 to \(names.count - 1), found \(label)")
  }
}
