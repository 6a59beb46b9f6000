/// Which runs of `*` and `_` begin and end emphasis, as CommonMark decides it: from left to right, each that
/// may end one takes the nearest that may begin it. Knows the runs and their order, not the text between.
struct MarkdownEmphasis {
  /// Marks of the same kind side by side.
  struct Run {
    let mark: Unicode.Scalar
    let length: Int
    let canOpen: Bool
    let canClose: Bool
    /// Marks that are text as yet.
    fileprivate(set) var left: Int
    /// Whether each emphasis that begins here is strong, the innermost first.
    fileprivate(set) var opening: [Bool] = []
    /// Whether each that ends here is, the innermost first.
    fileprivate(set) var closing: [Bool] = []

    init(mark: Unicode.Scalar, length: Int, before: Unicode.Scalar, after: Unicode.Scalar) {
      let (spaceBefore, spaceAfter) = (before.properties.isWhitespace, after.properties.isWhitespace)
      let (signBefore, signAfter) = (before.isMarkdownPunctuation, after.isMarkdownPunctuation)
      let isLeft = !spaceAfter && (!signAfter || spaceBefore || signBefore)
      let isRight = !spaceBefore && (!signBefore || spaceAfter || signAfter)
      (self.mark, self.length, left) = (mark, length, length)
      // `_` stands within words without emphasis.
      canOpen = isLeft && (mark == "*" || !isRight || signBefore)
      canClose = isRight && (mark == "*" || !isLeft || signAfter)
    }

    /// Whether the lengths allow a pair: those of runs that could do both must not add up to three.
    fileprivate func fits(_ closer: Run) -> Bool {
      guard mark == closer.mark, canOpen, left > 0 else { return false }
      guard canClose || closer.canOpen else { return true }
      return (length + closer.length) % 3 != 0 || (length % 3 == 0 && closer.length % 3 == 0)
    }
  }

  private(set) var runs: [Run] = []
  /// The runs that no emphasis was looked for in.
  private var pending: [Int] = []

  /// Where `resolve` may begin later.
  var place: Int { pending.count }

  /// Adds a run and says its number.
  mutating func append(_ run: Run) -> Int {
    runs.append(run)
    pending.append(runs.count - 1)
    return runs.count - 1
  }

  /// Finds the emphasis in the runs from a place on, which then pair with no others.
  mutating func resolve(from place: Int) {
    var openers: [Int] = []
    // The runs below these numbers hold no partner for a closer of the kind.
    var searched: [Kind: Int] = [:]
    for number in pending[place...] {
      let kind = Kind(runs[number])
      while runs[number].canClose, runs[number].left > 0 {
        let lowest = searched[kind] ?? 0
        var index = openers.count - 1
        while index >= 0, openers[index] >= lowest, !runs[openers[index]].fits(runs[number]) { index -= 1 }
        guard index >= 0, openers[index] >= lowest else {
          searched[kind] = number
          break
        }
        openers.removeSubrange((index + 1)...)
        pair(openers[index], number)
        if runs[openers[index]].left == 0 { openers.removeLast() }
      }
      if runs[number].canOpen, runs[number].left > 0 { openers.append(number) }
    }
    pending.removeSubrange(place...)
  }

  private mutating func pair(_ opener: Int, _ closer: Int) {
    let isStrong = runs[opener].left >= 2 && runs[closer].left >= 2
    runs[opener].opening.append(isStrong)
    runs[closer].closing.append(isStrong)
    runs[opener].left -= isStrong ? 2 : 1
    runs[closer].left -= isStrong ? 2 : 1
  }

  /// Closers that fit the same openers.
  private struct Kind: Hashable {
    let mark: Unicode.Scalar
    let canOpen: Bool
    let rest: Int

    init(_ run: Run) { (mark, canOpen, rest) = (run.mark, run.canOpen, run.length % 3) }
  }
}
