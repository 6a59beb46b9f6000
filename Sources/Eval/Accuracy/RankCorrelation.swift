/// How far two lists order the same things alike: from -1, the other way round, to 1.
public enum RankCorrelation {
  /// Pearson's correlation of the ranks (Spearman 1904); equal values share the mean of their ranks. 0 where
  /// one list is constant.
  public static func spearman(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count, "RankCorrelation: \(x.count) and \(y.count) values")
    let (a, b) = (ranks(x), ranks(y))
    let mean = Double(x.count + 1) / 2
    let products = zip(a, b).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
    func squares(_ ranks: [Double]) -> Double { ranks.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } }
    let scale = (squares(a) * squares(b)).squareRoot()
    return scale > 0 ? products / scale : 0
  }

  /// Pairs in the same order less pairs in the other, as a share of all (Kendall 1938, τ-a).
  public static func kendall(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count, "RankCorrelation: \(x.count) and \(y.count) values")
    var sum = 0
    for i in x.indices {
      for j in 0..<i {
        let product = (x[i] - x[j]) * (y[i] - y[j])
        sum += product > 0 ? 1 : product < 0 ? -1 : 0
      }
    }
    return x.count < 2 ? 0 : Double(2 * sum) / Double(x.count * (x.count - 1))
  }

  private static func ranks(_ x: [Double]) -> [Double] {
    x.map { value in Double(x.count { $0 < value }) + Double(x.count { $0 == value } + 1) / 2 }
  }
}
