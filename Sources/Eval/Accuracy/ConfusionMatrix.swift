import Files

/// Which label a classifier gave to the images of each true label.
///
/// `matrix` is `[L, L]` for L labels: M[t][p] counts the images of true label t that were taken for label p.
/// With row sum R[c] = Σₚ M[c][p] and column sum C[c] = Σₜ M[t][c]:
///
///     accuracy = Σ M[c][c] / Σ M         precision[c] = M[c][c] / C[c]
///     recall[c] = M[c][c] / R[c]         F₁[c] = 2 M[c][c] / (R[c] + C[c])
///
/// F₁ is the harmonic mean of precision and recall (C. J. van Rijsbergen, Information Retrieval, 1979,
/// chapter 7). Where a denominator is 0 the figure is 0, as in scikit-learn.
///
/// Does not weigh, normalise or draw anything, and gives no averages over the labels.
public struct ConfusionMatrix: Equatable, Sendable {
  /// The names of the classes; rows and columns are in this order.
  public let labels: [String]
  /// `[L, L]`; rows are true labels, columns predicted ones.
  public let matrix: [[Int]]

  /// Counts image by image.
  ///
  /// - Parameters:
  ///   - labels: the names of the classes.
  ///   - trueLabels: `[N]`, each an index into `labels`.
  ///   - predictions: `[N]`, likewise.
  /// - Precondition: there is at least one image, and every index is within `labels`.
  public init(labels: [String], trueLabels: [Int], predictions: [Int]) {
    precondition(
      trueLabels.count == predictions.count,
      "\(trueLabels.count) true labels do not fit \(predictions.count) predictions")
    precondition(!trueLabels.isEmpty, "a confusion matrix needs at least one image")
    var matrix = [[Int]](repeating: [Int](repeating: 0, count: labels.count), count: labels.count)
    for (label, prediction) in zip(trueLabels, predictions) {
      precondition(
        labels.indices.contains(label) && labels.indices.contains(prediction),
        "label \(label) and prediction \(prediction) must be in 0..<\(labels.count)")
      matrix[label][prediction] += 1
    }
    self.init(labels: labels, matrix: matrix)
  }

  /// Counts that were made before.
  ///
  /// - Precondition: `[L, L]` for L labels, none negative, and at least one image.
  package init(labels: [String], matrix: [[Int]]) {
    precondition(
      matrix.count == labels.count && matrix.allSatisfy { $0.count == labels.count },
      "ConfusionMatrix: \(matrix.count) rows of counts for \(labels.count) labels")
    self.labels = labels
    self.matrix = matrix
  }

  /// The share of all images that were given their true label.
  public var accuracy: Proportion {
    Proportion(
      correct: labels.indices.reduce(0) { $0 + matrix[$1][$1] },
      count: matrix.reduce(0) { $0 + $1.reduce(0, +) })
  }

  // MARK: - Classes

  /// How one class fared. A figure without images to take it from is 0, never not-a-number.
  public struct ClassReport: Equatable, Sendable {
    /// The name of the class.
    public let label: String
    /// The share of the images given this label that have it; 0 if it was never given.
    public let precision: Double
    /// The share of the images of this label that were given it; 0 if there are none.
    public let recall: Double
    /// The harmonic mean of precision and recall; 0 if the label neither occurs nor was given.
    public let f1: Double
    /// The number of images of this label.
    public let support: Int
  }

  /// One report per label, in the order of ``labels``.
  public var perClass: [ClassReport] {
    labels.indices.map { index in
      let hits = matrix[index][index]
      let support = matrix[index].reduce(0, +)
      let given = matrix.reduce(0) { $0 + $1[index] }
      return ClassReport(
        label: labels[index],
        precision: Self.ratio(hits, given),
        recall: Self.ratio(hits, support),
        f1: Self.ratio(2 * hits, support + given),
        support: support)
    }
  }

  private static func ratio(_ part: Int, _ whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
  }

  // MARK: - Pairs

  /// Two labels that were taken for one another.
  public struct Confusion: Equatable, Sendable {
    /// The label that comes first in ``ConfusionMatrix/labels``.
    public let first: String
    /// The label that comes later in ``ConfusionMatrix/labels``.
    public let second: String
    /// Images of `first` taken for `second`.
    public let forward: Int
    /// Images of `second` taken for `first`.
    public let backward: Int

    /// Both directions.
    public var count: Int { forward + backward }
  }

