/// What the name of a file says of its place in a data set.
///
/// A name is read in words, whatever stands between them (`-`, `_`, `.`) and in any case:
/// `emnist-letters-test-labels-idx1-ubyte.gz`, `train-images.idx3-ubyte`, `fashion-mnist_train.csv`.
struct DatasetFileName: Hashable {
  enum Content: Hashable { case images, labels, table }

  /// What stands before: the set's name, or nothing.
  let set: String
  let split: Split
  let content: Content

  /// nil for the name of something else.
  init?(_ name: String) {
    var words = name.lowercased().split { "-_. ".contains($0) }.map(String.init)
    if words.last == "gz" { words.removeLast() }
    let place: Int
    if words.last == "csv", let last = words.lastIndex(where: { Self.split($0) != nil }) {
      (place, content) = (last, .table)
    } else if words.count >= 4, words[words.count - 2].hasPrefix("idx"),
      Self.types.contains(words[words.count - 1])
    {
      place = words.count - 4
      switch words[words.count - 3] {
      case "images": content = .images
      case "labels": content = .labels
      default: return nil
      }
    } else {
      return nil
    }
    guard let split = Self.split(words[place]) else { return nil }
    self.split = split
    set = words[..<place].joined(separator: "-")
  }

  private static let types = ["ubyte", "byte", "short", "int", "float", "double"]

  private static func split(_ word: String) -> Split? {
    switch word {
    case "train": .train
    case "t10k", "test": .test
    default: nil
    }
  }

  /// A name without what people write in different ways: `fashion-mnist`, `fashion_mnist` and `FashionMNIST`
  /// are one.
  static func key(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }
}
