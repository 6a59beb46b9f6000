import Eval
import Files
import Generators

/// A result that is read again from a file, which may come from anywhere.
package protocol StoredResult: Decodable {
  /// What the file says that it is.
  static var schema: String { get }

  /// Looks at what the decoder does not: that every list is as long as it should be, and every number
  /// possible.
  ///
  /// - Throws: ``FileError/malformed(path:expected:found:)`` with the field.
  func check(_ require: FieldCheck) throws(FileError)
}

extension FieldCheck {
  /// No set is larger, and no sum of counts overflows.
  fileprivate static let mostImages = 1 << 40

  fileprivate func share(_ value: Double, _ field: String) throws(FileError) {
    try self((0...1).contains(value), field, "from 0 to 1", found: value)
  }

  fileprivate func interval(_ ends: [Double], _ field: String) throws(FileError) {
    try self(
      ends.count == 2 && ends[0] <= ends[1] && ends.allSatisfy((0...1).contains), field,
      "of two numbers from 0 to 1", found: ends)
  }

  fileprivate func pixelRange(_ ends: [Double], _ field: String) throws(FileError) {
    try self(
      ends.count == 2 && ends[0] < ends[1] && (ends[1] - ends[0]).isFinite, field,
      "of two numbers, the lower one first", found: ends)
  }
}

extension AccuracyVsEpsilon: StoredResult {
  package func check(_ require: FieldCheck) throws(FileError) {
    try require(!curves.isEmpty, "curves", "with one curve or more", found: "none")
    let epsilons = curves[0].points.map(\.epsilon)
    try require(!epsilons.isEmpty, "curves[0].points", "with one point or more", found: "none")
    for (index, curve) in curves.enumerated() {
      let place = "curves[\(index)]"
      try require.pixelRange(curve.pixelRange, "\(place).pixel_range")
      try require(
        curve.points.map(\.epsilon) == epsilons, "\(place).points", "with the ε of the first curve",
        found: "others")
      for (index, point) in curve.points.enumerated() {
        let place = "\(place).points[\(index)]"
        try require(
          point.epsilon >= 0 && point.epsilon.isFinite, "\(place).epsilon", "of 0 or more",
          found: point.epsilon)
        try require.share(point.accuracy, "\(place).accuracy")
        try require.interval(point.interval, "\(place).interval")
      }
    }
  }
}

extension ConfusionResult: StoredResult {
  package func check(_ require: FieldCheck) throws(FileError) {
    try require((1...256).contains(labels.count), "labels", "of 1 to 256 names", found: labels.count)
    try require(matrix.count == labels.count, "matrix", "of \(labels.count) rows", found: matrix.count)
    for (index, row) in matrix.enumerated() {
      let place = "matrix[\(index)]"
      try require(row.count == labels.count, place, "of \(labels.count) counts", found: row.count)
      try require(row.allSatisfy((0...FieldCheck.mostImages).contains), place, "of counts", found: row)
    }
    try require(matrix.joined().contains { $0 > 0 }, "matrix", "of one image or more", found: "none")
  }
}

extension RobustnessResult: StoredResult {
  package func check(_ require: FieldCheck) throws(FileError) {
    try require.pixelRange(pixelRange, "pixel_range")
    try require(!classifiers.isEmpty, "classifiers", "with one or more", found: "none")
    for (index, classifier) in classifiers.enumerated() {
      for (row, corruption) in classifier.corruptions.enumerated() {
        try require(
          (1...5).contains(corruption.accuracies.count),
          "classifiers[\(index)].corruptions[\(row)].accuracies",
          "of 1 to 5 severities", found: corruption.accuracies.count)
      }
    }
  }
}

extension JudgeCheckResult: StoredResult {
  package func check(_ require: FieldCheck) throws(FileError) {
    try require(!checks.isEmpty, "checks", "with one or more", found: "none")
  }
}

extension ColorizationResult: StoredResult {
  package func check(_ require: FieldCheck) throws(FileError) {
    try require(!figures.isEmpty, "figures", "with one or more", found: "none")
  }
}

extension RowEvidence: StoredResult {
  /// Beyond all seconds, steps and figures of a row.
  private static let most = 1e15

  package func check(_ require: FieldCheck) throws(FileError) {
    for (index, record) in losses.enumerated() {
      try require(
        record.losses.names.count == record.losses.values.count && !record.losses.names.isEmpty,
        "losses[\(index)]", "with a value for each name", found: record.losses.values.count)
    }
    try require((0...Self.most).contains(seconds), "seconds", "of 0 or more", found: seconds)
    if let reached {
      try require(
        (0...Self.most).contains(reached.done) && (0...Self.most).contains(reached.total), "reached",
        "of numbers of 0 or more", found: "\(reached.done) of \(reached.total)")
      try require(
        ["epochs", "steps"].contains(reached.unit), "reached.unit", "that is epochs or steps",
        found: reached.unit)
    }
    for (name, value) in figures.sorted(by: { $0.key < $1.key }) {
      try require(
        value.magnitude <= Self.most, "figures[\"\(name)\"]", "of a number that can be shown", found: value)
    }
    for (index, command) in commands.enumerated() {
      try require(
        command.hasPrefix("eval ") && command.isShellWords, "commands[\(index)]",
        "that is a command of eval", found: command)
    }
    for (index, picture) in pictures.enumerated() {
      try require(
        picture.file.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
          && !picture.file.isEmpty && !picture.file.hasPrefix("."),
        "pictures[\(index)].file", "that is a name in the folder", found: picture.file)
    }
    try Self.check(askedLabels ?? [], "asked_labels", require)
    for (index, other) in repeats.enumerated() {
      try Self.check(other.askedLabels ?? [], "repeats[\(index)].asked_labels", require)
    }
  }

  private static func check(
    _ asked: [AskedLabel], _ place: String, _ require: FieldCheck
  ) throws(FileError) {
    for (index, label) in asked.enumerated() {
      try require(
        label.share.count <= FieldCheck.mostImages, "\(place)[\(index)].share.count", "of images",
        found: label.share.count)
    }
  }
}

extension DatasetSummary: StoredResult {
  package func check(_ require: FieldCheck) throws(FileError) {
    try require(shape.count == 4, "shape", "of four numbers", found: shape)
    try require(!perLabel.isEmpty, "per_label", "with one label or more", found: "none")
  }
}