  /// The at most `limit` pairs of labels with the most mistakes between them, the most confused first; equal
  /// counts in the order of ``labels``. Pairs without a mistake are left out.
  ///
  /// - Precondition: `limit` is at least 0.
  public func mostConfused(_ limit: Int) -> [Confusion] {
    let pairs = labels.indices.flatMap { first in
      labels.indices.dropFirst(first + 1).map { second in
        Confusion(
          first: labels[first], second: labels[second],
          forward: matrix[first][second], backward: matrix[second][first])
      }
    }
    // The standard library's sort is stable, which keeps the order of the labels.
    let sorted = pairs.filter { $0.count > 0 }.sorted { $0.count > $1.count }
    return Array(sorted.prefix(limit))
  }

  // MARK: - Joined labels

  /// This matrix with each of `groups`, lists of indices into ``labels``, as one class: what remains once the
  /// mistakes within a group are forgiven.
  ///
  /// Rows and columns are added up: M'[G][H] = Σ over t in G, p in H of M[t][p]. A joined class is named
  /// `A+B` and stands where the first of its members stood. The order of the groups and within a group does
  /// not matter. The classifier is not asked again, and no probabilities of joined labels are added.
  ///
  /// - Precondition: every index is within ``labels`` and occurs once at most.
  public func merging(_ groups: [[Int]]) -> ConfusionMatrix {
    let members = groups.joined()
    precondition(
      members.allSatisfy(labels.indices.contains) && Set(members).count == members.count,
      "groups \(groups) must not overlap and must be in 0..<\(labels.count)")
    let classes = Self.classes(labels.count, merging: groups)
    return ConfusionMatrix(
      labels: classes.map { $0.map { labels[$0] }.joined(separator: "+") },
      matrix: classes.map { rows in
        classes.map { columns in
          rows.reduce(0) { sum, row in columns.reduce(sum) { $0 + matrix[row][$1] } }
        }
      })
  }

  /// What the rows of the joined matrix are: the old ones that each holds, in order.
  package static func classes(_ count: Int, merging groups: [[Int]]) -> [[Int]] {
    let joined = Set(groups.joined())
    let alone = (0..<count).filter { !joined.contains($0) }.map { [$0] }
    return (alone + groups.filter { !$0.isEmpty }.map { $0.sorted() }).sorted { $0[0] < $1[0] }
  }

  /// Reads groups such as `T-shirt/top+Shirt`, ready for ``merging(_:)``.
  ///
  /// - Throws: what ``mergeGroup(_:labels:)`` throws, also for a label that an earlier group has.
  public static func mergeGroups(_ texts: [String], labels: [String]) throws(MergeGroupError) -> [[Int]] {
    var groups: [[Int]] = []
    for text in texts {
      let group = try mergeGroup(text, labels: labels)
      if let taken = group.first(where: { index in groups.contains { $0.contains(index) } }) {
        throw MergeGroupError(
          text: text, expected: "labels that no other group has", found: "\"\(labels[taken])\" again")
      }
      groups.append(group)
    }
    return groups
  }

  /// Reads one group: at least two different labels with `+` between them, in any case of letters; spaces
  /// around a label do not matter. A label that contains a `+` cannot be named.
  ///
  /// - Returns: indices into `labels`, in the order of the text.
  /// - Throws: ``MergeGroupError`` for fewer than two labels, for a label that does not exist and for one
  ///   that occurs twice.
  public static func mergeGroup(_ text: String, labels: [String]) throws(MergeGroupError) -> [Int] {
    let known = labels.map { "\"\($0)\"" }.joined(separator: ", ")
    let expected = "at least two different labels of \(known) with + between them"
    var group: [Int] = []
    for part in text.split(separator: "+", omittingEmptySubsequences: false) {
      let name = part.trimmed()
      // A label as it is written goes before one that differs from it in case only.
      let index = labels.firstIndex(of: name) ?? labels.firstIndex { $0.lowercased() == name.lowercased() }
      guard let index else { throw MergeGroupError(text: text, expected: expected, found: "\"\(name)\"") }
      guard !group.contains(index) else {
        throw MergeGroupError(text: text, expected: expected, found: "\"\(labels[index])\" twice")
      }
      group.append(index)
    }
    guard group.count >= 2 else { throw MergeGroupError(text: text, expected: expected, found: "only one") }
    return group
  }
}

/// A group of labels that cannot be joined, in one sentence: what was asked, expected and found.
public struct MergeGroupError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The group as it was typed.
  public let text: String
  /// What a group has to be, or what was wanted of its labels.
  public let expected: String
  /// The part of the text that does not fit, or what is wrong with it.
  public let found: String

  /// The three parts as one sentence, to be shown to whoever typed the group.
  public var description: String { "labels \"\(text)\": expected \(expected), found \(found)" }
}
